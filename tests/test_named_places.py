"""What code, comments and texts of this repository name in it is there: its modules, its files."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = (".py", ".js", ".css", ".md", ".toml", ".yml", ".yaml")
DOTTED = re.compile(r"(?<![\w./-])viz((?:\.[A-Za-z_]\w*)+)")
PATHS = re.compile(r"(?<![\w./-])(?:viz|tests|deploy|benchmarks)/[\w./-]*\w")


def texts() -> Iterator[tuple[str, str]]:
    """The files that hold words, with their text."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in listed.splitlines():
        if name.endswith(KINDS) and (ROOT / name).exists():
            yield name, (ROOT / name).read_text(encoding="utf-8")


def is_there(dotted: str) -> bool:
    """Whether a module has this name, or a module holds what the name's next part says."""
    place = ROOT / "viz"
    parts = dotted.strip(".").split(".")
    while parts and (place / parts[0]).is_dir():
        place /= parts.pop(0)
    if not parts:
        return True
    file = place / f"{parts[0]}.py"
    if file.is_file():
        del parts[0]
    else:
        file = place / "__init__.py"
    holds = file.read_text(encoding="utf-8") if file.is_file() else ""
    return not parts or re.search(rf"\b{parts[0]}\b", holds) is not None


def test_a_name_is_told_from_one_that_nothing_has() -> None:
    assert is_there(".drawing.folding.fold")
    assert is_there(".drawing.colours.LIGHT")
    assert not is_there(".drawing.look")
    assert not is_there(".drawing.colours.DUSK")


def test_every_module_that_is_named_is_there() -> None:
    named = {(name, found[1]) for name, text in texts() for found in DOTTED.finditer(text)}
    assert len(named) > 500
    assert sorted(f"{name}: viz{dotted}" for name, dotted in named if not is_there(dotted)) == []


def test_every_file_that_is_named_is_there() -> None:
    named = {(name, found[0]) for name, text in texts() for found in PATHS.finditer(text)}
    assert len(named) > 100
    assert sorted(f"{name}: {path}" for name, path in named if not (ROOT / path).exists()) == []
