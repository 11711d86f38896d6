"""The self-test at the sandbox's start: which level of confinement holds on this machine.

A layer that the system does not have is known from the warm parent, which tries each. That the
layers do what they should is shown by probes: children that try to open a file, to connect, to
fork, to signal, to make code, to take 4 GB.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from viz.sandbox.wire.answers import Probe, SelfTest

ConfinementLevel = Literal["full", "partial", "weak"]

NEEDED: Final = ("seccomp", "privileges")
"""Without these layers the level is "weak": typed text is confined by the allowlist alone."""


def tests() -> tuple[tuple[str, SelfTest], ...]:
    """The name of each probe with its job."""
    return tuple((f"probe: {probe}", SelfTest(probe)) for probe in get_args(Probe))


def level_of(absent: tuple[str, ...], holes: tuple[str, ...]) -> ConfinementLevel:
    """The level, from the layers that are absent and the probes that got through."""
    if any(layer in absent for layer in NEEDED):
        return "weak"
    return "partial" if absent or holes else "full"
