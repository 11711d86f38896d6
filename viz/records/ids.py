"""The ids of nodes and calls, in the order met: `n0, n1, …` and `c0, c1, …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viz.records.trace import Trace

_ids: dict[str, list[str]] = {"n": [], "c": []}


def node_ids(count: int) -> list[str]:
    """The ids of the first `count` nodes; the same strings each time, so that they compare fast."""
    return _numbered("n", count)


def call_ids(count: int) -> list[str]:
    """The ids of the first `count` calls, likewise."""
    return _numbered("c", count)


def _numbered(prefix: str, count: int) -> list[str]:
    known = _ids[prefix]
    if len(known) < count:
        known = _ids[prefix] = [f"{prefix}{number}" for number in range(count)]
    return known[:count]


def demand_known(trace: Trace) -> None:
    """Raises `ValueError` if a trace names a node or a call that it does not have."""
    ids = node_ids(len(trace.nodes))
    if [node.id for node in trace.nodes] != ids:
        raise ValueError("the nodes are not numbered in order")
    named = {edge.source for edge in trace.edges}
    named |= {edge.target for edge in trace.edges}
    named |= {each.node for each in trace.decisions if each.node is not None}
    named.update(trace.outputs)
    for pass_ in trace.passes:
        if len(pass_.steps) > 2 * len(trace.nodes) + 100:
            raise ValueError("a pass takes more turns than there are nodes to take them")
        leaves = pass_.leaves_before + pass_.leaves_after
        for each in (pass_.steps, leaves, pass_.hooked):
            named |= {turn.node for turn in each}
        named.update(pass_.roots)
    if not named.issubset(ids):
        raise ValueError(f"no node {min(named.difference(ids))}")
    made = {node.call for node in trace.nodes if node.call is not None}
    made |= {pass_.call for pass_ in trace.passes if pass_.call is not None}
    calls = {call.id for call in trace.calls}
    if not made <= calls:
        raise ValueError(f"no call {min(made - calls)}")
