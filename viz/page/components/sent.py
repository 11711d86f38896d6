"""What all records share that are sent to a component in the browser.

A float that is not finite travels as a text (see `payload`). Of long rows of numbers the eight
bytes of each are sent, which is exact, shorter and quicker than to write and read them.
"""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Sequence

import msgspec


class Sent(msgspec.Struct, frozen=True, gc=False):
    """A record for a component; its fields are the data that the script is called with."""


Corners = tuple[int, int, int, int]
"""A stretch of the source: line (from 1) and column (characters, from 0), then where it ends."""
Doubles = str
"""A row of numbers: base64 of their float64, least byte first; `doubles` in the browser."""


def doubles(row: Sequence[float]) -> Doubles:
    """A row of numbers as it is sent."""
    return b64encode(struct.pack(f"<{len(row)}d", *row)).decode("ascii")
