"""Functions whose source nobody has (`exec`, `python -`): what is looked for in vain is once."""

import torch

import viz
from viz.tracing.source_map import SourceMap

ROUNDS = 20
TEXT = f"""
def function(x):
    for _ in range({ROUNDS}):
        x = torch.sin(x)
    return x
"""


def test_a_place_without_source_is_looked_for_once(monkeypatch):
    defined = {"torch": torch}
    exec(TEXT, defined)  # noqa: S102 - a text of this very file
    looked_for = []
    site_at = SourceMap.site_at
    monkeypatch.setattr(
        SourceMap, "site_at", lambda *asked: looked_for.append(asked) or site_at(*asked)
    )
    run = viz.trace(defined["function"], 1.0)
    assert [call.span for call in run.calls] == [None] * ROUNDS
    assert [node.op for node in run.nodes[1:]] == ["SinBackward0"] * ROUNDS
    assert len(looked_for) == 1
