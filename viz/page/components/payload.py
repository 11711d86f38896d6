"""What a component is sent, as JSON that every browser reads.

JSON knows neither infinity nor NaN: one of them in a message and the component is dead until the
page is loaded again. They travel as the texts that JavaScript's `Number` reads back. All that a
component is sent passes here, whatever record or plain value it is.
"""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec


def payload(value: Any) -> Any:
    """A record as plain data of finite numbers, texts, lists and dictionaries with text keys."""
    return written(value)[0]


def written(value: Any) -> tuple[Any, str]:
    """The same, and its text."""
    plain = msgspec.to_builtins(value, str_keys=True)
    try:
        # the usual case, some fifty times as fast as a walk through all of it
        return plain, json.dumps(plain, allow_nan=False)
    except ValueError:
        plain = _spelled(plain)
        return plain, json.dumps(plain)


def _spelled(value: Any) -> Any:
    """The same with every number that is not finite as `Infinity`, `-Infinity` or `NaN`."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {_spelled(key): _spelled(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(each) for each in value]
    return value
