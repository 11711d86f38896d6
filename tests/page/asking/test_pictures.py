"""Pictures that take long keep nobody else waiting."""

from __future__ import annotations

import pytest

from viz.drawing.picture.layout import WORKERS
from viz.errors import DrawingBusy
from viz.page.asking import pictures
from viz.sandbox.server.turns import Turns


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Turns:
    """A queue of this test's own, in which every picture counts as a long one, and nobody waits."""
    turns = Turns(WORKERS, pictures.WAITING)
    monkeypatch.setattr(pictures, "_turns", turns)
    monkeypatch.setattr(pictures, "LONG", -1.0)
    monkeypatch.setattr(pictures, "PATIENCE", 0.0)
    return turns


def _late(turns: Turns, session: str) -> None:
    """It has had a picture that took seconds."""
    with turns.turn(session, "picture", 1.0, address="there") as turn:
        turn.late = True
        turn.began -= 9.0
    turns._shares.charge(turn, turn.began + 9.0, 9.0, True)


def test_one_place_is_kept_from_those_whose_pictures_took_long(alone: Turns) -> None:
    _late(alone, "one")
    _late(alone, "two")
    with pictures.picture_turn("one", "there"):
        with pytest.raises(DrawingBusy), pictures.picture_turn("two", "there"):
            raise AssertionError
        with pictures.picture_turn("another", "here"):
            assert alone.taken() == (2, 0)


def test_what_took_long_is_noted(alone: Turns) -> None:
    with pictures.picture_turn("one", "there"):
        pass
    (taken,) = alone._shares._sessions._taken.values()
    assert taken.late_runs == 1.0


def test_each_session_draws_one_at_a_time() -> None:
    own = pictures.picture_turn("one", "there")
    with own, pytest.raises(DrawingBusy), pictures.picture_turn("one", "there"):
        raise AssertionError
