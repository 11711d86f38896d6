"""What the page's process and the warm parent must agree on. No torch, no kernel."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple

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


WALL: Final = 4.0
"""Seconds by the clock that a second of processor time may take."""
STARVED: Final = 3.0
"""How many times longer than that at most, for what the kernel let a run stand ready."""
_ALLOWANCE: Final = struct.Struct("<3dq")


class Allowance(NamedTuple):
    """What a run may take: `seconds` of the processor, of which `shared` are left when somebody
    waits, and `memory` bytes.

    `wall` seconds by the clock end it too, and fewer when it is told that it was not kept waiting.
    """

    seconds: float
    shared: float
    wall: float
    memory: int


def allowing(job: bytes, allowance: Allowance) -> bytes:
    """What a child reads: what its run may take, and its job."""
    return _ALLOWANCE.pack(*allowance) + job


def allowance_of(order: bytes) -> tuple[Allowance, bytes]:
    """What a run may take, and its job."""
    return Allowance(*_ALLOWANCE.unpack_from(order)), order[_ALLOWANCE.size :]


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
