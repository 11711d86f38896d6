"""A function that goes backward itself: what it did is what is shown, as in a notebook.

No further pass is made from where it has started one, and none through what it has freed.
"""

from __future__ import annotations

from collections.abc import Iterable

from viz.tracing.recording.backward.pass_draft import PassDraft
from viz.tracing.recording.nodes.drafts import Draft
from viz.tracing.recording.nodes.saved_tensors import is_freed


def own_roots(passes: Iterable[PassDraft]) -> list[Draft]:
    """What the program's own backward calls started from: a training step that gives back
    `loss.item()`, or nothing, is shown by that.
    """
    own = (each for each in passes if each.call is not None and each.done)
    return list(dict.fromkeys(root for each in own for root in each.roots))


def went_backward_itself(
    passes: Iterable[PassDraft], roots: Iterable[Draft], reached: Iterable[Draft]
) -> bool:
    """Whether the program's own calls among `passes` started from all `roots`, or freed something
    of what a pass from there would reach.
    """
    own = [each for each in passes if each.call is not None and each.done]
    if not own:
        return False
    started = {root for each in own if each.kind == "backward" for root in each.roots}
    if started.issuperset(roots):
        return True
    freed = {step.draft for each in own if each.freed for step in each.steps.steps}
    return any(draft in freed and is_freed(draft.fn) for draft in reached if draft.kind != "leaf")
