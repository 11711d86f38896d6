"""Exit codes with which a child says why it ended without a whole answer.

Zero is an answer; a negative status, a signal. Chosen apart from what Python and shells use.
"""

from __future__ import annotations

from typing import Final

OUT_OF_MEMORY: Final = 70
"""Its memory did not suffice for the answer."""
NOT_CONFINED: Final = 71
"""It could not put on a layer that the system has."""
BROKEN: Final = 72
"""It ended by an exception; its notes say which."""
