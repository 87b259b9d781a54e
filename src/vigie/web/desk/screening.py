"""Screening: does a text seem to hold the identity of a patient? It warns before writing, and forbids nothing.

The journal cannot forget by itself, so identity must not enter it. Each detector is one row of `DETECTORS`; a false
alarm costs a person one click, a miss costs an erasure, and a screen that cries at every line is soon read by nobody:
hours, IP addresses, ticket numbers, CVE numbers and hashes pass in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from re import Match
from typing import NamedTuple

from vigie.journal.facts import Declaration, Fact
from vigie.web.desk.folding import words


class Warning(NamedTuple):
    """What looks like identity: `kind` is a name of DETECTORS, the span is in characters of the text."""

    kind: str
    start: int
    end: int
    text: str


class Detector(NamedTuple):
    """A pattern, and what must hold besides for the match to count."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[Match[str]], bool] = lambda match: True


# Two digits of the French social security number hold the month; fictional months mark a birth that was not dated.
_MONTHS = {*range(1, 13), *range(20, 43), *range(50, 100)}
_PUBLIC_MAIL = (
    *("gmail", "googlemail", "hotmail", "outlook", "live", "msn", "yahoo", "icloud", "aol", "protonmail", "proton"),
    *("orange", "wanadoo", "free", "sfr", "neuf", "bbox", "laposte", "numericable", "club-internet", "gmx"),
)
LAST_BIRTH_YEAR_ALONE = 2012


def _number(match: Match[str]) -> str:
    """The digits of a social security number, Corsica's 2A and 2B as the rule of its key wants them."""
    letters = re.sub(r"[^0-9AB]", "", match[0].upper())
    return letters.replace("2A", "19").replace("2B", "18")


def _shape_holds(digits: str) -> bool:
    return int(digits[3:5]) in _MONTHS and digits[5:7] != "00" and digits[7:10] != "000" and digits[10:13] != "000"


def _key_holds(match: Match[str]) -> bool:
    """Key of the number: 97 minus the first thirteen digits modulo 97 (INSEE)."""
    digits = _number(match)
    return len(digits) == 15 and _shape_holds(digits) and int(digits[13:]) == 97 - int(digits[:13]) % 97


def _keyless_holds(match: Match[str]) -> bool:
    """Thirteen digits without a key: written in the groups of the card, or of a real month (a timestamp is not)."""
    digits = _number(match)
    grouped = bool(re.search(r"[\s.-]", match[0]))
    return len(digits) == 13 and _shape_holds(digits) and (grouped or int(digits[3:5]) <= 12)


def _date_holds(match: Match[str]) -> bool:
    day, month = int(match["day"]), int(match["month"])
    return 1 <= day <= 31 and 1 <= month <= 12 and int(match["year"]) <= LAST_BIRTH_YEAR_ALONE


_START, _END = r"(?<![\w.#/-])", r"(?![\w])(?![.-]\d)"
_GAP = r"[\s.-]?"
_BODY = rf"[12378]{_GAP}\d\d{_GAP}\d\d{_GAP}(?:\d\d|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}}"

DETECTORS: tuple[Detector, ...] = (
    Detector("social_security_number", re.compile(rf"{_START}{_BODY}{_GAP}\d\d{_END}"), _key_holds),
    Detector("social_security_number", re.compile(rf"{_START}{_BODY}{_END}"), _keyless_holds),
    Detector(
        "record_number",
        re.compile(r"\b(?:IPP|NIP|INS|IEP|n[°o]\s?(?:de\s)?(?:patient|dossier|s[ée]jour))\s?[:#]?\s?\d{5,}", re.I),
    ),
    Detector(
        "birth_date",
        re.compile(
            r"(?:\bn[ée]e?s?\s(?:le\s)?|\bDDN\s?:?\s?|\bdate de naissance\s?:?\s?|\bborn\s(?:on\s)?|\bDOB\s?:?\s?)"
            r"(?:\d{1,2}[/.\s-]\d{1,2}[/.\s-]\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2}(?:er)?\s\w{3,9}\s\d{4})", re.I),
    ),
    Detector(
        "birth_date",
        re.compile(
            rf"{_START}(?P<day>\d{{1,2}})(?P<sep>[/.-])(?P<month>\d{{1,2}})(?P=sep)(?P<year>19\d\d|20[01]\d){_END}"
        ),
        _date_holds,
    ),
    Detector(
        "phone_number",
        re.compile(r"(?<![\w.#/:-])(?:(?:\+|00)33\s?(?:\(0\)\s?)?[1-9]|0[1-9])(?:[ .-]?\d\d){4}(?![\w])(?![.-]\d)"),
    ),
    Detector("private_mail", re.compile(rf"(?<![\w.+-])[\w.+-]{{1,64}}@(?:{'|'.join(_PUBLIC_MAIL)})\.(?:[a-z]{{2,3}})\b", re.I)),
)  # fmt: skip


def warnings(text: str) -> list[Warning]:
    """What in this text looks like a patient's identity, in order; overlapping finds are told once."""
    found = sorted(_finds(text), key=lambda one: (one.start, -one.end))
    kept: list[Warning] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def warnings_of(fact: Fact) -> list[Warning]:
    """The same for every text of a fact. What is meant to hold addresses or a number to call back is not screened."""
    if fact.kind == "indicator":
        return warnings(fact.source)
    if isinstance(fact, Declaration):
        fact = fact.model_copy(update={"declarer_contact": ""})
    return [one for text in words(fact) for one in warnings(text)]


def _finds(text: str) -> Iterator[Warning]:
    for kind, pattern, holds in DETECTORS:
        for match in pattern.finditer(text):
            if holds(match):
                yield Warning(kind, match.start(), match.end(), match[0])
