"""Bytes in memory, read off at once: what the state of tensors and generators is compared by."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Final

bytes_at: Final[Callable[[int, int], bytes]] = ctypes.string_at
"""A copy of as many bytes at an address, which the caller knows to be there."""
