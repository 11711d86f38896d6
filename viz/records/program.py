"""Checked source: what a typed text is and what it takes."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from viz.records.base import MAX_INPUTS, Message, Name, Record, SourceText, Span, Typed

Kind = Literal["expression", "function", "script"]


class Input(Record, frozen=True):
    """One input of a program: its name and the text of its start value.

    `integer` inputs (used in `range()` or as an index) stay Python ints: no derivative.
    """

    name: Name
    start: Typed
    integer: bool = False


class Program(Record, frozen=True):
    """Checked source.

    `function` is the name of the function whose parameters are the inputs (kind "function").
    `names` are the allowed names that the syntax tree uses, sorted. `cells` are the stretches
    between ``# %%`` lines (kind "script"; one cell otherwise). `notes` are what is to be said of
    how the text was read.
    """

    source: SourceText
    kind: Kind
    inputs: Annotated[tuple[Input, ...], Meta(max_length=MAX_INPUTS)] = ()
    function: Name | None = None
    names: Annotated[tuple[Name, ...], Meta(max_length=2_000)] = ()
    cells: Annotated[tuple[Span, ...], Meta(max_length=100)] = ()
    notes: Annotated[tuple[Message, ...], Meta(max_length=10)] = ()
