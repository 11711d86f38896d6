"""Typed text runs here, and only here: in a confined child process, one for each question.

**What is protected.** The host's files, environment, network and processes; the page and everyone
else who uses it; what others typed and what came of it.

**Against whom.** Anyone who can open the page or send somebody a link to it: every typed text,
input text, option and link is taken for hostile, and so is everything that a child answers.

**By what**, each layer tested with every other one switched off:

- `viz.program` refuses whatever is not on a reviewed list, before anything is compiled; the names
  that typed code finds are proxies, never the modules (`viz.tracing.typed.namespace`).
- The warm parent has an almost empty environment and never reads a job, so the memory from which a
  child is forked holds nothing that anyone typed.
- The child gives up root, dies with its parent, can gain no privileges, reaches no files
  (landlock), has two descriptors, capped memory, time, file size and processes, and may ask the
  kernel for little more than memory, clocks and its end (seccomp); no memory can become executable.
- A timer raises in the typed code, another names the line inside a long call, a third kills; a
  child whose answer nobody waits for is killed as well, and one whose asker has gone.
- An answer is capped and decoded strictly into the one record that was asked for.
- The queue is bounded, places are shared out by address and then by session, each of which runs one
  question at a time; a long run makes room for quick ones and computes behind them; all children
  share a memory budget and step back behind whoever serves.

`Sandbox.level` says what holds on this machine ("full", "partial", "weak") after trying it;
`Sandbox(public=True)`, or `AUTOGRAD_EXPLORER_PUBLIC=1`, refuses typed text at level "weak".

**What is not protected.** A hole in the kernel itself; side channels between children on one
processor; a host that runs other things as the same user without the layers (level "weak": macOS,
Windows, old kernels), where the allowlist and the clock are all there is. A child that gets through
the allowlist, or through a fault of torch's C++ code that no list can know, can lie about its own
answer, which only the one who typed it sees. Load beyond the queue is answered with "busy": a
determined crowd can keep others waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viz.sandbox.server.client import Sandbox
    from viz.sandbox.server.limits import Limits

__all__ = ["Limits", "Sandbox"]

_HOMES = {"Sandbox": "viz.sandbox.server.client", "Limits": "viz.sandbox.server.limits"}


def __getattr__(name: str) -> Any:
    """Imports on demand: a child's process needs nothing of the client's."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
