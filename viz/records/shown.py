"""How a record shows itself in a notebook.

Records know nothing of pictures: whoever draws them is named here (by `viz` itself), by the
record's type. Every record that answers a question has its maker, which a test holds; the parts of
one (a node, a call) are text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

Bundle = dict[str, Any]
"""What a notebook may show, by its MIME type."""
MAKERS: Final[dict[str, Callable[[Any], Bundle]]] = {}


def shown(record: Any) -> Bundle:
    """What a notebook shows of a record: its text alone where nobody draws it."""
    maker = MAKERS.get(type(record).__name__)
    plain = {"text/plain": repr(record)}
    return plain if maker is None else {**maker(record), **plain}
