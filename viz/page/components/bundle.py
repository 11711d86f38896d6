"""Modules of JavaScript as one text, which is what Streamlit wants of a component.

`bundled` takes a module and whatever it imports, each once, and keeps their scopes apart: a module
becomes a function that is called at once and gives what the module exports. It reads two forms,
which are all that the modules use: `import { a, b } from "./other.js";` and `export` before a
function, a class or a constant. An import that nobody exports, or one that comes back to its
module, raises `ValueError`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";\n', re.MULTILINE)
EXPORT: Final = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def bundled(entry: Path) -> str:
    """All modules that `entry` needs, itself last, as a text that defines `modules`."""
    parts = [_wrapped(path, entry.parent) for path in ordered(entry)]
    return "\n".join(["const modules = {};", *parts])


def ordered(entry: Path, above: tuple[Path, ...] = ()) -> list[Path]:
    """The modules that `entry` needs, each after those that it imports."""
    if entry in above:
        raise ValueError(f"{entry.name} imports itself, by {[path.name for path in above]}")
    found: dict[Path, None] = {}
    for path, names in _imports(entry):
        missing = set(names) - set(_exports(path))
        if missing:
            raise ValueError(f"{entry.name} imports {sorted(missing)}, not in {path.name}")
        found |= dict.fromkeys(ordered(path, (*above, entry)))
    return [*found, entry]


def _imports(path: Path) -> list[tuple[Path, list[str]]]:
    found = IMPORT.findall(path.read_text("utf-8"))
    return [((path.parent / target).resolve(), _names(names)) for names, target in found]


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _exports(path: Path) -> list[str]:
    return [name for _declared, name in EXPORT.findall(path.read_text("utf-8"))]


def _wrapped(path: Path, home: Path) -> str:
    """One module as a function's call; it finds the others by their places."""

    def place(of: Path) -> str:
        return f'modules["{of.relative_to(home.parent).as_posix()}"]'

    text = path.read_text("utf-8")
    needed = "".join(
        f"const {{ {', '.join(names)} }} = {place(of)};\n" for of, names in _imports(path)
    )
    body = EXPORT.sub(r"\1", IMPORT.sub("", text))
    given = ", ".join(_exports(path))
    return f"{place(path)} = (() => {{\n{needed}{body}return {{ {given} }};\n}})();"
