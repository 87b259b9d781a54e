"""The quick entry: one line typed in the night, read into one fact. Pure, and it never fails.

    La salle serveur est à 31 °C                       a note
    ! On coupe Internet, décidé par Mme Arnaud         a decision (by the author when nobody is named)
    ? Les imprimantes sortent des demandes de rançon   an observation
    @ad en panne plus aucune ouverture de session      an application and its state, then what was seen
    #urgences dégradé 60% dossiers papier              a care service, its mode, its capacity, its fallback
    03:10 ...   hier 23:40 ...   vers 3h ...           when it happened, in front of any of these

What is not understood is a note that holds every word of the line: nothing typed is ever lost, and no state is guessed.
A subject that the cartography does not know is told as a doubt, with the nearest one that it does. Where no cartography
was adopted, `@ad` and `#urgences` name themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from vigie.journal.facts import AvailabilityChanged, Decision, Fact, Note, Observation, ServiceModeChanged, TrustChanged
from vigie.web.incidents.characters import undirected
from vigie.web.incidents.names import Names, folded, free_identifier, identify, nearest

MAX_LENGTH = 4000
LEEWAY = timedelta(minutes=10)  # an hour further ahead than this was yesterday's

AVAILABILITY = {
    "normal": ("normal", "normale", "ok", "up"),
    "degraded": ("degrade", "degradee", "degraded", "en mode degrade", "ralenti", "ralentie"),
    "down": (
        *("en panne", "panne", "down", "hs", "hors service", "ko", "arrete", "arretee", "a l'arret"),
        *("tombe", "tombee", "inaccessible"),
    ),
    "isolated": ("isole", "isolee", "isolated", "coupe", "coupee", "debranche", "debranchee"),
    "restoring": ("en restauration", "restauration", "restoring", "en reconstruction"),
    "validating": ("en verification", "verification", "en validation", "validating"),
    "restored": ("retabli", "retablie", "restored", "restaure", "restauree", "revenu", "revenue"),
}
TRUST = {
    "suspect": ("suspect", "suspecte"),
    "compromised": ("compromis", "compromise", "compromised"),
    "clean": ("sain", "saine", "clean"),
}
MODES = {
    "normal": ("normal", "normale", "ok"),
    "degraded": ("degrade", "degradee", "degraded", "en mode degrade"),
    "stopped": ("arrete", "arretee", "stopped", "ferme", "fermee", "closed", "a l'arret"),
    "diverted": ("devie", "deviee", "diverted", "detourne", "detournee", "reoriente", "reorientee"),
    "unknown": ("inconnu", "inconnue", "unknown"),
}
LONGEST_STATE = 4  # words
# A person names a few things in a line; one that names a thousand must not keep the server busy.
MOST_MENTIONS, MOST_DOUBTS, LONGEST_NAME = 40, 5, 60

_TIME = r"(?P<hour>[01]?\d|2[0-3])(?:[:hH](?P<minute>[0-5]\d)|\s?[hH])"
_WHEN = re.compile(
    r"(?:(?P<day>avant-hier|hier|yesterday|aujourd['’]hui|today|le\s\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}/\d{1,2}(?:/\d{4})?"
    r"|\d{4}-\d\d-\d\d)(?:\s(?:à|at|vers))?\s)?"
    rf"(?P<about>(?:vers|about|around)\s|~\s?)?{_TIME}(?=[\s,:;.]|$)(?!\s(?:de|d['’]|of)\b)[,:;.]?\s*",
    re.IGNORECASE,
)
_DECIDER = re.compile(
    r"(?<![\s,;(—-])[\s,;(—-]+d[ée]cid(?:[ée]e?|ed)\s(?:par|by)\s(?P<name>[^()]{1,200}?)[).]*$", re.IGNORECASE
)
_SHARE = re.compile(r"(?P<share>\d{1,3})\s?%[,;]?(?=\s|$)")
_MENTION = re.compile(r"(?:(?<=\s)|^)(?P<sign>[@#])(?P<name>[^\s@#,;:!?()]+)")


class Doubt(NamedTuple):
    """Something that the reader was not sure of: `unknown` with the nearest known identifier, or `future`."""

    kind: str
    said: str
    suggestion: str | None = None


class Understood(NamedTuple):
    """What a line says. `pieces` are (role, text) pairs whose texts, put together, are the line itself.

    `happened_at` None means "now". Roles: when, mark, subject, state, share, decider, words.
    """

    fact: Fact
    happened_at: datetime | None
    precision: str
    doubts: tuple[Doubt, ...]
    pieces: tuple[tuple[str, str], ...]


def understand(line: str, names: Names, author: str, now: datetime) -> Understood | None:
    """Read one line. None for an empty one. `now` is aware and in the time zone in which the author thinks."""
    line = tidy(line)
    if not line:
        return None
    match = _WHEN.match(line)
    happened_at = _instant(match, now) if match else None
    if match is None or happened_at is None or not line[match.end() :]:
        fact, pieces = _say(line, names, author)
        return Understood(fact, None, "exact", _unknown(line, names), pieces)
    rest = line[match.end() :]
    fact, pieces = _say(rest, names, author)
    doubts = _unknown(rest, names)
    if happened_at > now + LEEWAY:
        doubts += (Doubt("future", match.group().strip()),)
    precision = "hour" if match["about"] else "exact"
    return Understood(fact, happened_at, precision, doubts, (("when", match.group()), *pieces))


def tidy(line: str) -> str:
    """The line without control characters, marks of direction, line breaks and doubled spaces."""
    blank = ("Cc", "Cs", "Zl", "Zp")
    clean = "".join(" " if unicodedata.category(letter) in blank else letter for letter in undirected(line))
    return " ".join(clean.split())


def _say(text: str, names: Names, author: str) -> tuple[Fact, tuple[tuple[str, str], ...]]:
    """The fact that a line without its time says, and the pieces of the line."""
    sign, rest = text[0], text[1:].lstrip()
    mark = text[: len(text) - len(rest)]
    if sign == "!" and rest.strip("!"):
        return _decision(mark, rest, names, author)
    if sign == "?" and rest.strip("?"):
        applications, services = _mentions(rest, names)
        return Observation(text=rest, applications=applications, services=services), (("mark", mark), ("words", rest))
    made = (_application(text, names) if sign == "@" else None) or (_service(text, names) if sign == "#" else None)
    if made:
        return made
    applications, services = _mentions(text, names)
    return Note(text=text, applications=applications, services=services), (("words", text),)


def _decision(mark: str, rest: str, names: Names, author: str) -> tuple[Fact, tuple[tuple[str, str], ...]]:
    applications, services = _mentions(rest, names)
    match = _DECIDER.search(rest)
    text, decider = (rest[: match.start()], match["name"].strip()) if match else (rest, "")
    if not text or not decider:
        fact = Decision(text=rest, decider=author, applications=applications, services=services)
        return fact, (("mark", mark), ("words", rest))
    fact = Decision(text=text, decider=decider, applications=applications, services=services)
    return fact, (("mark", mark), ("words", text), ("decider", rest[len(text) :]))


def _application(text: str, names: Names) -> tuple[Fact, tuple[tuple[str, str], ...]] | None:
    subject, rest = _subject(text)
    identifier = _identifier(subject, names.applications)
    if identifier is None:
        return None
    if found := _state(rest, AVAILABILITY):
        state, said, seen = found
        fact: Fact = AvailabilityChanged(application=identifier, state=state, seen=seen)
    elif found := _state(rest, TRUST):
        state, said, seen = found
        fact = TrustChanged(subject_kind="application", subject=identifier, state=state, why=seen)
    else:
        return None
    return fact, (("subject", subject), ("state", said), ("words", seen))


def _service(text: str, names: Names) -> tuple[Fact, tuple[tuple[str, str], ...]] | None:
    subject, rest = _subject(text)
    identifier = _identifier(subject, names.services)
    found = _state(rest, MODES)
    if identifier is None or found is None:
        return None
    mode, said, rest = found
    match = _SHARE.match(rest)
    if match is None or int(match["share"]) > 200:
        fact = ServiceModeChanged(service=identifier, mode=mode, fallback=rest)
        return fact, (("subject", subject), ("state", said), ("words", rest))
    fallback = rest[match.end() :].lstrip()
    fact = ServiceModeChanged(service=identifier, mode=mode, fallback=fallback, capacity_percent=int(match["share"]))
    pieces = (("subject", subject), ("state", said), ("share", rest[: len(rest) - len(fallback)]), ("words", fallback))
    return fact, pieces


def _identifier(subject: str, known: Mapping[str, str]) -> str | None:
    """What `@ad ` means. Where no cartography was adopted, any name will do: the state must not wait for a map."""
    said = subject.strip()[1:].rstrip(".,:;")
    return identify(said, known) if known else free_identifier(said)


def _subject(text: str) -> tuple[str, str]:
    """`@lab en panne` as `@lab ` and `en panne`."""
    first, _, rest = text.partition(" ")
    return text[: len(text) - len(rest)] if rest else text, rest


def _state(text: str, words: Mapping[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """The state that a text begins with, in the longest words for it: (state, as said, the rest)."""
    known = {word: state for state, said in words.items() for word in said}
    ends = [match.end() for match in re.finditer(r"\S+\s*", text)][:LONGEST_STATE]
    for end in reversed(ends):
        said = folded(text[:end].strip().rstrip(".,;:").replace("’", "'"))
        if said in known:
            return known[said], text[:end], text[end:]
    return None


def _mentions(text: str, names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The applications and services that a text names by @ and #, once each, in order."""
    found: dict[str, dict[str, None]] = {"@": {}, "#": {}}
    for sign, said in _mentioned(text):
        if identifier := identify(said, names.applications if sign == "@" else names.services):
            found[sign][identifier] = None
    return tuple(found["@"]), tuple(found["#"])


