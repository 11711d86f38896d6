"""How the house is laid out, in figures: files a room, lengths, circles, duplicates, typed scripts.

`python3 benchmarks/structure.py` measures this checkout; `python3 benchmarks/structure.py FOLDER`
another one, for instance `git worktree add --detach /elsewhere <commit>`. Any Python from 3.11 on,
nothing installed.
"""

from __future__ import annotations

import ast
import json
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

MANY = 12
"""Modules of a room, its `__init__` apart, beyond which a newcomer looks for sub-rooms."""
LEAST = 60
"""Nodes of a function's syntax tree from which on an equal one elsewhere is a duplicate."""
LEAST_TABLE = 8
"""The same of a constant's value."""

Trees = dict[Path, ast.Module]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    root = root if root.is_dir() else root.parent.parent
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in (root / "viz").rglob("*.py")
    }
    for line in (
        *rooms(root, trees), *lengths(root, trees), *orders(root, trees),
        *repetitions(trees), *scripts(root),
    ):  # fmt: skip
        print(line)
    return 0


def rooms(root: Path, trees: Trees) -> Iterator[str]:
    """Modules that stand directly in a folder, the fullest folders first; the tests' as well."""
    modules = [*trees, *(root / "viz").rglob("*.js"), *(root / "tests").rglob("*.py")]
    counts = Counter(
        path.parent.relative_to(root).as_posix() for path in modules if path.name != "__init__.py"
    )
    crowded = [count for count in counts.values() if count > MANY]
    yield f"modules: {len(modules)} in {len(counts)} rooms; of more than {MANY}: {len(crowded)}"
    yield "fullest: " + ", ".join(f"{room} {count}" for room, count in counts.most_common(5))


def lengths(root: Path, trees: Trees) -> Iterator[str]:
    """The longest file, the longest function, the median of all functions, in lines."""
    files = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in trees}
    longest = max(files, key=lambda path: files[path])
    yield f"longest file: {longest.relative_to(root)}, {files[longest]} lines"
    functions = {(path, node.name): span(node) for path, node in functions_of(trees)}
    (path, name), most = max(functions.items(), key=lambda item: item[1])
    yield f"longest function: {name} in {path.relative_to(root)}, {most} lines"
    every = [span(node) for _path, node in functions_of(trees)]
    yield f"functions: {len(every)}, median {statistics.median(every):g} lines"


def functions_of(trees: Trees) -> Iterator[tuple[Path, Function]]:
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def span(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def orders(root: Path, trees: Trees) -> Iterator[str]:
    """Imports that close a circle between the parts of a room."""
    edges: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        here = part(path.relative_to(root).with_suffix("").parts)
        for name in imported(root, tree):
            there = part(tuple(name.split(".")))
            if there != here and there.split(".")[:2] == here.split(".")[:2]:
                edges[here].add(there)
    closing = [(a, b) for a in edges for b in sorted(edges[a]) if a in reached(edges, b)]
    yield f"imports between parts of one room: {sum(map(len, edges.values()))}"
    yield f"of these in a circle: {len(closing)}"
    yield from (f"  {a} → {b}" for a, b in closing)


def part(names: tuple[str, ...]) -> str:
    """`viz.tracing.recording` of viz/tracing/recording/trace.py: what stands in the room."""
    return ".".join(names[:3])


def imported(root: Path, tree: ast.Module) -> Iterator[str]:
    """What a module imports; for typing alone does not count."""
    typing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in typing:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                inner = root.joinpath(*node.module.split("."), name.name)
                module = inner.is_dir() or inner.with_suffix(".py").exists()
                yield f"{node.module}.{name.name}" if module else node.module


def reached(edges: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        if here not in found:
            found.add(here)
            ahead.extend(edges.get(here, ()))
    return found


def repetitions(trees: Trees) -> Iterator[str]:
    """Class names with more than one meaning; tables and functions that are written twice."""
    classes: Counter[str] = Counter()
    for tree in trees.values():
        classes.update(n.name.strip("_") for n in ast.walk(tree) if isinstance(n, ast.ClassDef))
    double = sorted(name for name, count in classes.items() if count > 1)
    yield f"class names with two meanings: {len(double)} {' '.join(double)}".rstrip()
    bodies: dict[str, list[str]] = defaultdict(list)
    for path, node in functions_of(trees):
        if sum(1 for _ in ast.walk(node)) >= LEAST:
            bodies["\n".join(map(ast.dump, node.body))].append(f"{path.stem}.{node.name}")
    twice = [names for names in bodies.values() if len(names) > 1]
    tables: dict[str, list[str]] = defaultdict(list)
    for path, tree in trees.items():
        for statement in tree.body:
            value = getattr(statement, "value", None)
            if not isinstance(statement, ast.Assign | ast.AnnAssign) or value is None:
                continue
            alias = isinstance(value, ast.Subscript)  # of a type: one shape may mean two things
            if not alias and sum(1 for _ in ast.walk(value)) >= LEAST_TABLE:
                tables[ast.dump(value)].append(path.stem)
    same = [names for names in tables.values() if len(names) > 1]
    yield f"tables written twice: {len(same)} {' '.join(map('='.join, same))}".rstrip()
    yield f"functions written twice: {len(twice)} {' '.join(map('='.join, twice))}".rstrip()


def scripts(root: Path) -> Iterator[str]:
    """How much of the browser's side a type checker reads."""
    found = sorted((root / "viz" / "page").rglob("*.js"))
    checked = [path for path in found if type_checked(path, root)]
    yield f"JavaScript: {len(found)} files, {total(found)} lines"
    yield f"under type checks: {len(checked)} files, {total(checked)} lines"


def total(paths: Iterable[Path]) -> int:
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def type_checked(path: Path, root: Path) -> bool:
    """Whether the script says so itself, or the nearest settings do for all beneath them."""
    if "@ts-check" in path.read_text(encoding="utf-8"):
        return True
    for folder in [folder for folder in path.parents if folder.is_relative_to(root)]:
        for name in ("deno.json", "jsconfig.json", "tsconfig.json"):
            if (folder / name).exists():
                told = json.loads((folder / name).read_text(encoding="utf-8"))
                return bool(told.get("compilerOptions", {}).get("checkJs"))
    return False


if __name__ == "__main__":
    sys.exit(main())
