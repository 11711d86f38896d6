"""What a picture shows: the choices that stay with a reader and travel in a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from viz.drawing.texts import ENGLISH, Words

Shown = Literal["operation", "variable", "value", "gradient", "shape", "saved"]
Direction = Literal["TB", "LR"]

SHOWN: Final[tuple[Shown, ...]] = get_args(Shown)
MOST_DIGITS: Final = 12


@dataclass(frozen=True)
class Display:
    """How a graph is drawn.

    - `show`: what each card carries.
    - `direction`: "TB" runs from top to bottom, "LR" from left to right.
    - `digits`: significant digits of a number, 1 to 12.
    - `constants`, `detached`: whether what autograd does not record is drawn (dashed).
    - `friendly`: `×` rather than `MulBackward0`.
    - `words`: the words among the numbers; the reader's language, not a choice.

    Raises `ValueError` for anything else.
    """

    show: frozenset[Shown] = frozenset({"operation", "variable", "value", "gradient"})
    direction: Direction = "TB"
    digits: int = 4
    constants: bool = True
    detached: bool = True
    friendly: bool = True
    words: Words = ENGLISH

    def __post_init__(self) -> None:
        object.__setattr__(self, "show", frozenset(listed(self.show)))
        if self.direction not in get_args(Direction):
            raise ValueError(f"the direction is TB or LR, not {self.direction!r}")
        if type(self.digits) is not int or not 1 <= self.digits <= MOST_DIGITS:
            raise ValueError(f"digits are 1 to {MOST_DIGITS}, not {self.digits!r}")
        for name in ("constants", "detached", "friendly"):
            whether(name, getattr(self, name))


def listed(show: Any) -> list[Shown]:
    """What cards are to carry, which may be one thing; raises `ValueError` for what they cannot."""
    several = list(show) if isinstance(show, Iterable) and not isinstance(show, str) else [show]
    if unknown := [each for each in several if each not in SHOWN]:
        raise ValueError(f"cannot show {sorted(unknown, key=str)}: choose from {', '.join(SHOWN)}")
    return several


def whether(name: str, choice: object) -> None:
    """Raises `ValueError` for a choice that is not between True and False."""
    if not isinstance(choice, int) or choice not in (True, False):
        raise ValueError(f"{name} is True or False, not {choice!r}")