def _unknown(text: str, names: Names) -> tuple[Doubt, ...]:
    """A doubt for each of the first @ and # that the cartography does not know; none where there is no cartography."""
    doubts: list[Doubt] = []
    for sign, said in _mentioned(text):
        known = names.applications if sign == "@" else names.services
        if known and len(doubts) < MOST_DOUBTS and identify(said, known) is None:
            suggestion = nearest(said, known)
            doubts.append(Doubt("unknown", sign + said, suggestion and sign + suggestion))
    return tuple(doubts)


def _mentioned(text: str) -> tuple[tuple[str, str], ...]:
    """What a text names by @ and #, once each, in order: the sign and the name, as far as a name goes."""
    found = islice(_MENTION.finditer(text), MOST_MENTIONS)
    return tuple(dict.fromkeys((match["sign"], match["name"][:LONGEST_NAME].rstrip(".")) for match in found))


def _instant(match: re.Match[str], now: datetime) -> datetime | None:
    """The instant that a match of `_WHEN` names; None when there is no such day."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["minute"] is None and not (match["day"] or match["about"]):
        return None  # "3h" alone is as often a duration
    said = folded(match["day"] or "").replace("’", "'")
    same_day = now.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    if said in ("hier", "yesterday"):
        return same_day - timedelta(days=1)
    if said == "avant-hier":
        return same_day - timedelta(days=2)
    if said and said not in ("aujourd'hui", "today"):
        return _dated(said, same_day, now)
    if not said and same_day > now + LEEWAY:
        return same_day - timedelta(days=1)
    return same_day


def _dated(said: str, same_day: datetime, now: datetime) -> datetime | None:
    """That hour on the day `12/11`, `12/11/2026` or `2026-11-12`; without a year, the last such day."""
    numbers = [int(number) for number in re.findall(r"\d+", said)]
    if "-" in said:
        numbers.reverse()
    day, month, *year = numbers
    for tried in year or (now.year, now.year - 1):
        try:
            dated = same_day.replace(year=tried, month=month, day=day)
        except ValueError:
            continue  # no such day in that year
        if year or dated <= now + LEEWAY:
            return dated
    return None
