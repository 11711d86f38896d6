"""The queue: places, one question of a session at a time, replaced and cancelled ones."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from viz.errors import RunStopped, SandboxBusy
from viz.sandbox.server.turns import Turn, Turns


class Held:
    """A turn taken in a thread of its own until it is let go."""

    def __init__(self, turns: Turns, pool: ThreadPoolExecutor, session: str, kind: str = "trace"):
        self.started, self.go = threading.Event(), threading.Event()
        self.done = pool.submit(self._take, turns, session, kind)

    def _take(self, turns: Turns, session: str, kind: str) -> bool:
        with turns.turn(session, kind, 5) as turn:
            self.started.set()
            with turn.waking(self.go.set):
                assert self.go.wait(5)
            return turn.unwanted is not None

    def runs(self) -> bool:
        return self.started.wait(5)

    def waits(self) -> bool:
        return not self.started.wait(0.05)

    def end(self) -> bool:
        self.go.set()
        return self.done.result(5)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(30) as pool:
        yield pool


def test_so_many_run_at_a_time(pool):
    turns = Turns(places=2, waiting=5)
    first, second = Held(turns, pool, "a"), Held(turns, pool, "b")
    assert first.runs()
    assert second.runs()
    third = Held(turns, pool, "c")
    assert third.waits()
    first.end()
    assert third.runs()
    second.end()
    third.end()


def test_a_session_runs_one_at_a_time_and_holds_up_nobody_else(pool):
    turns = Turns(places=2, waiting=5)
    first = Held(turns, pool, "a", "trace")
    assert first.runs()
    second = Held(turns, pool, "a", "curve")
    assert second.waits()
    other = Held(turns, pool, "b")
    assert other.runs()
    first.end()
    assert second.runs()
    other.end()
    second.end()


def test_questions_without_a_session_do_not_wait_for_each_other(pool):
    turns = Turns(places=2, waiting=5)
    both = Held(turns, pool, ""), Held(turns, pool, "")
    assert all(held.runs() for held in both)
    for held in both:
        held.end()


def test_a_later_question_replaces_an_earlier_one_of_its_kind(pool):
    turns = Turns(places=1, waiting=5)
    running = Held(turns, pool, "x")
    assert running.runs()
    earlier, curve = Held(turns, pool, "a"), Held(turns, pool, "a", "curve")
    assert earlier.waits()
    later = Held(turns, pool, "a")
    with pytest.raises(RunStopped, match="newer"):
        earlier.done.result(5)
    running.end()
    assert later.runs(), "it waits in the stead of the earlier one"
    later.end()
    assert curve.runs()
    curve.end()


def test_a_full_queue_is_busy_at_once(pool):
    turns = Turns(places=1, waiting=1)
    running = Held(turns, pool, "a")
    assert running.runs()
    waiting = Held(turns, pool, "b")
    assert waiting.waits()
    with pytest.raises(SandboxBusy), turns.turn("c", "trace", 5):
        pass
    # a replacement needs no place of its own
    later = Held(turns, pool, "b")
    with pytest.raises(RunStopped):
        waiting.done.result(5)
    running.end()
    assert later.runs()
    later.end()


def test_who_waits_too_long_is_told_busy_and_leaves_the_queue(pool):
    turns = Turns(places=1, waiting=1)
    running = Held(turns, pool, "a")
    assert running.runs()
    with pytest.raises(SandboxBusy), turns.turn("b", "trace", 0.05):
        pass
    waiting = Held(turns, pool, "c")
    assert waiting.waits()
    running.end()
    assert waiting.runs()
    waiting.end()


def test_a_long_run_leaves_its_place_once_there_is_another(pool):
    turns = Turns(places=1, waiting=5, long=1)
    with turns.turn("long", "trace", 5) as long:
        waiting = Held(turns, pool, "quick")
        assert waiting.waits()
        long.lower()
        assert waiting.runs()
        assert turns.taken() == (2, 0)
        assert not long.pressed(), "nobody waits for a long place"
        waiting.end()
        with turns.turn("second", "trace", 5) as second:
            second.lower()
            third = Held(turns, pool, "third")
            assert third.waits(), "there is no long place left"
            assert long.pressed(), "its end would let another long one out of the way"
            assert turns.cancel("long") == 1
            assert third.waits()
            turns._apart.remove(long)
            turns.lower(second)
            assert third.runs()
            turns._apart.append(long)
        third.end()


def test_the_last_long_place_is_not_for_who_runs_into_the_clock():
    turns = Turns(places=2, waiting=5, long=2)
    for session in ("late", "later"):
        turns._shares.charge(Turn(session, "trace"), time.monotonic(), 2.0, late=True)
    with turns.turn("late", "trace", 5) as late:
        late.lower()
        with turns.turn("later", "trace", 5) as later, turns.turn("fresh", "trace", 5) as fresh:
            later.lower()
            assert turns._apart == [late]
            fresh.lower()
            assert turns._apart == [late, fresh]


def test_so_many_runs_are_large_and_none_of_whom_runs_into_the_clock():
    turns = Turns(places=4, waiting=5, large=1)
    asked = "TraceQuestion"
    turns._shares.charge(Turn("late", asked), time.monotonic(), 2.0, late=True)
    with turns.turn("late", asked, 5) as late, turns.turn("a", "CurveQuestion", 5) as curve:
        assert not late.large
        assert not curve.large, "it takes what there is at once"
        with turns.turn("b", asked, 5) as first, turns.turn("c", asked, 5) as second:
            assert first.large
            assert not second.large, "the memory is the first one's"
        with turns.turn("c", asked, 5) as second:
            assert second.large


def test_who_is_alone_is_kept_back_for_nobody():
    turns = Turns(places=2, waiting=5, large=1, alone=True)
    turns._shares.charge(Turn("late", "TraceQuestion"), time.monotonic(), 60.0, late=True)
    with turns.turn("late", "TraceQuestion", 5) as late:
        assert not late.repeats
        assert late.large


def test_cancelling_drops_waiting_and_running_questions_of_one_session(pool):
    turns = Turns(places=1, waiting=5)
    running, other = Held(turns, pool, "a"), Held(turns, pool, "b")
    assert running.runs()
    waiting = Held(turns, pool, "a", "curve")
    assert waiting.waits()
    assert turns.cancel("a") == 2
    assert running.done.result(5), "the running one was woken and knows that nobody waits"
    with pytest.raises(RunStopped, match="cancelled"):
        waiting.done.result(5)
    assert other.runs()
    other.end()
    assert turns.cancel("a") == 0


def test_a_question_is_dropped_once_its_answer_is_not_wanted(pool):
    """A waiting one leaves the queue, a running one is woken; others are left alone."""
    turns = Turns(places=1, waiting=5)
    wanted = threading.Event()
    wanted.set()
    running, other = threading.Event(), Held(turns, pool, "other")
    assert other.runs()

    def ask(started: threading.Event) -> str:
        woken = threading.Event()
        with turns.turn("a", "trace", 5, wanted.is_set) as turn, turn.waking(woken.set):
            started.set()
            assert woken.wait(5)
            raise turn.unwanted

    waiting = pool.submit(ask, threading.Event())
    assert not waiting.done()
    wanted.clear()
    with pytest.raises(RunStopped, match="cancelled"):
        waiting.result(5)
    wanted.set()
    other.end()
    asked = pool.submit(ask, running)
    assert running.wait(5)
    wanted.clear()
    with pytest.raises(RunStopped, match="cancelled"):
        asked.result(5)
    with turns.turn("a", "trace", 0.1):
        pass


def test_nothing_is_left_of_a_wanted_question():
    turns, before = Turns(places=1, waiting=1), threading.active_count()
    for _ in range(5):
        with turns.turn("a", "trace", 1, lambda: True):
            assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_a_turn_is_given_back_after_an_error():
    turns = Turns(places=1, waiting=1)
    with pytest.raises(ZeroDivisionError), turns.turn("a", "trace", 1):
        raise ZeroDivisionError
    with turns.turn("a", "trace", 0.1):
        pass


def test_a_crowd_is_served_completely(pool):
    turns = Turns(places=3, waiting=1000)
    running, most, lock = 0, 0, threading.Lock()

    def visit(number: int) -> int:
        nonlocal running, most
        with turns.turn(f"s{number % 7}", f"k{number}", 30):
            with lock:
                running += 1
                most = max(most, running)
            threading.Event().wait(0.001)
            with lock:
                running -= 1
        return number

    assert sorted(pool.map(visit, range(300))) == list(range(300))
    assert most <= 3
