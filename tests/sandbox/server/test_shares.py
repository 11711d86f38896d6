"""Who comes first: by address, then by session; who ran into the clock goes behind."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from viz.errors import SandboxBusy
from viz.sandbox.server.shares import AS_LATER, HALF_LIFE, KNOWN, LATE_ADDRESS, LATE_SESSION, Shares
from viz.sandbox.server.turns import Turns


@dataclass(frozen=True)
class Asker:
    address: str
    session: str


def test_what_was_taken_halves():
    shares = Shares()
    shares.charge(Asker("a", "1"), 0.0, 8.0, late=False)
    assert shares.handicap(Asker("a", "1"), 0.0) == AS_LATER * 16
    assert shares.handicap(Asker("a", "1"), HALF_LIFE) == AS_LATER * 8
    assert shares.handicap(Asker("a", "2"), 3 * HALF_LIFE) == AS_LATER * 1
    assert shares.handicap(Asker("b", "1"), 0.0) == AS_LATER * 8


@pytest.mark.parametrize(
    ("runs", "asker", "late"),
    [
        ([("a", "1", 1.5, True)], Asker("a", "1"), True),
        ([("a", "1", 1.5, True)], Asker("a", "2"), False),
        ([("a", "1", 1.5, False)], Asker("a", "1"), False),
        ([("a", str(n), 1.5, True) for n in range(3)], Asker("a", "new"), True),
        ([("a", str(n), 1.5, True) for n in range(3)], Asker("b", "new"), False),
        ([("", str(n), 1.5, True) for n in range(9)], Asker("", "new"), False),
        # a class: three of its many runs had no end, and a busy machine held them for long
        (
            [("a", str(n), 6.0, True) for n in range(3)] + [("a", "x", 0.1, False)] * 4,
            Asker("a", "new"),
            False,
        ),
    ],
)
def test_who_ran_into_the_clock_is_known_by_session_and_then_by_address(runs, asker, late):
    shares = Shares()
    for address, session, seconds, ran_into in runs:
        shares.charge(Asker(address, session), 0.0, seconds, ran_into)
    assert shares.late(asker, 0.0) is late
    assert not shares.late(asker, 5 * HALF_LIFE), "it is forgotten"


@pytest.mark.parametrize(("quick", "late"), [(2, True), (40, False)])
def test_a_crowd_of_long_runs_is_known_while_they_last(quick, late):
    """And a class, with as many of them among its quick ones, is not taken for one."""
    shares = Shares()
    for _ in range(quick):
        shares.charge(Asker("a", "x"), 0.0, 0.05, late=False)
    assert shares.late(Asker("a", "new"), 0.0, [1.5] * 4) is late
    assert not shares.late(Asker("", "new"), 0.0, [1.5] * 40), "of no address everybody is"


def test_the_bounds_are_more_than_one_run_of_a_class_and_less_than_one_of_a_session():
    assert LATE_SESSION < 1.5 < LATE_ADDRESS


def test_no_crowd_fills_the_memory():
    shares = Shares()
    for number in range(KNOWN + 100):
        shares.charge(Asker(str(number), str(number)), 0.0, 1.0, late=True)
    assert shares.handicap(Asker("0", "0"), 0.0) == 0, "the oldest is forgotten"
    assert shares.handicap(Asker(str(KNOWN), str(KNOWN)), 0.0) == AS_LATER * 2


@pytest.fixture
def pool():
    with ThreadPoolExecutor(30) as pool:
        yield pool


class Crowd:
    """Runs that each hold a place until they are let go; `started` names them in order."""

    def __init__(self, turns, pool):
        self.turns, self.pool = turns, pool
        self.started, self.go, self.done = [], {}, {}

    def ask(self, name, address, late=False, timeout=5.0):
        self.go[name] = threading.Event()
        self.done[name] = self.pool.submit(self._run, name, address, late, timeout)
        time.sleep(0.1)  # who comes later stands behind, on a busy machine too

    def _run(self, name, address, late, timeout):
        with self.turns.turn(name, "trace", timeout, address=address) as turn:
            self.started.append(name)
            assert self.go[name].wait(5)
            turn.late = late

    def end(self, name):
        self.go[name].set()
        self.done[name].result(5)
        time.sleep(0.2)  # whoever comes next has begun, on a busy machine too

    def end_all(self):
        for go in self.go.values():
            go.set()
        for done in self.done.values():
            done.exception(5)


def test_the_next_place_is_that_of_the_address_with_the_fewest_running(pool):
    crowd = Crowd(Turns(places=2, waiting=20), pool)
    for name in ("a1", "a2", "a3", "a4"):
        crowd.ask(name, "a")
    crowd.ask("b1", "b")
    crowd.end("a1")
    assert crowd.started == ["a1", "a2", "b1"]
    crowd.end_all()


@pytest.mark.parametrize(("taken", "first"), [(0.4, "much"), (80.0, "little")])
def test_who_took_more_counts_as_having_come_later_and_is_not_put_off_for_ever(pool, taken, first):
    turns = Turns(places=1, waiting=20)
    turns._shares.charge(Asker("", "much"), time.monotonic(), taken, late=False)
    turns._shares.charge(Asker("", "little"), time.monotonic(), 0.0, late=False)
    crowd = Crowd(turns, pool)
    crowd.ask("runs", "")
    crowd.ask("much", "")
    time.sleep(0.2)
    crowd.ask("little", "")
    crowd.end("runs")
    assert crowd.started == ["runs", first]
    crowd.end_all()


def late_turns(pool, places):
    """A queue that knows the address `a` for its runs without end."""
    turns = Turns(places=places, waiting=3)
    for number in range(3):
        turns._shares.charge(Asker("a", f"old{number}"), time.monotonic(), 2.0, late=True)
    return turns, Crowd(turns, pool)


@pytest.mark.parametrize(("address", "repeats"), [("a", True), ("b", False)])
def test_a_run_knows_whether_those_before_it_ran_into_the_clock(pool, address, repeats):
    turns, _ = late_turns(pool, 2)
    with turns.turn("new", "trace", 5, address=address) as turn:
        assert turn.repeats is repeats


def test_who_ran_into_the_clock_leaves_a_place_free(pool):
    crowd = late_turns(pool, 2)[1]
    crowd.ask("a1", "a")
    crowd.ask("a2", "a")
    assert crowd.started == ["a1"]
    began = time.monotonic()
    crowd.ask("b", "b")
    crowd.end("b")
    assert time.monotonic() - began < 1, "a stranger finds it free"
    crowd.end("a1")
    assert crowd.started == ["a1", "b", "a2"]
    crowd.end_all()


def test_the_only_place_of_a_small_machine_is_not_kept_free(pool):
    crowd = late_turns(pool, 1)[1]
    crowd.ask("a1", "a")
    assert crowd.started == ["a1"]
    crowd.ask("a2", "a")
    crowd.ask("b", "b")
    crowd.end("a1")
    assert crowd.started == ["a1", "b"], "but a stranger comes first"
    crowd.end_all()


def test_a_full_queue_lets_go_of_whoever_comes_last(pool):
    turns, crowd = late_turns(pool, 1)
    for name in ("a1", "a2", "a3", "a4"):
        crowd.ask(name, "a")
    crowd.ask("b", "b")
    with pytest.raises(SandboxBusy):
        crowd.done["a4"].result(5)
    with pytest.raises(SandboxBusy), turns.turn("a5", "trace", 5, address="a"):
        pass
    crowd.end("a1")
    assert crowd.started == ["a1", "b"]
    crowd.end_all()


def test_a_crowd_that_fills_the_queue_makes_room_for_who_waits_alone(pool):
    """None of it has a place yet, which would be told by what runs."""
    crowd = Crowd(Turns(places=1, waiting=3), pool)
    for name, address in (("x", "x"), ("a1", "a"), ("a2", "a"), ("a3", "a")):
        crowd.ask(name, address)
    crowd.ask("b", "b")
    with pytest.raises(SandboxBusy):
        crowd.done["a3"].result(5)
    crowd.ask("a4", "a")
    with pytest.raises(SandboxBusy):
        crowd.done["a4"].result(5)
    for name in ("x", "a1", "a2"):
        crowd.end(name)
    assert crowd.started == ["x", "a1", "a2", "b"]
    crowd.end_all()


def test_a_run_knows_whether_somebody_waits_for_its_place(pool):
    turns = Turns(places=1, waiting=5)
    with turns.turn("a", "trace", 5) as turn:
        assert not turn.pressed()
        crowd = Crowd(turns, pool)
        crowd.ask("b", "b")
        assert turn.pressed()
    crowd.end_all()
