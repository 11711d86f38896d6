"""`tqdm` of typed code: the loop and nothing else; the page shows by itself that a run goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from viz.tracing.typed.type_stand_ins import Frozen


class Progress(Frozen):
    """What `tqdm(…)` gives: it goes through what it was given."""

    __slots__ = ("_left",)
    _left: Any

    def __init__(self, iterable: Any = (), *_given: Any, **_options: Any) -> None:
        object.__setattr__(self, "_left", iterable)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._left)

    def __len__(self) -> int:
        return len(self._left)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing was begun."""

    def set_description(self, *_given: Any, **_options: Any) -> None:
        """Nothing is shown of it."""

    set_postfix = set_postfix_str = update = refresh = close = set_description


def tqdm(*given: Any, **options: Any) -> Progress:
    """`tqdm(iterable)`."""
    return Progress(*given, **options)


def trange(*places: Any, **_options: Any) -> Progress:
    """`trange(n)` is `tqdm(range(n))`."""
    return Progress(range(*places))
