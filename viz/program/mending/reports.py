"""What only tells the world outside how a run goes: logs, files that are written, other screens.

`without_reports(tree, scopes)` gives the source with `pass` in the place of such statements, and
their lines: what the program computes does not depend on them. A statement is one of them if it is
nothing but a call of a `REPORTING` module's, of an object that one made or that was opened to be
written, or of a `REPORTS` function, if what it is given changes nothing, and if nothing else in the
program looks at what comes back.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.mending.reaching import is_pure, only_looks
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree

REPORTING: Final = frozenset(
    words(
        "torch.utils.tensorboard tensorboardX tensorboard wandb mlflow visdom comet_ml neptune"
        " torchviz hiddenlayer pynvml psutil GPUtil faulthandler tracemalloc"
    )
)
"""Modules that take what a run gives and show it elsewhere."""
REPORTS: Final = frozenset(
    f"{module}.{name}"
    for module, names in {
        "os": "system remove unlink rename rmdir removedirs chdir chmod putenv",
        "shutil": "rmtree copy copyfile copytree move make_archive",
        "sys.path": "append insert",
        "json": "dump",
        "pickle": "dump",
        "joblib": "dump",
        "numpy": "save savez savez_compressed savetxt",
        "torchvision.utils": "save_image",
        "imageio": "imwrite imsave mimsave",
        "cv2": "imwrite imshow waitKey destroyAllWindows",
        "seaborn": "set set_theme set_style set_context set_palette",
        "torch": "set_num_interop_threads set_warn_always",
        "torch.onnx": "export",
        "torch.jit": "save",
        "torch.cuda.nvtx": "range_push range_pop mark",
        "torch.multiprocessing": "set_start_method set_sharing_strategy freeze_support",
        "multiprocessing": "set_start_method freeze_support",
        "pandas": "set_option",
        "locale": "setlocale",
        "signal": "signal",
    }.items()
    for name in words(names)
)
"""Functions that do something outside the program and give back nothing that it needs."""
_WRITING: Final = frozenset(words("write writelines writerow writerows dump flush close print"))


def without_reports(tree: SyntaxTree, scopes: Scopes) -> tuple[str, list[int]]:
    """The source without what only reports, and the lines of that."""
    found = _Reports(tree, scopes)
    dropped = found.dropped()
    lines = list(tree.lines)
    told = []
    for each in sorted(dropped, key=lambda one: (-one.lineno, -one.col_offset)):
        span = tree.span(each)
        rest = lines[span.end_line - 1][span.end_column :]
        lines[span.line - 1] = lines[span.line - 1][: span.column] + "pass"
        lines[span.line : span.end_line] = [""] * (span.end_line - span.line)
        lines[span.end_line - 1] += rest if span.end_line == span.line else rest.rstrip()
        told.append(span.line)
    return "\n".join(lines), sorted(told)


class _Reports:
    """The statements of one program that only report."""

    def __init__(self, tree: SyntaxTree, scopes: Scopes) -> None:
        self.tree = tree
        self.scopes = scopes
        self.full = dict(self._imported())

    def _imported(self) -> Iterator[tuple[str, str]]:
        """What imports bring that are not here, and what they bring: `SummaryWriter`."""
        for node in self.tree.nodes:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for alias in node.names:
                start = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                name = alias.asname or alias.name.split(".")[0]
                whole = alias.name if alias.asname or start else name
                if len(self.scopes.binders(name)) == 1:
                    yield name, f"{start}{whole}"
        for name, module in allowed.READY.items():
            if not self.scopes.binders(name):
                yield name, module

    def dropped(self) -> list[ast.stmt]:
        """The statements that only report."""
        made = {
            self.tree.text(each.targets[0]): each
            for each in self.tree.nodes
            if isinstance(each, ast.Assign)
            and len(each.targets) == 1
            and isinstance(each.targets[0], ast.Name | ast.Attribute)
            and isinstance(each.value, ast.Call)
        }
        keys: set[str] = set()
        while more := {
            name for name, each in made.items() if name not in keys and self._is(each.value, keys)
        }:
            keys |= more
        return self._unneeded(made, keys)

    def _unneeded(self, made: dict[str, ast.Assign], keys: set[str]) -> list[ast.stmt]:
        """Of objects that something else looks at, nothing is dropped, but the calls of those that
        a model was called for.
        """
        kept = {
            name
            for name, each in made.items()
            if len(self.scopes.binders(name)) == 1
            and not is_pure(self._given(each.value))
            and self._reports(each.value, set())
        }
        while True:
            dropped: list[ast.stmt] = [made[each] for each in keys]
            dropped += [
                each
                for each in self.tree.nodes
                if (isinstance(each, ast.Expr) and self._is(each.value, keys | kept))
                or (isinstance(each, ast.With) and self._is_writing(each))
                or (isinstance(each, ast.Assign) and self._sets(each, keys | kept))
            ]
            inside = {node for each in dropped for node in ast.walk(each)}
            live = {
                name
                for name in keys
                for node in self.tree.nodes
                if isinstance(node, ast.Name | ast.Attribute)
                and node not in inside
                and self.tree.text(node) == name
            }
            if not live:
                return _outermost(self.tree, dropped)
            keys = keys - live

    def _is(self, node: ast.expr, keys: set[str]) -> bool:
        """Whether an expression is a call that only reports, of what changes nothing."""
        if not isinstance(node, ast.Call) or not is_pure(self._given(node)):
            return False
        return self._reports(node.func, keys) or self._opens(node)

    def _sets(self, node: ast.Assign, names: set[str]) -> bool:
        """`dot.format = "png"`: how one of the objects is to write."""
        return is_pure([node.value]) and all(
            isinstance(each, ast.Attribute) and self.tree.text(each.value) in names
            for each in node.targets
        )

    def _given(self, node: ast.expr) -> list[ast.AST]:
        """The arguments of a chain of calls."""
        found: list[ast.AST] = []
        while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
            if isinstance(node, ast.Call):
                found += [*node.args, *(each.value for each in node.keywords)]
                node = node.func
            else:
                node = node.value
        return found

    def _reports(self, node: ast.expr, keys: set[str]) -> bool:
        names: list[str] = []
        while isinstance(node, ast.Attribute | ast.Call):
            if self.tree.text(node) in keys:
                return True
            if isinstance(node, ast.Attribute):
                names.insert(0, node.attr)
                node = node.value
            else:
                names.clear()
                node = node.func
        if not isinstance(node, ast.Name):
            return False
        if node.id in keys:
            return True
        if node.id == "get_ipython" and not self.scopes.sees(node):
            return True
        full = ".".join([self.full.get(node.id, "?"), *names])
        return full in REPORTS or any(
            full == each or full.startswith(f"{each}.") for each in REPORTING
        )

    def _opens(self, node: ast.Call) -> bool:
        """`open(path, "w")`: a file that is written."""
        if not isinstance(node.func, ast.Name) or node.func.id != "open":
            return False
        modes = [*node.args[1:2], *(each.value for each in node.keywords if each.arg == "mode")]
        return not self.scopes.sees(node.func) and any(
            isinstance(each, ast.Constant) and str(each.value)[:1] in ("w", "a", "x")
            for each in modes
        )

    def _is_writing(self, node: ast.With) -> bool:
        """`with open(path, "w") as f:`, and all that it holds writes there."""
        opened = [each.context_expr for each in node.items]
        if not all(isinstance(each, ast.Call) and self._opens(each) for each in opened):
            return False
        inner = [each for one in node.body for each in ast.walk(one)]
        if any(isinstance(each, ast.stmt) and not isinstance(each, _QUIET) for each in inner):
            return False
        calls = [each for each in inner if isinstance(each, ast.Call)]
        written = [each for each in calls if _called(each) in _WRITING]
        printed = (each for each in written if _called(each) == "print")
        return (
            bool(written)
            and all(any(one.arg == "file" for one in each.keywords) for each in printed)
            and all(only_looks(each) for each in inner if each not in written)
        )


_QUIET: Final = (ast.Expr, ast.For, ast.If, ast.Pass)


def _called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _outermost(tree: SyntaxTree, statements: list[ast.stmt]) -> list[ast.stmt]:
    chosen = set(statements)
    return [each for each in chosen if not any(one in chosen for one in tree.ancestors(each))]
