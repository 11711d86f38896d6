"""What a record of a curve or a surface holds whatever made it."""

import math

import pytest

from viz.records import Curve, Surface


@pytest.mark.parametrize("places", [(1.0, 0.0), (0.0, math.inf), (-math.inf, 0.0)])
def test_samples_stand_at_finite_places_in_order(places) -> None:
    row = (0.0, 0.0)
    with pytest.raises(ValueError, match="sample"):
        Curve(places, (row,))
    with pytest.raises(ValueError, match="sample"):
        Surface((0.0, 1.0), places, (row, row), (row, row), (row, row))
