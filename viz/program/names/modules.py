"""Which expressions of a program are modules (`torch`, `torch.nn`, `F`), and what it imports."""

from __future__ import annotations

import ast

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.names import remedies
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, Problem


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
        """Whether an import outside of everything brings a name of torch's: `… as dist`."""
        parents = self.tree.parents
        return allowed.BARE[name].startswith("torch.") and all(
            isinstance(each, ast.alias) and parents[parents[each]] is self.tree.module
            for each in binders
        )

    def _brought(self, node: ast.AST) -> str | None:
        """The module that a binding node brings, `None` if it binds anything else."""
        if not isinstance(node, ast.alias):
            return None
        statement = self.tree.parents[node]
        if isinstance(statement, ast.ImportFrom):
            return allowed.submodule(statement.module or "", node.name)
        return node.name if node.asname else node.name.split(".")[0]

    def check_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Raises `ProgramRejected` for an import of anything but the allowed."""
        for alias in node.names:
            if isinstance(node, ast.ImportFrom):
                self._check_taken(node, alias)
            elif alias.name not in allowed.MODULES:
                raise ProgramRejected(self._unknown(alias, alias.name))

    def _check_taken(self, node: ast.ImportFrom, alias: ast.alias) -> None:
        module = node.module or "."
        if node.level or module not in allowed.MODULES:
            raise ProgramRejected(self._unknown(node, module))
        if alias.name == "*":
            raise ProgramRejected(self._star(node, module))
        if alias.name not in allowed.MODULES[module]:
            raise ProgramRejected(self._unknown(alias, f"{module}.{alias.name}"))

    def _unknown(self, node: ast.AST, module: str) -> Problem:
        last = module.rpartition(".")[2]
        remedy = (
            remedies.MODULES.get(module.split(".")[0])
            or remedies.ATTRIBUTES.get(last)
            or N_("Allowed are torch and its parts, math and matplotlib.pyplot.")
        )
        return problem(
            N_("{name} may not be imported here."),
            remedy,
            span=self.tree.first_line(node),
            name=module[:MAX_NAME],
        )

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
