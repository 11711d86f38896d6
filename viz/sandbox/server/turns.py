"""Whose turn it is: a bounded queue in which every address, then every session, gets its share.

At most `places` questions run at a time and at most one of each session. A run that turns out to
be long (`Turn.lower`) leaves its place as soon as one of `long` further ones is free: what is quick
never waits for it. Those whose runs ran into the clock of late go last, and get neither the last
free place while another of them runs nor the last long one, nor the memory of a large run, which
`large` others may have at a time; then comes first whose address has the fewest running, then who
came first, where who took more counts as having come later (`Shares`). A later question of a
session replaces an earlier one of the same kind that has not started, and waits in its stead. Who
finds the queue full of better ones, or waits too long, is told `SandboxBusy`: of a full queue
whoever comes last of the address with the most waiting leaves. Who was replaced, cancelled or not
wanted any more is told `RunStopped`.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Final, Protocol

from viz.errors import N_, ExplorerError, RunStopped, SandboxBusy, problem
from viz.sandbox.server.shares import Shares

Wanted = Callable[[], bool]
"""Tells whether anybody still waits for an answer."""
Hear = Callable[[int, int], None]
"""Told of the rounds that a run has done, and of all: 0 where that is not known."""
LONGER: Final = 3.0
"""How many times longer those wait whose runs ran into the clock: to be told "busy" and to ask
again costs everybody else."""
LARGE_KINDS: Final = frozenset({"TraceQuestion"})
"""Questions whose runs may be large: others compute as many samples at once as fit, and the time
that they have is for fewer.
"""
LOOK: Final = 0.05
"""Seconds between two looks at whether an answer is still wanted."""


class Queue(Protocol):
    """What a turn asks of the queue that it stands in."""

    def pressed(self, turn: Turn) -> bool:
        """Whether somebody waits who could start if this one ended."""

    def lower(self, turn: Turn) -> None:
        """This one's run is long."""


class Turn:
    """One question on its way: waiting, running, or not wanted any more."""

    def __init__(
        self, session: object, kind: str, address: str = "", queue: Queue | None = None
    ) -> None:
        self.session = session
        self.address = address
        self.late = False
        """Whether its run ran into the clock; who runs it says so."""
        self.repeats = False
        """Whether those before it did, of late, when it got its place."""
        self.long = False
        """Whether its run took more than a quick one does."""
        self.large = False
        """Whether its run may hold as much as a large one."""
        self.asked = time.monotonic()
        """Since when it, or the question that it replaced, waits for a place."""
        self.began = 0.0
        """When it got its place."""
        self.hear: Hear | None = None
        """Returns at once and raises nothing."""
        self._queue = queue
        self.kind = kind
        self._lock = threading.Lock()
        self._unwanted: ExplorerError | None = None
        self._wake: Callable[[], None] | None = None

    def pressed(self) -> bool:
        """Whether somebody waits who could start if this one ended."""
        return self._queue is not None and self._queue.pressed(self)

    def lower(self) -> None:
        """Its run is long: it leaves its place to others, now or once there is another for it."""
        if self._queue is None:
            self.long = True
        else:
            self._queue.lower(self)

    @property
    def unwanted(self) -> ExplorerError | None:
        """Why nobody waits for the answer any more, `None` while someone does."""
        return self._unwanted

    def drop(self, why: ExplorerError) -> None:
        """Nobody waits for the answer any more: a running child is to be killed."""
        with self._lock:
            self._unwanted = self._unwanted or why
            if self._wake is not None:
                self._wake()

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """Calls `wake` when the turn is dropped meanwhile, or at once if it was before."""
        with self._lock:
            self._wake = wake
            if self._unwanted is not None:
                wake()
        try:
            yield
        finally:
            with self._lock:
                self._wake = None


