"""What is told of many intervals at once is what is told of each alone."""

import numpy as np
import pytest

from viz.tracing.calculus.search.grid import Grid
from viz.tracing.calculus.search.ladders import Singularity
from viz.tracing.calculus.search.resolution import NEAR, Closed
from viz.tracing.calculus.search.suspects import scales_of, strongest


def grid(dice: np.random.Generator, count: int, odd: float) -> Grid:
    """Samples of a smooth curve in which some are odd: a jump, no value, another path, a stop."""
    x = np.sort(dice.uniform(-3, 3, count))
    rows = np.array([np.sin(x), np.cos(x), -np.sin(x)])
    jumps = dice.random(count) < odd
    rows[0] += np.cumsum(jumps * dice.normal(size=count))
    rows[int(dice.integers(3)) :, dice.random(count) < odd] = dice.choice([np.nan, np.inf, 1e9])
    way, state, reason = ((dice.random(count) < odd / 2).cumsum() for _ in range(3))
    return Grid(x, rows, rows.copy(), way, state * (dice.random() < 0.5), reason, np.zeros(count))


@pytest.mark.parametrize("seed", range(20))
def test_what_stands_out_in_each_of_many_intervals_is_what_does_in_it_alone(seed):
    dice = np.random.default_rng(seed)
    whole = grid(dice, 400, 0.02 * seed)
    if seed % 2:  # of some intervals less is known than of others
        whole.rows[1:, :150] = np.nan
    scales = scales_of(whole)
    ends = np.cumsum([*dice.choice([6, 9, 17, 40], 10), 1]).tolist()
    parts = [slice(low, high) for low, high in zip([0, *ends], ends, strict=False)][:-1]
    together = strongest(whole, parts, scales)
    for part, places in zip(parts, together, strict=True):
        assert strongest(whole.cut(part), [slice(0, part.stop - part.start)], scales) == [places]
    assert any(together)


@pytest.mark.parametrize("seed", range(10))
def test_where_no_sample_is_added_is_as_each_place_says(seed):
    dice = np.random.default_rng(seed)
    samples = grid(dice, 100, 0.0)
    x, low, high = samples.x, samples.x[:-1], samples.x[1:]
    places = [*dice.uniform(-3, 3, 5), x[0], x[50], x[-1]][: seed * 2]
    found = [
        Singularity(float(place), float(dice.uniform(0, 0.3)), samples, None) for place in places
    ]
    dense = [tuple(np.sort(dice.uniform(-3, 3, 2)).tolist()) for _ in range(seed % 4)]
    closed = Closed([], found, dense)
    crossed, near = np.zeros(99, bool), np.zeros(99, bool)
    for place in places:
        crossed |= (low <= place) & (place <= high)
        near |= (high >= place - NEAR * (x[-1] - x[0])) & (low < place + NEAR * (x[-1] - x[0]))
    for start, stop in dense:
        crossed |= (low >= start) & (high <= stop)
    beside = np.zeros(99, bool)
    for one in found:
        inside = (x >= one.x - one.width) & (x <= one.x + one.width)
        beside |= inside[:-1] | inside[1:]
    assert closed.crossed(x).tolist() == crossed.tolist()
    assert closed.near(x).tolist() == near.tolist()
    assert closed.beside(x).tolist() == beside.tolist()
