"""Where PyTorch's documentation explains a call.

`documented.json` lists, by module, the functions that have a page of their own; a call that is not
among them has no link (a dead one is worse than none).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from viz.drawing.formulas.operations import OPERATORS

SITE: Final = "https://docs.pytorch.org/docs/stable/"
_DOCUMENTED: Final = {
    f"{module}.{name}"
    for module, names in json.loads(
        Path(__file__).with_name("documented.json").read_text(encoding="utf-8")
    ).items()
    for name in names.split()
}
_OPERATOR: Final = re.compile(r"^__(?P<name>\w+)__$")


def link(function: str) -> str | None:
    """The page of a call's function (`torch.Tensor.mul`), `None` if it has none."""
    for name in _candidates(function):
        if name in _DOCUMENTED:
            # the special functions share one page
            page = "special.html#" if name.startswith("torch.special.") else "generated/"
            return f"{SITE}{page}{name}{'' if page.endswith('#') else '.html'}"
    return None


def _candidates(function: str) -> Iterable[str]:
    """The function itself, then those that do the same under another name."""
    yield function
    module, _, name = function.rpartition(".")
    operator = _OPERATOR.match(name)
    plain = operator["name"] if operator else name.rstrip("_")
    turned = plain[1:] if operator and plain[0] in "ri" else plain  # `__rsub__`, `__isub__`
    for each in (plain, turned):
        each = OPERATORS[each].function if operator and each in OPERATORS else each
        yield f"{module}.{each}"
        yield f"torch.{each}"
        yield f"torch.nn.functional.{each}"
