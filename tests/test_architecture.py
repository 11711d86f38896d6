"""How the rooms stand to one another: what each may import, how large things grow, what is public.

The rules are read off the syntax trees, so that a rule holds for code that no test runs as well.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VIZ = ROOT / "viz"
MODULES = sorted(VIZ.rglob("*.py"))

MAY_IMPORT = {
    "records": {"records"},
    "errors": {"records", "errors"},
    "trees": {"trees"},
    "program": {"records", "errors", "trees", "program"},
    "tracing": {"records", "errors", "trees", "program", "tracing"},
    "sandbox": {"records", "errors", "trees", "program", "tracing", "sandbox"},
    "drawing": {"records", "errors", "trees", "drawing"},
    "lessons": {"records", "errors", "program", "sandbox", "lessons"},
}
"""Rooms of viz that each room may import; `page` and the public names may use all."""

INSIDE = {
    "program": [
        {"allowlist"},
        {"slips"},
        {"notation"},
        {"syntax"},
        {"names"},
        {"definitions", "inputs", "off_graph"},
        {"naming", "offered"},
        {"mending"},
        {"checking"},
    ],
    "tracing": [
        {"bytecode", "containers"},
        {"structures"},
        {"decisions", "reach", "round_news", "source_map", "state", "stopping"},
        {"printed", "texts"},
        {"runnable", "untouched"},
        {"hints"},
        {"typed"},
        {"recording", "sampling"},
        {"calculus"},
        {"questions"},
    ],
    "sandbox": [{"confinement", "wire"}, {"child", "server"}],
    "drawing": [
        {"colours", "texts", "view", "workers"},
        {"display"},
        {"figures", "formulas"},
        {"folding"},
        {"picture"},
        {"own_graphs", "play", "stills"},
        {"pictures"},
    ],
    "page": [
        {"components", "plots"},
        {"serving", "session"},
        {"asking"},
        {"code", "writing"},
        {"calculus", "graph", "masthead", "sidebar"},
        {"steps"},
        {"lower"},
        {"page"},
        {"warm"},
        {"entry"},
    ],
    "tracing/state": [
        {"contents", "eagerly", "memory", "one_look"},
        {"random_words", "widening"},
        {"process"},
    ],
    "tracing/typed": [
        {"blocks", "identity", "kept_indices", "ordered", "plain_sequences", "type_stand_ins"}
        | {"warm"},
        {"part"},
        {"guarded", "loops", "plot"},
        {"numpy", "own_graphs"},
        {"decided"},
        {"python"},
        {"libraries"},
        {"classes"},
        {"namespace"},
    ],
    "tracing/recording": [
        {"nodes", "options", "plain_results"},
        {"held_graph", "source", "useless"},
        {"forward"},
        {"backward"},
        {"scripts", "warned"},
        {"trace"},
    ],
    "tracing/hints": [
        {"brackets", "failures", "fitting_starts", "mended"},
        {"mends"},
        {"arrays", "mistakes", "refused", "shapes"},
        {"remedies"},
        {"messages"},
    ],
    "tracing/calculus": [{"descent", "own_failure", "search"}, {"curve"}, {"jacobian", "surface"}],
    "drawing/figures": [
        {"chart", "palette", "scale"},
        {"files", "panels", "plotly_layout"},
        {"curve", "rounds"},
        {"checks", "jacobian", "surface"},
    ],
    "drawing/stills": [
        {"marks"},
        {"curve", "matrix", "painted"},
        {"surface"},
        {"chart_picture"},
        {"notebook_figure"},
    ],
    "drawing/own_graphs": [{"operations", "source"}, {"own_graph"}],
    "page/components": [
        {"bundle", "received", "sending", "sent", "texts"},
        {"again", "as_shown", "first", "graph", "inputs", "offline", "overlay", "payload", "shell"}
        | {"course", "lesson", "sights", "source", "steps"},
        {"__init__"},
        {"contract"},
    ],
}
"""The sub-rooms and the modules at a room's root, lowest first: each may use what stands in a set
before its own, never its neighbours in one set. A room's `__init__` may use all of its room."""

ONLY_IN = {
    "torch": {
        "tracing",
        "sandbox/child/compiled.py",  # runs in the sandbox's child alone
        "program/allowlist/derive.py",  # a command that nothing imports
    },
    "streamlit": {"page"},
    "plotly": {"drawing", "page"},
    "pygraphviz": {"drawing"},
    "graphviz": {"drawing"},
    "ctypes": {
        "sandbox",
        "tracing/state/memory.py",
        "page/asking/shown.py",
    },  # the latter copies bytes, no more
}
"""Where a library may be imported at all: rooms, or single modules."""

LONGEST_FILE = 420
LONGEST_FUNCTION = 45
MOST_MODULES = 12
"""Modules of Python or JavaScript directly in one folder, its `__init__` apart."""

PUBLIC = {
    *("Sandbox", "Trace", "curve", "draw", "graph_of"),
    *("hessian", "jacobian", "plot", "surface", "trace"),
}
"""What `viz` promises; adding a name is a decision, taking one away breaks somebody's notebook."""


def room(path: Path) -> str:
    """The room of a module: `tracing` of viz/tracing/texts.py, `errors` of viz/errors.py."""
    first = path.relative_to(VIZ).parts[0]
    return first.removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The dotted names that a module imports, anywhere in it; for typing alone does not count."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in outside_type_checking(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            assert node.module is not None
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                yield inner if is_module(inner) else node.module


