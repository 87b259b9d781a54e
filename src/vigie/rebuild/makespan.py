"""Makespan: the shortest schedule of a restart with teams of constant size, and a bound that proves how short it could be.

Two searches side by side. A population of orders (`makespan_island`) runs from the first millisecond; the exact solver
(`exact`) is given the best schedule, looks only for a shorter one, and returns a bound or a proof. On larger problems,
where the solver has by experience said what it can in a few seconds, a second population takes its place. Whatever
either finds is known to the other; they end when schedule and bound meet, or when time is up.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING

import numpy as np

from vigie.errors import VigieError
from vigie.rebuild.makespan_bounds import lower_bound, windows
from vigie.rebuild.makespan_island import Island, guest, island, refuse_shifts
from vigie.rebuild.makespan_kernel import pack
from vigie.rebuild.problem import Problem, Schedule, check, refuse_impossible

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpSolver

    from vigie.rebuild.makespan_search import People

Clock = Callable[[], float]

FIRST_PEOPLE, FIRST_SECONDS = 60, 0.12  # a small population closes the easy half of all problems
FIRST_WORK = 60_000  # tasks placed by its first children, whatever the clock says
CHILDREN_EACH = 90  # a population is as large as lets everybody be replaced about that often before time is up
MOST_PEOPLE = 20_000
BEHIND = 0.75  # of the children that a population still needs: with time for fewer, it shrinks
CHUNK_SECONDS = 0.08  # between two looks at the clock
POST_SHARE = 100  # one in that many people writes to the other island after each chunk
EXACT_TASKS = 20_000  # beyond, the model alone would take longer than anybody waits
STAYING_TASKS = 80  # up to here the solver keeps its core until the end
SMALL_TASKS, SMALL_SHARE = 40, 0.3  # up to here the solver has both cores after that share of time
EXACT_SHARE = 0.4  # of the time, for the solver, on larger problems
STOP_SECONDS = 0.4  # what it takes to stop the solver, and to load what checks the schedule
CHECK_SECONDS = 3e-7  # for each task and slot, to check the schedule
PATIENCE_SECONDS = 2.5  # the solver starts without a schedule when compiling takes longer than this


@dataclass(frozen=True, slots=True)
class Shortest:
    """`schedule` can be carried out, checked; nothing ends before `bound`. Where the two meet it is proved shortest."""

    schedule: Schedule
    bound: int

    @property
    def proved(self) -> bool:
        """Nothing can be shorter."""
        return self.schedule.makespan == self.bound


@dataclass(slots=True, eq=False)
class _Known:
    """What both searches know. `ready`: the first population has had its time; `done`: all may stop."""

    bound: int
    schedule: Schedule | None = None
    post: dict[str, list[People]] = field(default_factory=lambda: {"main": [], "beside": []})
    solver: CpSolver | None = None
    lock: Lock = field(default_factory=Lock)
    ready: Event = field(default_factory=Event)
    done: Event = field(default_factory=Event)

    @property
    def makespan(self) -> int:
        return self.schedule.makespan if self.schedule else 2**31

    def offer(self, schedule: Schedule) -> None:
        with self.lock:
            if schedule.makespan < self.makespan:
                self.schedule = schedule
        self._judge()

    def raise_bound(self, bound: float) -> None:
        with self.lock:
            self.bound = max(self.bound, min(int(np.ceil(bound - 1e-6)), self.makespan))
        self._judge()

    def _judge(self) -> None:
        if self.bound >= self.makespan:
            self.stop()

    def stop(self) -> None:
        self.done.set()
        self.ready.set()
        if (solver := self.solver) is not None:
            solver.stop_search()

    def write(self, to: str, letter: People) -> None:
        with self.lock:
            self.post[to].append(letter)

    def letters(self, to: str) -> list[People]:
        with self.lock:
            got, self.post[to] = self.post[to], []
        return got


@dataclass(frozen=True, slots=True)
class _Time:
    """When to stop, and the clock that says so."""

    until: float
    now: Clock

    @property
    def left(self) -> float:
        return self.until - self.now()


def shortest(problem: Problem, rng: np.random.Generator, seconds: float, now: Clock) -> Shortest:
    """The shortest schedule found in `seconds` on the clock `now`, on two cores. What is returned has been checked.

    Raises InputError where a team's size varies, or where some task is beyond its teams. The first call on a machine
    compiles for some seconds; the solver works meanwhile.
    """
    begun = now()
    refuse_shifts(problem)
    refuse_impossible(problem)
    if not problem.size:
        return Shortest(Schedule(*(np.zeros(0, np.int32) for _ in range(3))), 0)
    known = _Known(lower_bound(problem))
    time = _Time(begun + seconds - STOP_SECONDS - CHECK_SECONDS * problem.size * known.bound, now)
    packed = pack(problem)
    homes = [island(problem, packed, each, FIRST_PEOPLE) for each in rng.spawn(2)]
    with ThreadPoolExecutor(1) as thread:
        beside = thread.submit(_beside, problem, homes[1], known, int(rng.integers(2**31)), time)
        try:
            _main(homes[0], known, time, problem.size <= SMALL_TASKS)
        finally:
            known.stop()
        beside.result()
    assert known.schedule is not None
    if faults := check(problem, known.schedule):
        raise VigieError(
            f"the schedule found cannot be carried out ({faults[0]}). This is a fault of Vigie: report the file"
        )
    return Shortest(known.schedule, min(known.bound, known.schedule.makespan))


def _main(home: Island, known: _Known, time: _Time, small: bool) -> None:
    """The first core: a population; where the problem is small it soon has found what there is to find."""
    _first(home, known, time)
    share = SMALL_SHARE if small else 1.0
    _live(home, ("main", "beside"), known, _Time(time.now() + share * time.left, time.now))
    if small:
        known.done.wait(max(0.0, time.left))


def _first(home: Island, known: _Known, time: _Time) -> None:
    """A small population for a moment: on the easy half of all problems it ends where the bound is.

    However late it is, some hundred children are brought up: they take milliseconds, and a schedule drawn at random is
    of no use to anybody.
    """
    tasks = len(home.packed.release)
    home.settle(max(1, min(FIRST_PEOPLE, FIRST_WORK // (10 * tasks))))
    home.chunk = max(1, FIRST_WORK // tasks)
    begun = time.now()
    home.evolve(home.chunk, known.bound)
    home.pace(time.now() - begun, CHUNK_SECONDS)
    known.offer(home.schedule())
    _evolve(home, known, _Time(min(time.until, time.now() + FIRST_SECONDS), time.now))
    known.ready.set()


def _evolve(home: Island, known: _Known, time: _Time, names: tuple[str, str] | None = None) -> None:
    """Let the population evolve until time is up, writing and reading letters, and telling what is better."""
    age = 0.0  # children brought up, for each of the population
    while time.left > 0 and not known.done.is_set():
        begun, brought = time.now(), home.chunk
        best = home.evolve(brought, known.bound)
        age += brought / home.size
        home.pace(time.now() - begun, CHUNK_SECONDS)
        if best < known.makespan:
            known.offer(home.schedule())
        if names:
            _keep_pace(home, age, time)
            known.write(names[1], home.letter(home.size // POST_SHARE))
            for letter in known.letters(names[0]):
                home.receive(letter)


def _keep_pace(home: Island, age: float, time: _Time) -> None:
    """A machine that got slower leaves a large population unripe, which is worse than a small one: let it shrink."""
    needed = CHILDREN_EACH - age
    can = time.left / home.seconds_each
    if 0 < can < BEHIND * needed * home.size:
        home.shrink(max(FIRST_PEOPLE, int(can / needed)))


def _live(home: Island, names: tuple[str, str], known: _Known, time: _Time) -> None:
    """Settle as many as there is time to let evolve, and let them evolve. `names`: this island, and the other."""
    home.grow(int(min(MOST_PEOPLE, time.left / home.seconds_each / CHILDREN_EACH)))
    while home.size < home.room and time.left > 0 and not known.done.is_set():
        home.settle(home.chunk)
    _evolve(home, known, time, names)


def _beside(problem: Problem, home: Island, known: _Known, seed: int, time: _Time) -> None:
    """The second core: the exact solver, then a second population."""
    try:
        if not known.ready.wait(PATIENCE_SECONDS) and known.schedule is not None:
            known.ready.wait()  # not compiling: the machine is only slow
        if not known.done.is_set() and problem.size <= EXACT_TASKS:
            staying = problem.size <= STAYING_TASKS
            _exact(problem, known, seed, time.left * (1.0 if staying else EXACT_SHARE))
        known.ready.wait()
        if not known.done.is_set():
            _first(home, known, time)
            _live(home, ("beside", "main"), known, time)
    except BaseException:
        known.stop()
        raise


def _exact(problem: Problem, known: _Known, seed: int, seconds: float) -> None:
    """Look for a schedule shorter than the one known, or for the proof that there is none."""
    from vigie.rebuild import exact

    best, horizon = known.schedule, min(known.makespan - 1, problem.horizon)
    built = exact.build(problem, *windows(problem, horizon), horizon)
    if best:
        exact.hint(built, problem, best)
    known.solver = solver = exact.solver(seconds, 2, seed)
    solver.best_bound_callback = known.raise_bound
    if known.done.is_set():
        return
    answer = exact.solve(built, problem, solver)
    known.solver = None
    if answer.schedule is not None:
        known.offer(answer.schedule)
        known.write("main", guest(problem, answer.schedule))
    known.raise_bound(horizon + 1 if answer.closed and answer.schedule is None else answer.bound)
