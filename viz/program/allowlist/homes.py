"""Where torch documents what its other files have, too: `MSELoss` of `torch.nn.modules.loss`.

`home_of(module, name)` gives the module that has it by an allowed name, and that name; `package_of`
the one that documents what a file defines. `homes.txt` is derived, as `names.json` is: whatever it
names is the very same object in both places.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

TARGET: Final = Path(__file__).with_name("homes.txt")


@cache
def _homes() -> Mapping[str, Mapping[str, str]]:
    """By file and name the full allowed name; a file's own come before what it imported."""
    found: dict[str, dict[str, str]] = {}
    for line in TARGET.read_text().splitlines():
        place, _, names = line.partition(": ")
        file, home = place.split()
        for name in names.split():
            here, _, there = name.partition("=")
            found.setdefault(file, {})[here] = f"{home}.{there or here}".lstrip(".")
    return MappingProxyType(found)


def home_of(module: str, name: str) -> tuple[str, str] | None:
    """The module that has what a file has under a name, "" for one by itself, and its name there;
    `None` if nothing allowed is the same.
    """
    full = _homes().get(module, {}).get(name)
    if full is None:
        return None
    home, _, there = full.rpartition(".")
    return home, there


@cache
def package_of(module: str) -> str | None:
    """The package that documents what a file defines (`torch.nn` of `torch.nn.modules.loss`)."""
    homes = {full.rpartition(".")[0] for full in _homes().get(module, {}).values()}
    around = [each for each in homes if module.startswith(f"{each}.") and each != "torch"]
    return max(around, key=len, default=None)