def is_module(name: str) -> bool:
    """Whether a dotted name is a module or a folder of this repository."""
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def outside_type_checking(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that is not under `if TYPE_CHECKING:`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting.extend(node.orelse)
        else:
            waiting.extend(ast.iter_child_nodes(node))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(VIZ)))
def test_imports_point_one_way(path: Path) -> None:
    allowed = MAY_IMPORT.get(room(path))
    for name in imported(path):
        top, *rest = name.split(".")
        if top == "viz" and rest and allowed is not None:
            assert rest[0] in allowed, f"viz/{room(path)} may not import {name}"
        if top in ONLY_IN:
            places = {room(path), path.relative_to(VIZ).as_posix()}
            assert places & ONLY_IN[top], f"only {ONLY_IN[top]} may import {top}"


def part(names: Sequence[str], depth: int) -> str:
    """What stands directly in a room: `recording` of viz.tracing.recording.trace, at depth 2."""
    return names[depth].removesuffix(".py") if len(names) > depth else "__init__"


def against_the_order(name: str) -> list[str]:
    """Every import within a room that goes up or sideways, as `module imports module`."""
    inside = ["viz", *name.split("/")]
    depth = len(inside)
    heights = {part: i for i, parts in enumerate(INSIDE[name]) for part in parts}
    found = []
    for path in sorted((VIZ / name).rglob("*.py")):
        own = part(("viz", *path.relative_to(VIZ).parts), depth)
        if own not in heights:
            continue
        for other in imported(path):
            inner = other.split(".")
            if inner[:depth] != inside or part(inner, depth) == own:
                continue
            if heights.get(part(inner, depth), len(heights)) >= heights[own]:
                found.append(f"{path.relative_to(VIZ)} imports {other}")
    return found


@pytest.mark.parametrize("name", sorted(INSIDE))
def test_sub_rooms_import_downwards_only(name: str) -> None:
    assert against_the_order(name) == []


def parts_of(folder: Path) -> set[str]:
    """The modules and sub-rooms that stand directly in a room."""
    return {
        path.stem
        for path in folder.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    } - {"__init__"}


@pytest.mark.parametrize("name", sorted(INSIDE))
def test_every_part_of_a_room_has_its_height(name: str) -> None:
    told = [part for parts in INSIDE[name] for part in parts if part != "__init__"]
    assert sorted(told) == sorted(parts_of(VIZ / name))


def test_every_room_of_sub_rooms_has_its_order() -> None:
    """A folder whose folders hold modules: in what order they may use each other is told."""
    rooms = {path.parent for path in VIZ.rglob("__init__.py")} - {VIZ}
    holders = {path.parent.relative_to(VIZ).as_posix() for path in rooms} - {"."}
    assert holders <= set(INSIDE)


def test_no_room_is_crowded() -> None:
    """What a newcomer meets at once when opening a folder of modules or tests."""
    counts = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.suffix in {".py", ".js"} and path.name != "__init__.py"
    )
    assert {room: count for room, count in counts.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(VIZ)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            length = node.end_lineno - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(VIZ)))
def test_a_module_says_what_it_gives(path: Path) -> None:
    if path.read_text(encoding="utf-8").strip():
        assert ast.get_docstring(tree_of(path))


def test_no_class_name_has_two_meanings() -> None:
    """A private name counts as well: `_Run` beside `Run` is read as the same thing."""
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name.strip("_"), []).append(str(path.relative_to(VIZ)))
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_no_other_name_is_a_class_s_name() -> None:
    """`Row = tuple[str, …]` beside a class `Row` somewhere else is read as that class."""
    classes = {
        node.name
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
    }
    named = [
        f"{path.relative_to(VIZ)}: {target.id}"
        for path in MODULES
        for node in tree_of(path).body
        for target in getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(target, ast.Name) and target.id in classes
    ]
    assert named == []


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("viz", {"torch", "streamlit", "plotly", "sympy"}),
        ("viz.records", {"torch", "streamlit"}),
        ("viz.program", {"torch", "streamlit"}),
        ("viz.drawing", {"torch", "streamlit", "plotly"}),
        ("viz.sandbox", {"torch", "streamlit"}),
        ("viz.page.page", {"torch"}),
    ],
)
def test_importing_stays_light(module: str, without: set[str]) -> None:
    program = f"import sys, {module}; print(*sorted(set(sys.modules) & {without!r}))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert loaded == []


def test_the_public_names_are_pinned() -> None:
    import viz

    assert set(viz.__all__) == PUBLIC
    assert all(getattr(viz, name) is not None for name in PUBLIC)


def test_the_error_tree_in_the_docstring_is_the_real_one() -> None:
    from viz import errors

    assert errors.__doc__ is not None
    written = re.findall(
        r"\b[A-Z]\w+(?:Error|Rejected|Busy|Unavailable|Stopped|Failed)\b", errors.__doc__
    )
    real = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, errors.ExplorerError)
    }
    assert set(written) == real


def tracked() -> list[Path]:
    """The files that git keeps, as far as they are text."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    binary = {".bin", ".png", ".gif", ".webp", ".mo", ".ico", ".woff2"}
    return [ROOT / name for name in names if name and Path(name).suffix not in binary]


def test_nothing_names_the_machine_it_was_made_on() -> None:
    place = re.compile(r"/(?:work/(?:main|shared|\.library)|root/|opt/(?:wheels|pypi)|home/\w+/)")
    named = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in tracked()
        if path.exists() and path != Path(__file__).resolve()
        for found in place.finditer(path.read_text(encoding="utf-8"))
    ]
    assert named == []
