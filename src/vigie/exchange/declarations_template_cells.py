"""Cells of the template as people fill them in, each understood on its own: dates, words, numbers, codes.

A cell that cannot be understood raises `BadCell`: what is wrong with it, and what would mend it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from vigie.cartography.vocabulary import nearest
from vigie.exchange.importing import folded
from vigie.exchange.moment import BadMoment, Moment, moment
from vigie.exchange.tables import RISKY
from vigie.observe.vocabulary import vocabulary

_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ]+(.*))?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T]+(?:à )?(.*))?")
_TIME = re.compile(r"(\d{1,2})\s?[h:]\s?(\d{2})?(?::\d{2}(?:\.\d+)?)?")
_FINESS = re.compile(r"\d[\dAB]\d{7}")
_CVE = re.compile(r"CVE-\d{4}-\d{4,}")
_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]")
_ABSOLUTE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)")
_HOW = "Write 2024-12-31, 2024-12-31 14:30, 31/12/2024 or 31/12/2024 14:30, the day first"
# What people write for yes and no, beside the words of the list.
_ALSO = {
    "yes_no": {
        **dict.fromkeys(("o", "y", "x", "vrai", "true", "1"), "yes"),
        **dict.fromkeys(("n", "faux", "false", "0"), "no"),
    },
}
_UNKNOWN = ("inconnu", "inconnue", "ne sait pas", "nsp", "non renseigné", "not known", "unknown", "not said", "?")


class BadCell(ValueError):
    """A cell that says nothing usable; `what` is wrong, `mend` would mend it."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(f"{what}. {mend}")


def text_of(value: object) -> str:
    """A cell as the text that somebody typed; the apostrophe that keeps a text from being a formula is taken away."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        # A spreadsheet holds a day as its midnight.
        midnight = value.time() == datetime.min.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(RISKY) else text


def moment_of(text: str, zone: ZoneInfo) -> Moment:
    """A date, with or without a time, in the legal time of a place. The day comes before the month.

    What programs write, `2024-12-31T13:30:00Z` or with an offset, is read as the instant it is.
    """
    if _ABSOLUTE.fullmatch(text):
        return _instant(text)
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day, clock = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year, clock = found.groups()
        if int(month) > 12 >= int(day):
            raise BadCell(f"{_shown(text)} has no month {month}", "Write the day before the month, or write 2024-12-31")
    else:
        raise BadCell(f"{_shown(text)} is not a date", _HOW)
    written = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    if clock and clock.strip():
        if not (time := _TIME.fullmatch(clock.strip())):
            raise BadCell(
                f"{_shown(clock)} is not a time of the day", "Write it as 14:30 or 14h30, without a time zone"
            )
        written += f" {int(time[1]):02}:{time[2] or '00'}"
    try:
        return moment(written, zone)
    except BadMoment as error:
        raise BadCell(error.what, error.mend) from None


def _instant(text: str) -> Moment:
    try:
        exact = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadCell(f"{_shown(text)} is not in the calendar", _HOW) from None
    return Moment(exact, exact, "exact")


def word_of(text: str, words: str) -> str:
    """The term of a list that a text names, by its id or its words in either language, whatever accents and capitals."""
    plain = folded(text)
    known = _known(words)
    if plain in known:
        return known[plain]
    hint = nearest(plain, known) or f"The sheet of words lists them: {', '.join(_said(words))[:300]}"
    raise BadCell(f"{_shown(text)} is not a word of this column", hint)


def words_of(text: str, words: str) -> list[str]:
    """The terms that a text lists, separated by semicolons, line ends or commas; in the order written, each once."""
    terms = [word_of(item, words) for item in _items(text)]
    if "none" in terms and len(set(terms)) > 1:
        raise BadCell(f"{_shown(text)} says both none and something", "Keep one of the two")
    return list(dict.fromkeys(term for term in terms if term != "unknown"))


def finess_of(text: str) -> str:
    """A FINESS number; one digit short, it lost its first zero to a spreadsheet."""
    number = _SPACES.sub("", text).upper()
    number = f"0{number}" if len(number) == 8 and number.isdigit() else number
    if not _FINESS.fullmatch(number):
        raise BadCell(
            f"{_shown(text)} is not a FINESS number", "It has nine characters: 010780054, or 2A0000014 in Corsica"
        )
    return number


def sites_of(text: str) -> list[str]:
    """FINESS numbers, separated by semicolons, line ends, commas or spaces."""
    return list(dict.fromkeys(finess_of(item) for item in _items(text.replace(" ", ";"))))


def codes_of(text: str) -> list[str]:
    """CVE identifiers, separated by semicolons, line ends, commas or spaces."""
    codes = [item.upper() for item in _items(text.replace(" ", ";"))]
    for code in codes:
        if not _CVE.fullmatch(code):
            raise BadCell(f"{_shown(code)} is not the identifier of a vulnerability", "Write it as CVE-2023-46805")
    return list(dict.fromkeys(codes))


def number_of(text: str) -> int:
    """A whole number, 0 or more; spaces between thousands are read."""
    plain = _SPACES.sub("", text)
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 12:
        raise BadCell(
            f"{_shown(text)} is not a whole number", "Write digits only, or leave the cell empty when it is not known"
        )
    return int(plain)


def hours_of(text: str) -> float:
    """A number of hours, 0 or more, with a comma or a point."""
    plain = _SPACES.sub("", text).replace(",", ".").removesuffix("h")
    if not re.fullmatch(r"\d{1,6}(?:\.\d+)?", plain):
        raise BadCell(
            f"{_shown(text)} is not a number of hours", "Write 36 or 1,5, or leave the cell empty when it is not known"
        )
    return float(plain)


def _shown(text: str) -> str:
    """A text as a message quotes it: its beginning, when it is long."""
    return repr(text if len(text) <= 80 else f"{text[:80]}…")


def _items(text: str) -> list[str]:
    return [item for item in (part.strip() for part in re.split(r"[;\n|]|,(?![^()]{0,100}\))", text)) if item]


@cache
def _known(words: str) -> dict[str, str]:
    """Folded words to terms; `unknown` is understood everywhere it is a term, or an empty cell."""
    known = {folded(said): term for term in vocabulary()[words] for said in _said_of(words, term)}
    also = {folded(said): term for said, term in _ALSO.get(words, {}).items()}
    return {**{folded(said): "unknown" for said in _UNKNOWN}, **also, **known}


def _said_of(words: str, term: str) -> list[str]:
    said = vocabulary()[words][term]
    return [term, term.replace("_", " "), *(said[language] for language in ("fr", "en") if language in said)]


def _said(words: str) -> list[str]:
    return [str(said["fr"]) for said in vocabulary()[words].values()]
