"""The ids of nodes and calls, in the order met: `n0, n1, …` and `c0, c1, …`."""

from __future__ import annotations

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
