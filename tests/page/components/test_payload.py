"""What components are sent is JSON as browsers read it, whatever numbers are in it."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import pytest

from viz.page.components.payload import payload


class Point(msgspec.Struct, frozen=True):
    """A record as a component is sent one."""

    x: float
    at: dict[int, float]
    names: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (1.5, 1.5),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
        ((1, math.nan), [1, "NaN"]),
        ({3: {"deep": [[-math.inf]]}}, {"3": {"deep": [["-Infinity"]]}}),
        (Point(math.inf, {2: 0.1}, ("a",)), {"x": "Infinity", "at": {"2": 0.1}, "names": ["a"]}),
        (Point(1e308, {}), {"x": 1e308, "at": {}, "names": []}),
        (None, None),
        ("NaN", "NaN"),
    ],
)
def test_numbers_that_are_not_finite_travel_as_texts(value: Any, sent: Any) -> None:
    found = payload(value)
    assert json.loads(json.dumps(found, allow_nan=False)) == sent
