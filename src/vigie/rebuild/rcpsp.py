"""Plain resource-constrained scheduling instances, as the literature files them, read into a `Problem`.

Two formats. Patterson's (`.rcp`) is numbers only: activities and resources; the capacities; then, for each activity, its
duration, what it holds of each resource, how many successors it has, and which (numbered from 1). PSPLIB's (`.sm`,
Kolisch and Sprecher 1996) says the same in titled sections. Activities keep the order of the file, dummies included.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from vigie.errors import FileError
from vigie.rebuild.problem import NO_CARE, Problem, Tasks, compressed

LARGEST = 2**31 - 1
# The longest schedule is an array of slots; beyond this it would not fit in the memory of an ordinary machine.
LONGEST = 20_000_000


class Activity(NamedTuple):
    """One activity: `line` where it stands, `demand` for each resource, `after`: its successors, from 0."""

    line: int
    duration: int
    demand: list[int]
    after: list[int]


def read(path: Path) -> Problem:
    """The instance in a file. Raises FileError, naming the line, for anything that is not such an instance."""
    try:
        text = path.read_text(encoding="utf-8")
    except IsADirectoryError as error:
        raise FileError(f"{path} is a folder. Name one instance in it, a .rcp or .sm file") from error
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}. Check the name and the rights of the file") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path} is not text. Give a Patterson (.rcp) or PSPLIB (.sm) file, unpacked") from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Problem:
    """The instance in a text; `name` is what errors call it. Raises FileError."""
    if not text.strip():
        raise FileError(f"{name} is empty. Give a Patterson (.rcp) or PSPLIB (.sm) file")
    titled = "PRECEDENCE RELATIONS" in text.upper() or name.lower().endswith(".sm")
    capacity, activities = _titled(text, name) if titled else _numbers(text, name)
    _refuse_greed(capacity, activities, name)
    return _problem(capacity, activities, _before(activities, name))


class _Reader:
    """The numbers of some lines, one after the other, each with the line it stands on."""

    def __init__(self, name: str, lines: list[tuple[int, str]]) -> None:
        self.name = name
        self.line = lines[-1][0] if lines else 1
        self._words = deque((number, word) for number, line in lines for word in line.split())

    def number(self, what: str, most: int = LARGEST, least: int = 0) -> int:
        """The next number, which is `what`. Raises FileError."""
        if not self._words:
            raise FileError(
                f"{self.name}, line {self.line}: the file ends where {what} should stand. It is cut short, or a count"
                " above is too large: take the whole file again"
            )
        self.line, word = self._words.popleft()
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", word):
            raise FileError(
                f'{self.name}, line {self.line}: {what} should be a whole number, and reads "{word[:40]}". Correct it'
            )
        if not least <= int(word) <= most:
            raise FileError(
                f"{self.name}, line {self.line}: {what} is {word}, and should be from {least} to {most}. Correct it"
            )
        return int(word)

    def finish(self, what: str) -> None:
        """Nothing may be left. Raises FileError."""
        if self._words:
            line, word = self._words[0]
            raise FileError(
                f'{self.name}, line {line}: "{word[:40]}" and {len(self._words) - 1} more words stand after {what}.'
                " A count above is too small, or two files were joined: correct it"
            )


def _numbers(text: str, name: str) -> tuple[list[int], list[Activity]]:
    """Patterson's format."""
    reader = _Reader(name, list(enumerate(text.splitlines(), 1)))
    count = reader.number("the number of activities", least=1)
    resources = reader.number("the number of resources")
    capacity = [reader.number(f"the capacity of resource {resource + 1}") for resource in range(resources)]
    activities = []
    for at in range(1, count + 1):
        duration = reader.number(f"the duration of activity {at}")
        line = reader.line
        demand = [reader.number(f"the demand of activity {at} for resource {r + 1}") for r in range(resources)]
        successors = reader.number(f"the number of successors of activity {at}", most=count)
        activities.append(Activity(line, duration, demand, _successors(reader, at, successors, count)))
    reader.finish("the last activity")
    return capacity, activities


def _successors(reader: _Reader, at: int, successors: int, count: int) -> list[int]:
    return [reader.number(f"a successor of activity {at}", most=count, least=1) - 1 for _ in range(successors)]