class Turns:
    """The queue itself; every method may be called from any thread."""

    def __init__(
        self,
        places: int,
        waiting: int,
        shares: Shares | None = None,
        *,
        long: int = 0,
        large: int = 0,
        alone: bool = False,
    ) -> None:
        """`alone`: only one visitor asks, who is kept back for nobody's sake."""
        self.alone = alone
        self.places = places
        self.long_places = long
        self.most_large = large
        self._shares = shares or Shares()
        self.most_waiting = waiting
        self._changed = threading.Condition()
        self._waiting: list[Turn] = []
        self._running: list[Turn] = []
        self._apart: list[Turn] = []

    @contextmanager
    def turn(
        self,
        session: str,
        kind: str,
        timeout: float,
        wanted: Wanted | None = None,
        address: str = "",
    ) -> Iterator[Turn]:
        """Waits for a place, about `timeout` seconds at most; gives it back at the end.

        A session of no name is a session of its own each time; those of no address share one. The
        turn is dropped, waiting or running, once `wanted` is false; it is asked every `LOOK`
        seconds from another thread.
        """
        turn = Turn(session or object(), kind, address, self)
        with self._watching(turn, wanted) if wanted else nullcontext(), self._taken(turn, timeout):
            yield turn

    @contextmanager
    def _taken(self, turn: Turn, timeout: float) -> Iterator[None]:
        with self._changed:
            self._replace(turn)
            self._queue(turn)
            try:
                longer = LONGER if self._late(turn) else 1.0
                self._wait(turn, time.monotonic() + timeout * longer)
            except BaseException:
                self._waiting = [other for other in self._waiting if other is not turn]
                self._assign()
                raise
        began = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                (self._apart if turn in self._apart else self._running).remove(turn)
                now = time.monotonic()
                self._shares.charge(turn, now, now - began, turn.late)
                self._assign()

    def taken(self) -> tuple[int, int]:
        """How many questions run, and how many wait."""
        with self._changed:
            return len(self._running) + len(self._apart), len(self._waiting)

    def pressed(self, turn: Turn) -> bool:
        """Whether somebody waits for nothing but a place, which this one's end would free."""
        with self._changed:
            frees = turn not in self._apart or any(other.long for other in self._running)
            return frees and bool(self._able())

    def lower(self, turn: Turn) -> None:
        """This one's run is long: its place goes to others once there is another for it."""
        with self._changed:
            turn.long = True
            self._assign()

    def cancel(self, session: str) -> int:
        """Drops all questions of a session, running ones too; how many there were."""
        with self._changed:
            all_of_them = self._running + self._apart + self._waiting
            meant = [turn for turn in all_of_them if turn.session == session]
            for turn in meant:
                turn.drop(_cancelled())
            self._assign()
        return len(meant)

    @contextmanager
    def _watching(self, turn: Turn, wanted: Wanted) -> Iterator[None]:
        over = threading.Event()

        def look() -> None:
            while not over.wait(LOOK):
                if not wanted():
                    with self._changed:
                        turn.drop(_cancelled())
                        self._assign()
                    return

        looker = threading.Thread(target=look, name="wanted", daemon=True)
        looker.start()
        try:
            yield
        finally:
            over.set()
            looker.join()

    def _replace(self, newer: Turn) -> None:
        for turn in self._waiting:
            if turn.session == newer.session and turn.kind == newer.kind:
                newer.asked = min(newer.asked, turn.asked)
                turn.drop(_replaced())

    def _queue(self, turn: Turn) -> None:
        wanted = [other for other in self._waiting if other.unwanted is None]
        if len(wanted) >= self.most_waiting:
            last = self._last_of(wanted, turn)
            if last is turn:
                raise busy()
            last.drop(busy())
        self._waiting.append(turn)
        self._assign()

    def _last_of(self, wanted: list[Turn], newer: Turn) -> Turn:
        """Who leaves a full queue: of the address with the most waiting whoever comes last."""
        rank = self._ranks()
        crowds = Counter(turn.address for turn in (*wanted, newer))

        def place(turn: Turn) -> tuple[bool, int, int, float]:
            late, running, counts = rank(turn)
            return late, crowds[turn.address], running, counts

        return max((newer, *reversed(wanted)), key=place)

    def _wait(self, turn: Turn, until: float) -> None:
        while turn.unwanted is None and turn not in self._running:
            left = until - time.monotonic()
            if left <= 0:
                raise busy()
            self._changed.wait(left)
        if turn not in self._running:
            raise turn.unwanted or busy()

    def _assign(self) -> None:
        """Gives the free places away; whatever changes the queue ends with this."""
        while (turn := self._next_apart()) is not None:
            self._running.remove(turn)
            self._apart.append(turn)
        while (turn := self._next()) is not None:
            turn.repeats = self._late(turn)
            turn.large = self._may_be_large(turn)
            self._waiting.remove(turn)
            self._running.append(turn)
            turn.began = time.monotonic()
        self._changed.notify_all()

    def _next(self) -> Turn | None:
        """Who may start now: the best of those whose session is not running."""
        if len(self._running) >= self.places:
            return None
        able = [turn for turn in self._able() if not self._kept_free(turn)]
        return min(able, key=self._ranks(), default=None)

    def _next_apart(self) -> Turn | None:
        """Whose run leaves its place now: the best of the long ones, if there is room."""
        free = self.long_places - len(self._apart)
        long = [turn for turn in self._running if turn.long and free > 0]
        # the last one is for whoever has not run into the clock yet
        able = [turn for turn in long if free > 1 or not self._late(turn)]
        return min(able, key=self._ranks(), default=None)

    def _may_be_large(self, turn: Turn) -> bool:
        taken = sum(other.large for other in self._running + self._apart)
        return turn.kind in LARGE_KINDS and not turn.repeats and taken < self.most_large

    def _able(self) -> list[Turn]:
        """Those who wait for nothing but a place."""
        running = {turn.session for turn in self._running + self._apart}
        return [
            turn for turn in self._waiting if turn.session not in running and turn.unwanted is None
        ]

    def _kept_free(self, turn: Turn) -> bool:
        """Whether the last free place is kept from this one: one like it runs already."""
        last = self.places > 1 and self.places - len(self._running) == 1
        return last and self._late(turn) and any(map(self._late, self._running))

    def _late(self, turn: Turn) -> bool:
        now = time.monotonic()
        return not self.alone and self._shares.late(turn, now, self._lasting(turn, now))

    def _lasting(self, turn: Turn, now: float) -> list[float]:
        """The seconds that long runs of the same address have held their places."""
        return [
            now - other.began
            for other in self._running + self._apart
            if other.long and other.address == turn.address
        ]

    def _ranks(self) -> Callable[[Turn], tuple[bool, int, float]]:
        """Ranks as of now: the lower, the sooner; of equal ones who came first.

        Whoever waits long enough comes before all that ask later, however much he took.
        """
        now = time.monotonic()
        alike = Counter(turn.address for turn in self._running + self._apart)

        def rank(turn: Turn) -> tuple[bool, int, float]:
            counts = turn.asked + self._shares.handicap(turn, now)
            return self._late(turn), alike[turn.address], counts

        return rank


def busy() -> SandboxBusy:
    """The refusal when all places and the queue are full."""
    return SandboxBusy(
        problem(
            N_("Many people are computing at this moment."),
            N_("Your program runs as soon as there is a place; nothing you typed is lost."),
        )
    )


def _replaced() -> RunStopped:
    return RunStopped(
        problem(N_("A newer request took this one's place."), N_("Wait for the new result."))
    )


def _cancelled() -> RunStopped:
    return RunStopped(problem(N_("The run was cancelled."), N_("Run it again if you need it.")))
