"""The rounds of a run among its notes: the newest counts, all else stays."""

from __future__ import annotations

import pytest

from viz.sandbox.wire.rounds import MOST, note, taken


@pytest.mark.parametrize(
    ("notes", "newest", "rest"),
    [
        (b"", None, b""),
        (note(3, 10), (3, 10), b""),
        (b"Fatal" + note(3, 10) + b" error" + note(5, 0), (5, 0), b"Fatal error"),
        (note(7, 9) + note(8, 9)[:-1], (7, 9), note(8, 9)[:-1]),
        (b"\x01" + b"9" * 40 + b"/1\n", None, b"\x01" + b"9" * 40 + b"/1\n"),
        (note(10**40, 10**40), (MOST, MOST), b""),
    ],
)
def test_the_newest_is_taken_out(notes: bytes, newest: tuple[int, int] | None, rest: bytes) -> None:
    held = bytearray(notes)
    assert taken(held) == newest
    assert held == rest
