"""`OWN`: the classes that typed code has made in this process."""

from __future__ import annotations

import weakref
from typing import Final

OWN: Final[weakref.WeakSet[type]] = weakref.WeakSet()
