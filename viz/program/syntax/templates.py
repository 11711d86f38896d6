"""Format strings: whether one asks for parts of what it is given."""

from __future__ import annotations

import string


def is_plain_template(template: str, depth: int = 0) -> bool:
    """Whether every field of a format string is empty, a number or a name: no `.x`, no `[0]`."""
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError:
        return False
    return depth < 3 and all(
        name is None
        or (
            (not name or name.isidentifier() or name.isdecimal())
            and is_plain_template(spec or "", depth + 1)
        )
        for _, name, spec, _ in fields
    )
