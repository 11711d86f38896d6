"""Kept answers: found again by their own session alone, within one budget for all."""

from __future__ import annotations

import msgspec
import pytest

from viz.page.asking.kept import EACH, MEMORY, KeptAnswers


def size(record: object) -> int:
    return MEMORY * len(msgspec.msgpack.encode(record))


def test_a_session_finds_its_own_answers_and_no_others() -> None:
    kept = KeptAnswers()
    kept.put("a", b"q", "one")
    assert kept.get("a", b"q") == "one"
    assert kept.get("b", b"q") is None
    assert kept.get("a", b"other") is None


def test_a_session_keeps_the_latest() -> None:
    kept = KeptAnswers()
    for number in range(EACH + 3):
        kept.put("a", b"%d" % number, number)
        kept.get("a", b"0")
    assert kept.get("a", b"0") == 0
    assert kept.get("a", b"1") is None
    assert kept.get("a", b"%d" % (EACH + 2)) == EACH + 2


@pytest.mark.parametrize("sessions", [1, 40])
def test_all_sessions_share_one_budget(sessions: int) -> None:
    record = "x" * 1_000
    kept = KeptAnswers(budget=10 * size(record))
    for number in range(200):
        kept.put(f"s{number % sessions}", b"%d" % number, record)
        assert kept.held <= kept.budget
    assert kept.held > kept.budget // 2


def test_the_largest_and_oldest_go_first() -> None:
    kept = KeptAnswers(budget=size("x" * 1_000) * 10)
    kept.put("a", b"small", "x" * 10)
    kept.put("b", b"large", "x" * 2_000)
    for number in range(9):
        kept.put("c", b"%d" % number, "x" * 1_000)
    assert kept.get("b", b"large") is None
    assert kept.get("a", b"small") is not None


def test_what_is_too_large_is_not_kept_and_who_leaves_is_forgotten() -> None:
    kept = KeptAnswers(budget=4_000)
    kept.put("a", b"q", "x" * 1_000)
    assert kept.get("a", b"q") is None
    kept.put("a", b"r", "x")
    kept.forget("a")
    assert kept.held == 0
    assert kept.get("a", b"r") is None


def test_the_same_question_again_takes_no_more_room() -> None:
    kept = KeptAnswers()
    kept.put("a", b"q", "x" * 100)
    before = kept.held
    kept.put("a", b"q", "x" * 100)
    assert kept.held == before
