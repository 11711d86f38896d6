"""Classes that typed code makes: their objects are the same in every run."""

from __future__ import annotations

from viz.program import check
from viz.tracing.runnable import Transcript
from viz.tracing.typed.namespace import namespace


def test_a_set_of_one_s_own_objects_has_one_order() -> None:
    orders = set()
    held = []
    for _ in range(8):
        transcript = Transcript()
        globals_ = namespace(transcript)
        source = (
            "class V:\n    def __init__(self, n): self.n = n\n"
            "print([v.n for v in {V(n) for n in range(40)}])\n"
            "a = V(1)\nprint(a in {a}, V(1) in {a}, len({a, a}))"
        )
        exec(compile(check(source).source, "<program>", "exec"), globals_)  # noqa: S102
        orders.add("".join(transcript.printed))
        held.append((globals_, [object() for _ in orders]))  # so that memory is laid out anew
    assert len(orders) == 1
    assert orders.pop().endswith("True False 1\n")
