"""How deep brackets are nested, told without the parser: it takes exponentially long on some texts.

`too_deep(source)` gives the offset of the first bracket that is nested more than `MAX_BRACKETS`
deep outside of strings and comments, `None` if there is none.
"""

from __future__ import annotations

import re
from typing import Final

MAX_BRACKETS: Final = 50
"""Nested brackets that the parser is asked to read."""

# a string that never ends is taken up to where the parser will complain: each of its quotes would
# else be tried as the beginning of another
_TOKENS = re.compile(
    r"""(?P<skip>\#[^\n]*
    |'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?|\"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"\"\")?
    |'(?:[^'\\\n]|\\.)*+'?|"(?:[^"\\\n]|\\.)*+"?)|(?P<open>[([{])|(?P<close>[)\]}])""",
    re.VERBOSE | re.DOTALL,
)


def too_deep(source: str) -> int | None:
    """Where the brackets are nested too deeply, as an offset."""
    depth = 0
    for token in _TOKENS.finditer(source):
        depth += (token["open"] is not None) - (token["close"] is not None and depth > 0)
        if depth > MAX_BRACKETS:
            return token.start()
    return None
