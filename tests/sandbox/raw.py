"""A child's answerer for tests: runs the source as plain Python, with no allowlist at all.

`wear(layer)` confines the process. What the source binds to `result` comes back as the trace's
printed text; an exception as its failure. A source that binds `answer` to bytes writes them as
they are.
"""

import builtins
import os
from pathlib import Path
from typing import Any

import torch

from viz.records import Failure, Trace
from viz.sandbox.child.probes import reached
from viz.sandbox.confinement.layers import LAYERS, Confinement
from viz.sandbox.wire.answers import SelfTest, decoded_job, encoded
from viz.tracing.runnable import TYPED
from viz.tracing.stopping import TimeIsUp


def wear(*layers: str) -> None:
    """Puts layers on this very process, as a child's start does."""
    memory = int(Path("/proc/self/statm").read_text().split()[0]) * 4096 + (512 << 20)
    for layer in layers:
        LAYERS[layer](Confinement(os.getppid(), memory, 3))


def answering(job: bytes) -> bytes:
    asked = decoded_job(job)
    if isinstance(asked, SelfTest):
        return encoded(reached(asked))
    printed: list[str] = []
    names: dict[str, Any] = {
        "__builtins__": builtins,
        "torch": torch,
        "wear": wear,
        "print": lambda *values, **_: printed.append(" ".join(map(str, values))),
    }
    failure = None
    try:
        exec(compile(asked.program.source, TYPED, "exec"), names)  # noqa: S102 - confined
    except MemoryError:
        raise
    except (Exception, SystemExit, TimeIsUp) as error:  # noqa: BLE001 - it is the answer
        failure = Failure(type(error).__name__, str(error)[:1000])
    if "answer" in names:
        return names["answer"]
    told = "".join([str(names.get("result", "")), *printed])[:9000]
    return encoded(Trace(asked.program, printed=told, failure=failure))
