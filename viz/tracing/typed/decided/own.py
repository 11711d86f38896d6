"""The classes that typed code has made in this process.

`OWN` has all of them; `SEQUENCES` those whose objects can be asked for items by number.
"""

from __future__ import annotations

import weakref
from typing import Final

OWN: Final[weakref.WeakSet[type]] = weakref.WeakSet()
SEQUENCES: Final[set[type]] = set()
