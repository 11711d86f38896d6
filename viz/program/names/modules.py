"""Which expressions of a program are modules (`torch`, `torch.nn`, `F`), and what it imports."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.names import remedies
from viz.program.names.libraries import of_library
from viz.program.names.lookalikes import nearest
from viz.program.slips.spelling import slips
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, Problem, Span


def is_given_a_name(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether it is a side of `F = torch.nn.functional`, outside of everything, or one of
    `F, nn = torch.nn.functional, torch.nn`.
    """
    statement = tree.parents.get(node)
    if isinstance(statement, ast.Tuple):
        statement = tree.parents.get(statement)
    match statement:
        case ast.Assign(targets=[ast.Name() | ast.Tuple()]):
            outside = tree.parents.get(statement) is tree.module
            return outside and any(node in pair for pair in given_names(statement))
        case _:
            return False


def given_names(statement: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """The names that an assignment gives, each with what it is given to."""
    (target,), value = statement.targets[:1], statement.value
    if isinstance(target, ast.Name):
        return [(target, value)]
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return []
    if len(target.elts) != len(value.elts) or not all(
        isinstance(each, ast.Name) for each in target.elts
    ):
        return []
    return list(zip(target.elts, value.elts, strict=True))


_PARTS: Final = ""


class Modules:
    """The modules of one program, by the names that stand for them."""

    def __init__(self, tree: SyntaxTree, scopes: Scopes) -> None:
        self.tree = tree
        self.scopes = scopes
        self.known: dict[str, str | None] = {}

    def of(self, node: ast.AST) -> str | None:
        """The full name of the module that an expression stands for, else `None`."""
        if isinstance(node, ast.Name):
            if node.id not in self.known:
                self.known[node.id] = self._named(node.id)
            return self.known[node.id]
        if isinstance(node, ast.Attribute):
            owner = self.of(node.value)
            return allowed.submodule(owner, node.attr) if owner else None
        return None

    def full_name(self, node: ast.AST) -> str | None:
        """The full name of a module's allowed part (`torch.nn.Module`), however it is imported."""
        match node:
            case ast.Attribute(value=owner, attr=name) if module := self.of(owner):
                return f"{module}.{name}" if name in allowed.MODULES[module] else None
            case ast.Name(id=name):
                found = {self._taken(each) for each in self.scopes.binders(name)}
                return found.pop() if len(found) == 1 else None
            case _:
                return None

    def _taken(self, node: ast.AST) -> str | None:
        """What `from … import` brings under a name."""
        statement = self.tree.parents.get(node)
        if not isinstance(node, ast.alias) or not isinstance(statement, ast.ImportFrom):
            return None
        return f"{statement.module}.{node.name}"

    def _named(self, name: str) -> str | None:
        """A name that only imports bind is the module that they all bring."""
        binders = self.scopes.binders(name)
        if not binders:
            return allowed.READY.get(name)
        if name in allowed.BARE and not self._surely(name, binders):
            return None  # where the import is skipped, the name means something else
        brought = {self._brought(node) for node in binders}
        return brought.pop() if len(brought) == 1 else None

    def _surely(self, name: str, binders: list[ast.AST]) -> bool:
        """Whether an import outside of everything brings a name of torch's, `… as dist`, or what
        a notebook has as a function, too: `from IPython import display`.
        """
        parents = self.tree.parents
        known = name == "display" or allowed.BARE[name].startswith("torch.")
        return known and all(
            is_given_a_name(self.tree, each)
            or (isinstance(each, ast.alias) and parents[parents[each]] is self.tree.module)
            for each in binders
        )

    def _brought(self, node: ast.AST) -> str | None:
        """The module that a binding node brings, `None` if it binds anything else."""
        if isinstance(node, ast.Name) and is_given_a_name(self.tree, node):
            return self._given(node)
        if not isinstance(node, ast.alias):
            return None
        statement = self.tree.parents[node]
        if isinstance(statement, ast.ImportFrom):
            return allowed.submodule(statement.module or "", node.name)
        return node.name if node.asname else node.name.split(".")[0]

    def _given(self, node: ast.Name) -> str | None:
        """The module of `F = torch.nn.functional`; one asked for by its own name is none."""
        self.known.setdefault(node.id, None)
        statement = self.tree.parents[node]
        if isinstance(statement, ast.Tuple):
            statement = self.tree.parents[statement]
        assert isinstance(statement, ast.Assign)
        value = next(value for name, value in given_names(statement) if name is node)
        return self.of(value) if isinstance(value, ast.Attribute) else None

    def check_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Raises `ProgramRejected` for an import of anything but the allowed."""
        for alias in node.names:
            if isinstance(node, ast.ImportFrom):
                self._check_taken(node, alias)
            elif alias.name not in allowed.MODULES and not self._is_tried(node):
                raise ProgramRejected(self._unknown(node, [alias], alias.name))

    def left_out(self, node: ast.Import | ast.ImportFrom) -> list[ast.alias]:
        """The names that an import brings, are not here, and nothing uses; none where the program
        itself is ready for an import to fail.
        """
        if self._in_try(node) or (isinstance(node, ast.ImportFrom) and node.level):
            return []
        return [each for each in self.missing(node) if not self._asked_of(each)]

    def missing(self, node: ast.Import | ast.ImportFrom) -> list[ast.alias]:
        """The names that an import brings and that are not here."""
        return [each for each in node.names if not self._is_here(node, each)]

    def _is_here(self, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> bool:
        if isinstance(node, ast.Import):
            return alias.name in allowed.MODULES
        names = allowed.MODULES.get(node.module or "", frozenset())
        return alias.name in names or (alias.name == "*" and bool(names))

    def of_star(self, node: ast.Import | ast.ImportFrom) -> str | None:
        """`from math import *` as an import of what the program reads of it, else `None`."""
        if not isinstance(node, ast.ImportFrom) or node.level or node.names[0].name != "*":
            return None
        names = allowed.MODULES.get(node.module or "")
        if names is None or self.tree.parents[node] is not self.tree.module:
            return None
        read = names & self._asked.keys()
        meant = sorted(each for each in read if brought_by_star(node.module or "", each))
        return f"from {node.module} import {', '.join(meant)}" if meant else "pass"

    def _check_taken(self, node: ast.ImportFrom, alias: ast.alias) -> None:
        module = node.module or "."
        if module not in allowed.MODULES and not node.level and self._is_tried(node):
            return
        if node.level or module not in allowed.MODULES:
            raise ProgramRejected(self._unknown(node, node.names, module))
        if alias.name == "*":
            raise ProgramRejected(self._star(node, module))
        if alias.name not in allowed.MODULES[module]:
            raise ProgramRejected(self._unknown(node, [alias], f"{module}.{alias.name}"))

    def _is_tried(self, node: ast.Import | ast.ImportFrom) -> bool:
        """Whether a module may well be missing: the program catches that, and uses it nowhere."""
        return self._in_try(node) and not any(self._asked_of(each) for each in node.names)

    def _in_try(self, node: ast.AST) -> bool:
        parent = self.tree.parents[node]
        return (
            isinstance(parent, ast.Try)
            and node in parent.body
            and any(_catches_import_errors(each) for each in parent.handlers)
        )

    def _unknown(
        self, node: ast.Import | ast.ImportFrom, names: list[ast.alias], module: str
    ) -> Problem:
        """An import of what is not here; what nothing uses can be left out, whatever it is."""
        span = self.tree.span(node)
        if (part := self._part_mistyped(node, names)) is not None:
            return part
        asked = sorted({text for each in names for text in self._asked_of(each)})
        if not asked:
            found = problem(_NOT_HERE, _UNUSED, span=span, name=module[:MAX_NAME])
            return msgspec.structs.replace(found, replacement=self.without(node, names))
        if (meant := self._mistyped(node, module)) is not None:
            return meant
        taken_from = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        return problem(
            _NOT_HERE_BUT_USED,
            _in_its_place(taken_from, module),
            span=span,
            name=module[:MAX_NAME],
            used=_enumerated(asked),
            names=_enumerated(sorted(allowed.MODULES.get(taken_from, ()))),
            module=taken_from[:MAX_NAME],
        )

    def _mistyped(self, node: ast.Import | ast.ImportFrom, module: str) -> Problem | None:
        """`import numppy as np`: a module's name with one letter wrong."""
        span, text = self.tree.span(node), self.tree.text(node)
        column = text.find(module)
        near = [each for each in allowed.MODULES if slips(module[:MAX_NAME], each) == 1]
        near = ["torch"] if module.lower() in ("pytorch", "torch") else near
        near = ["numpy"] if module == "cupy" else near  # the same on a GPU
        short = len(module) < SHORTEST and module != "cupy"
        if len(near) != 1 or short or column < 0 or span.line != span.end_line:
            return None
        if module.split(".")[0] in sys.stdlib_module_names or of_library(module):
            return None  # another one that there is elsewhere is meant
        start = span.column + column
        found = problem(
            _NOT_HERE,
            N_("Did you mean {close}?"),
            span=Span.in_line(span.line, start, start + len(module)),
            name=module[:MAX_NAME],
            close=near[0],
        )
        known = isinstance(node, ast.Import) and node.names[0].asname is None
        if known and "." not in module and len(node.names) == 1:
            return msgspec.structs.replace(found, mended=self._renamed(module, near[0], found))
        return msgspec.structs.replace(found, replacement=near[0])

    def _part_mistyped(
        self, node: ast.Import | ast.ImportFrom, names: list[ast.alias]
    ) -> Problem | None:
        """`from torch.utils.data import DataLoder`: a name of a module with a letter or two wrong,
        which the real module has not either.
        """
        taken_from = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        there = allowed.MODULES.get(taken_from, frozenset())
        if len(names) != 1 or names[0].name in allowed.REAL.get(taken_from, {names[0].name}):
            return None
        name, span = names[0].name[:MAX_NAME], self.tree.span(names[0])
        near = nearest(name, there) if len(name) >= SHORTEST else None
        if near is None or slips(name, near) > 1 + (len(name) > LONG):
            return None
        found = problem(
            _NOT_HERE,
            N_("Did you mean {close}?"),
            span=Span.in_line(span.line, span.column, span.column + len(name)),
            name=f"{taken_from}.{name}",
            close=near,
        )
        if names[0].asname is not None:
            return msgspec.structs.replace(found, replacement=near)
        return msgspec.structs.replace(found, mended=self._renamed(name, near, found))

    def _renamed(self, name: str, meant: str, found: Problem) -> str:
        """The text with another name wherever a name stands, and where it is imported."""
        spans = [
            self.tree.span(each)
            for each in self.tree.nodes
            if isinstance(each, ast.Name) and each.id == name
        ]
        lines = list(self.tree.lines)
        for place in sorted(
            [*spans, *filter(None, [found.span])],
            key=lambda each: (each.line, each.column),
            reverse=True,
        ):
            line = lines[place.line - 1]
            lines[place.line - 1] = line[: place.column] + meant + line[place.end_column :]
        return "\n".join(lines)

    def _asked_of(self, alias: ast.alias) -> set[str]:
        """What the program does with an imported name: `pd.DataFrame`, or the name itself."""
        if alias.name == "*":
            return {"*"}
        if "." in alias.name and not alias.asname:
            return {alias.name} & self._asked[_PARTS]
        return self._asked.get(alias.asname or alias.name, set())

    @functools.cached_property
    def _asked(self) -> Mapping[str, set[str]]:
        """By name what is asked of it, the name itself or a part; all parts under `_PARTS`."""
        found: dict[str, set[str]] = {_PARTS: set()}
        for node in self.tree.nodes:
            if isinstance(node, ast.Attribute):
                found[_PARTS].add(self.tree.text(node))
            elif isinstance(node, ast.Name):
                parent = self.tree.parents[node]
                asked = parent if isinstance(parent, ast.Attribute) else node
                found.setdefault(node.id, set()).add(self.tree.text(asked))
        return found

    def without(self, node: ast.Import | ast.ImportFrom, left_out: list[ast.alias]) -> str:
        """The statement without these names; `pass` where something has to stand."""
        rest = [each for each in node.names if each not in left_out]
        if rest:
            kept = ", ".join(map(ast.unparse, rest))
            start = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
            return f"{start}import {kept}"
        span = self.tree.span(node)
        line = self.tree.lines[span.end_line - 1]
        around = self.tree.lines[span.line - 1][: span.column] + line[span.end_column :]
        alone = not around.partition("#")[0].strip()
        return "" if alone and self.tree.parents[node] is self.tree.module else "pass"

    def _star(self, node: ast.AST, module: str) -> Problem:
        return problem(
            N_("import * is not allowed."),
            N_(
                "Name what you need: from {name} import … Torch's functions work without a "
                "prefix anyway."
            ),
            span=self.tree.first_line(node),
            name=module[:MAX_NAME],
        )


LONG: Final = 8
"""Letters of a name of which two may be wrong."""
SHORTEST: Final = 5
"""Letters of a module's name that may be another's mistyped."""
_NOT_HERE: Final = N_("{name} may not be imported here.")
_NOT_HERE_BUT_USED: Final = N_("{name} may not be imported here, and the program uses {used}.")
_UNUSED: Final = N_("Nothing in the program uses it: leave it out.")
_NAMES_OF_IT: Final = N_("{module} has these names here: {names}.")
_WITHOUT_IT: Final = N_(
    "Write that part with torch, numpy or Python's own functions, or leave it out."
)
MOST_NAMED: Final = 12
"""Names that a sentence enumerates."""


def _in_its_place(taken_from: str, module: str) -> str:
    """The remedy for a module, or a part of one, that the program uses."""
    if taken_from in allowed.MODULES:
        return remedies.of_attribute(taken_from, module.rpartition(".")[2]) or _NAMES_OF_IT
    known = remedies.MODULES.get(module) or remedies.MODULES.get(module.split(".")[0])
    return known or of_library(module) or _WITHOUT_IT


def brought_by_star(module: str, name: str) -> bool:
    """Whether `from module import *` brings an allowed name of the module."""
    return not name.startswith("_") and name not in NOT_BY_STAR.get(module, ())


NOT_BY_STAR: Final = {
    "torch": words(
        "HalfTensor accelerator amp autograd backends broadcast_shapes channels_last"
        " channels_last_3d has_mps strided"
        " contiguous_format"
        " cuda distributions fft func functional jit linalg lu mps nn optim pca_lowrank"
        " preserve_format"
        " profiler testing random signal sparse set_default_dtype set_grad_enabled special"
        " svd_lowrank unique"
        " utils version xpu eig lstsq matrix_rank solve symeig"
    ),
    "torch.autograd": words("forward_ad function functional graph profiler"),
    "torch.utils.data": words("dataloader dataset sampler"),
    "collections": words("abc"),
    "numpy": words("matlib"),
    "torch.distributions": words(
        "bernoulli beta categorical dirichlet exponential gamma kl laplace multinomial normal"
        " multivariate_normal uniform binomial poisson geometric studentT cauchy half_normal"
        " log_normal chi2 gumbel independent"
    ),
    "torch.sparse": words("FloatTensor DoubleTensor LongTensor"),
    "torch.fft": words("hfft2 hfftn ihfft2 ihfftn"),
    "torch.nn.utils": words("prune"),
    "torch.nn.modules": words("batchnorm conv linear loss module utils"),
    "torch.optim.optimizer": words("required"),
}
"""Names of modules that say themselves which names `*` brings, and do not say these."""


def _catches_import_errors(handler: ast.ExceptHandler) -> bool:
    names = {each.id for each in ast.walk(handler.type or handler) if isinstance(each, ast.Name)}
    return handler.type is None or bool(names & {"ImportError", "ModuleNotFoundError", "Exception"})


def _enumerated(names: Sequence[str]) -> str:
    shown = ", ".join(each[:80] for each in names[:MOST_NAMED])
    return shown + (", …" if len(names) > MOST_NAMED else "")
