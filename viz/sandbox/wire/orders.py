"""What the page's process and the warm parent must agree on. No torch, no kernel."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final

MESSAGE: Final = 256
"""Bytes of a message between them, descriptors aside."""

LAYER_NAMES: Final = (
    "memory score",
    "user",
    "parent death",
    "privileges",
    "landlock",
    "descriptors",
    "limits",
    "seccomp",
)
"""The layers of a child, in the order in which they are put on."""


@dataclass(frozen=True)
class Orders:
    """What the client wants of a parent's children; travels as JSON in the command line.

    `answering` names the function that turns a job's bytes into an answer's.
    """

    memory: int
    processor: int
    soft: float
    notice: float
    layers: tuple[str, ...] = LAYER_NAMES
    answering: str = "viz.sandbox.child.answering:answering"

    def text(self) -> str:
        """The command line's argument."""
        return json.dumps(asdict(self))

    @classmethod
    def of(cls, text: str) -> Orders:
        """The orders in the command line's argument."""
        given = json.loads(text)
        return cls(**{**given, "layers": tuple(given["layers"])})
