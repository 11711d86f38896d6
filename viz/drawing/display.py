"""What a picture shows: the choices that stay with a reader and travel in a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

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
        if unknown := self.show - set(SHOWN):
            raise ValueError(
                f"cannot show {sorted(unknown, key=str)}: choose from {', '.join(SHOWN)}"
            )
        if self.direction not in get_args(Direction):
            raise ValueError(f"the direction is TB or LR, not {self.direction!r}")
        if not 1 <= self.digits <= MOST_DIGITS:
            raise ValueError(f"digits are 1 to {MOST_DIGITS}, not {self.digits}")
