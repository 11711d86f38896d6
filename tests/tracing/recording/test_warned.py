"""Warnings name the line of the program that they are about, and each cell has its own."""

from __future__ import annotations

import warnings

import pytest
import torch

from viz import trace
from viz.tracing.recording.scripts.cells import _warnings_printed
from viz.tracing.runnable import Transcript


def asks_in_vain(x: torch.Tensor) -> torch.Tensor:
    y = x * 2
    assert y.grad is None
    assert (y * 1).grad is None
    return y


def test_a_warning_stands_at_the_line_that_it_is_about() -> None:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        trace(asks_in_vain, 1.0)
    first = asks_in_vain.__code__.co_firstlineno
    places = [(each.filename, each.lineno - first) for each in found]
    assert places == [(__file__, 2), (__file__, 3)]


def names_only(x: torch.Tensor) -> torch.Tensor:
    y = x * x
    y.backward  # noqa: B018
    return y


def test_a_method_that_is_only_named_is_told() -> None:
    with pytest.warns(
        UserWarning, match=r"^y\.backward is not called, .*: write y\.backward\(\)$"
    ) as found:
        trace(names_only, 1.0)
    first = names_only.__code__.co_firstlineno
    assert [(each.filename, each.lineno - first) for each in found] == [(__file__, 2)]


def test_each_cell_is_warned() -> None:
    transcript, done = Transcript(), [0]
    with _warnings_printed(transcript, done):
        for _ in range(2):
            warnings.warn("twice in a cell", stacklevel=1)
        done.append(1)
        warnings.warn("twice in a cell", stacklevel=1)
    assert transcript.printed.since().splitlines() == ["UserWarning: twice in a cell"] * 2
