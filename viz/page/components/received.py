"""What a component sent back, which anybody may have forged: the right type within its limits.

`received` never raises: what is of another type, too long, or not there at all, is `None`.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
import streamlit as st
from msgspec import Meta

from viz.records.base import MAX_INPUTS, MAX_NAME, MAX_SEED, MAX_SOURCE

T = TypeVar("T")
SEEN = 1e12
"""Furthest from 0 that a curve is looked at."""
Shown = Annotated[float, Meta(gt=-SEEN, lt=SEEN)]
MOST_HELD: Final = 400_000
"""Characters of an address or of a text; the page's own have less."""
Ids = Annotated[str, Meta(max_length=20_000)]
Small = Annotated[int, Meta(ge=0, lt=2**53)]
"""A whole number as JavaScript has them."""


class SentText(msgspec.Struct, frozen=True):
    """The editor's text that shall run, and when it was sent, in ms (see `shared/moment.js`).

    `edition` is the one that stood there: what the page itself has put up since comes after it.
    """

    text: str
    at: Small
    edition: Small = 0


class Values(msgspec.Struct, frozen=True):
    """The inputs' texts by name and the seed; `at` and `edition` as in `SentText`."""

    texts: Annotated[
        dict[Annotated[str, Meta(max_length=MAX_NAME)], str], Meta(max_length=MAX_INPUTS)
    ]
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)]
    at: Small
    edition: Small = 0


class Brought(msgspec.Struct, frozen=True):
    """What a browser holds whose server is another one now: the address, the text, the inputs.

    `edition`, `entry` and `gone` are the last ones that the browser heard of, `asked` is when it
    sent a text last. `lost`: the server is the same, but has not answered to what was typed or set
    last.
    """

    address: Annotated[str, Meta(max_length=MOST_HELD)]
    text: Annotated[str, Meta(max_length=MOST_HELD)]
    edition: Small
    entry: Small
    gone: Small
    values: Values | None = None
    lost: bool = False
    asked: Small = 0


class Seen(msgspec.Struct, frozen=True):
    """The stretch of x that a zoom left in sight; `None` is all of it."""

    range: tuple[Shown, Shown] | None


class SightTaken(msgspec.Struct, frozen=True):
    """How a figure is looked at from now on: its key and its numbers; none are as it is drawn."""

    key: Annotated[str, Meta(max_length=MAX_NAME)]
    numbers: Annotated[tuple[Shown, ...], Meta(max_length=6)]


class Fold(msgspec.Struct, frozen=True):
    """What a click opens or folds away: ids, with blanks between them; `at` as in `SentText`."""

    opens: Ids | None = None
    closes: Ids | None = None
    at: Small = 0


Folds = Annotated[tuple[Fold, ...], Meta(max_length=20)]
"""Clicks one after the other."""


class Gone(msgspec.Struct, frozen=True):
    """The address that the browser went to, from its `?` on, and how many such steps there were."""

    search: Annotated[str, Meta(max_length=MOST_HELD)]
    at: Small


class AskFirst(msgspec.Struct, frozen=True):
    """Whether the player asks for each gradient before it shows it."""

    on: bool


class Clicked(msgspec.Struct, frozen=True, array_like=True):
    """Where somebody clicked in a figure."""

    x: Shown
    y: Shown


class Act(msgspec.Struct, frozen=True):
    """What a lesson asks of the page: `put` inputs, open a `tab` or a `lesson`, `play` the run of a
    question, `reveal` a failure on purpose; `own`: open the text of a lesson of one's own; `leave`
    a quiz."""

    does: Literal["put", "tab", "lesson", "play", "reveal", "own", "leave"]
    what: Annotated[str, Meta(max_length=MAX_SOURCE)] = ""
    number: Annotated[int, Meta(ge=0, lt=100)] = 0


def received(key: str, name: str, kind: type[T]) -> T | None:
    """The value `name` that the component `key` sent, if it is of this kind."""
    state: Any = st.session_state.get(key)
    try:
        sent = state.get(name)
        return msgspec.convert(sent, kind, strict=True)
    except (AttributeError, msgspec.ValidationError, RecursionError, UnicodeEncodeError):
        return None
