"""What is kept of a text that became too long: its beginning and its end, and how much between."""

from __future__ import annotations

import random

import pytest

from viz.records import MAX_PRINTED
from viz.tracing.printed import HALF, Printed


def of(pieces: list[str]) -> Printed:
    printed = Printed()
    for piece in pieces:
        printed.append(piece)
    return printed


def test_a_short_text_is_whole_from_every_place():
    pieces = [f"{number}\n" for number in range(500)]
    printed = of(pieces)
    whole = "".join(pieces)
    assert all(printed.since(place) == whole[place:] for place in range(0, len(whole), 7))


@pytest.mark.parametrize("size", [1, 30, 900, 15_000, 250_000])
def test_of_a_long_one_the_beginning_and_the_end_stay_and_the_lines_between_are_counted(size):
    chance = random.Random(size)
    pieces = [f"{n} {'x' * chance.randrange(size)}\n" for n in range(800_000 // size + 9)]
    whole, found = "".join(pieces), of(pieces).since()
    first, _, rest = found.partition("… (")
    number, _, last = rest.partition(" more lines were printed here) …\n")
    assert len(found) <= MAX_PRINTED
    assert whole.startswith(first)
    assert whole.endswith(last)
    assert len(last) >= HALF - size - 8
    assert int(number) == (whole.count("\n") - first.count("\n") - last.count("\n"))


def test_a_later_part_begins_where_it_was_printed():
    printed = of(["a\n"] * 30_000)
    place = len(printed)
    printed.append("the end\n")
    assert printed.since(place) == "the end\n"
    assert printed.since(place - 4) == "a\na\nthe end\n"
