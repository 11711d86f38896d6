"""Repeats in sequences: a table, and what holds of every sequence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.drawing.folding.repeats import Stretch, repeats


@pytest.mark.parametrize(
    ("tokens", "least", "expected"),
    [
        ("", 2, ()),
        ("abc", 2, ()),
        ("aaaa", 4, (Stretch(0, 1, 4),)),
        ("aaaa", 5, ()),
        ("ababab", 3, (Stretch(0, 2, 3),)),
        ("xababababy", 4, (Stretch(1, 2, 4),)),
        ("abcabcabcab", 3, (Stretch(0, 3, 3),)),
        ("abbaabbaabba", 3, (Stretch(0, 4, 3),)),
        ("aaaaxbcbcbcbc", 4, (Stretch(0, 1, 4), Stretch(5, 2, 4))),
        ("aaaabaaaab", 4, (Stretch(0, 1, 4), Stretch(5, 1, 4))),
        ("abcdefghij" * 5, 5, (Stretch(0, 10, 5),)),
    ],
)
def test_runs(tokens, least, expected):
    assert repeats(tokens, least) == expected


@given(st.lists(st.integers(0, 3), max_size=60), st.integers(2, 5))
def test_runs_are_equal_rounds_that_do_not_overlap(tokens, least):
    stop = 0
    for stretch in repeats(tokens, least):
        assert stretch.start >= stop
        assert stretch.rounds >= least
        rounds = [
            tokens[at : at + stretch.period]
            for at in range(stretch.start, stretch.stop, stretch.period)
        ]
        assert all(each == rounds[0] for each in rounds)
        assert len(rounds) == stretch.rounds
        stop = stretch.stop
    assert stop <= len(tokens)


@given(st.integers(1, 12), st.integers(3, 20), st.integers(0, 5))
def test_rounds_of_different_tokens_are_found(period, rounds, before):
    tokens = [f"b{place}" for place in range(before)]
    tokens += [f"t{place}" for place in range(period)] * rounds
    assert repeats(tokens, 3) == (Stretch(before, period, rounds),)