def _titled(text: str, name: str) -> tuple[list[int], list[Activity]]:
    """PSPLIB's format."""
    sections = dict(_sections(text))
    count = _said(text, name, "jobs", least=1)
    resources = _said(text, name, "renewable")
    for other in ("nonrenewable", "doubly constrained"):
        if _said(text, name, other, missing=0):
            raise FileError(
                f"{name}: {other} resources are not scheduled here. Give an instance with renewable ones only"
            )
    relations = _Reader(name, _rows(sections, "PRECEDENCE RELATIONS", name))
    after = []
    for job in range(1, count + 1):
        relations.number(f"the number of job {job}", most=job, least=job)
        if relations.number(f"the number of modes of job {job}") != 1:
            raise FileError(
                f"{name}, line {relations.line}: job {job} has several modes. Give an instance with one mode"
            )
        after.append(_successors(relations, job, relations.number(f"the successors of job {job}", most=count), count))
    relations.finish("the last job")
    requests = _Reader(name, _rows(sections, "REQUESTS/DURATIONS", name))
    activities = []
    for job in range(1, count + 1):
        requests.number(f"the number of job {job}", most=job, least=job)
        requests.number(f"the mode of job {job}", most=1, least=1)
        duration = requests.number(f"the duration of job {job}")
        line = requests.line
        demand = [requests.number(f"the request of job {job} for resource {r + 1}") for r in range(resources)]
        activities.append(Activity(line, duration, demand, after[job - 1]))
    requests.finish("the last job")
    available = _Reader(name, _rows(sections, "RESOURCEAVAILABILITIES", name))
    capacity = [available.number(f"the availability of resource {r + 1}") for r in range(resources)]
    available.finish("the last availability")
    return capacity, activities


def _sections(text: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Title of each section and its rows of numbers, with their lines; the head line of its table is left out."""
    title, rows = "", []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("***"):
            yield title, rows
            title, rows = "", []
        elif not title:
            title = line.split(":")[0].strip().upper()
        elif line.strip() and not line.startswith("---") and not re.match(r"\s*(jobnr|R\s+\d)", line):
            rows.append((number, line))
    yield title, rows


def _rows(sections: dict[str, list[tuple[int, str]]], title: str, name: str) -> list[tuple[int, str]]:
    if title not in sections:
        raise FileError(f'{name}: there is no section "{title}". The file is cut short: take the whole file again')
    return sections[title]


def _said(text: str, name: str, what: str, missing: int | None = None, least: int = 0) -> int:
    """The number that the head of the file gives for `what`."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"[\s-]*{what}\b[^:]*:", line):
            return _Reader(name, [(number, line.split(":")[1].split("R")[0].split("N")[0].split("D")[0])]).number(
                f"the number of {what}", least=least
            )
    if missing is None:
        raise FileError(f'{name}: no line says "{what} : number". Give a PSPLIB single-mode file (.sm), whole')
    return missing


def _refuse_greed(capacity: list[int], activities: list[Activity], name: str) -> None:
    for at, activity in enumerate(activities, 1):
        for resource, (asked, there) in enumerate(zip(activity.demand, capacity, strict=True), 1):
            if activity.duration and asked > there:
                raise FileError(
                    f"{name}, line {activity.line}: activity {at} asks {asked} of resource {resource}, which has {there}"
                    " in all. Correct the demand or the capacity"
                )
    if (total := sum(activity.duration for activity in activities)) > LONGEST:
        raise FileError(
            f"{name}: durations add up to {total}, and at most {LONGEST} is handled. Use a coarser unit of time"
        )


def _before(activities: list[Activity], name: str) -> list[list[int]]:
    """Predecessors of each activity. Raises FileError where activities wait for one another in a circle."""
    before: list[list[int]] = [[] for _ in activities]
    for at, activity in enumerate(activities):
        for successor in sorted(set(activity.after)):
            before[successor].append(at)
    waiting = [len(row) for row in before]
    free = deque(at for at, count in enumerate(waiting) if not count)
    while free:
        at = free.popleft()
        for successor in set(activities[at].after):
            waiting[successor] -= 1
            if not waiting[successor]:
                free.append(successor)
    if any(waiting):
        circle = _circle(before, waiting)
        raise FileError(
            f"{name}, line {activities[circle[0]].line}: activities wait for one another in a circle:"
            f" {' -> '.join(str(at + 1) for at in [*circle, circle[0]])}. Take one of these precedences out"
        )
    return before


def _circle(before: list[list[int]], waiting: list[int]) -> list[int]:
    """One circle among the activities that still wait, in the order of precedence."""
    at = next(at for at, count in enumerate(waiting) if count)
    seen: dict[int, int] = {}
    while at not in seen:
        seen[at] = len(seen)
        at = next(other for other in before[at] if waiting[other])
    circle = [other for other, place in seen.items() if place >= seen[at]][::-1]
    first = circle.index(min(circle))
    return circle[first:] + circle[:first]


def _problem(capacity: list[int], activities: list[Activity], before: list[list[int]]) -> Problem:
    count = len(activities)
    use = [[(team, people) for team, people in enumerate(a.demand) if people and a.duration] for a in activities]
    use_index, use_team = compressed([[team for team, _ in row] for row in use])
    _, use_people = compressed([[people for _, people in row] for row in use])
    horizon = max(1, sum(activity.duration for activity in activities))
    constant = np.array(capacity, np.int32).reshape(-1, 1)
    tasks = Tasks(
        np.array([[activity.duration] for activity in activities], np.int32),
        np.zeros(count, np.int32),
        np.arange(count, dtype=np.int32),
        *compressed(before),
        use_index,
        use_team,
        use_people,
    )
    return Problem(tasks, np.broadcast_to(constant, (len(capacity), horizon)), NO_CARE)
