"""How this server is: a real job through the sandbox, and the registry of what is counted."""

from __future__ import annotations

from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry

from viz.errors import ExplorerError, SandboxBusy
from viz.page.asking.answers import kept, sandbox
from viz.page.asking.counted import REGISTRY, PlaceCounts
from viz.page.serving.watched import Health

PROGRAM: Final = "x * x"


def job() -> Health:
    """Runs a small function; a full house is no illness. Called from a thread of its own."""
    try:
        record = sandbox().trace(PROGRAM, {"x": "3"}, session="health")
    except SandboxBusy:
        return Health(True, f"busy, level {sandbox().level}")
    except ExplorerError as error:
        return Health(False, type(error).__name__)
    slope = record.gradients["x"]
    well = slope is not None and list(slope.values or ()) == [6.0]
    return Health(well, f"well, level {sandbox().level}" if well else "a wrong answer")


def announce() -> None:
    """Wakes the sandbox while nobody waits for it yet, and says on the server's console how typed
    text is confined. Called from a thread of its own."""
    try:
        found = sandbox()
        words = f"level {found.level}"
        words += f" (missing: {', '.join(found.missing)})" if found.missing else ""
    except ExplorerError as error:
        words = f"not at all: {error}"
    print(f"  Typed programs run confined: {words}", flush=True)


@cache
def registry() -> CollectorRegistry:
    """What `/metrics` tells, with the sandbox's figures."""
    REGISTRY.register(PlaceCounts(sandbox, lambda: kept().held))
    return REGISTRY
