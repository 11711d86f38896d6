"""The order in which recorded nodes are put before folding: inputs before results.

What has no inputs (leaves, constants) stands right before its first use: so a loop's constants
stay with their round. Any stretch of this order may be drawn as one card without making a cycle:
a way that leaves the stretch goes on to later places only.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

Pair = tuple[int, int]


def ordered(places: Iterable[int], edges: Sequence[Pair]) -> tuple[list[int], set[int]]:
    """The places, inputs first and else as given; and those among them that have no input.

    Should the record hold a cycle, its nodes come last, as given.
    """
    given = list(places)
    waiting = dict.fromkeys(given, 0)
    users: dict[int, list[int]] = {place: [] for place in given}
    for source, target in edges:
        waiting[target] += 1
        users[source].append(target)
    sources = {place for place in given if not waiting[place]}
    for place in sources:
        for user in users[place]:
            waiting[user] -= 1
    computed = _computed(given, sources, users, waiting)
    return _with_sources(given, computed, sources, edges), sources


def _computed(
    given: Sequence[int],
    sources: set[int],
    users: dict[int, list[int]],
    waiting: dict[int, int],
) -> list[int]:
    """All but the sources, by Kahn's way with the earliest recorded first."""
    ready = [place for place in given if place not in sources and not waiting[place]]
    heapq.heapify(ready)
    done: list[int] = []
    while ready:
        place = heapq.heappop(ready)
        done.append(place)
        for user in users[place]:
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, user)
    met = sources.union(done)
    return done + [place for place in given if place not in met]


def _with_sources(
    given: Sequence[int], computed: Sequence[int], sources: set[int], edges: Sequence[Pair]
) -> list[int]:
    inputs: dict[int, list[int]] = {}
    for source, target in edges:
        if source in sources:
            inputs.setdefault(target, []).append(source)
    order: list[int] = []
    placed: set[int] = set()
    for place in computed:
        for source in inputs.get(place, ()):
            if source not in placed:
                placed.add(source)
                order.append(source)
        order.append(place)
    return order + [place for place in given if place in sources and place not in placed]
