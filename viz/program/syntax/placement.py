"""What the parser lets pass and only a compiler would refuse: `return` outside a function, ….

`check_placement(tree)` raises `ProgramRejected` for them without compiling anything: compiling
may take seconds and gigabytes (nested `try … finally` doubles its code at every level).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from viz.errors import N_, ProgramRejected, problem
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_TYPED

MAX_TRIES: Final = 2
"""`try` statements within each other."""
MAX_BLOCKS: Final = 15
"""Loops, `with` and `try` within each other in one function; the compiler ends at 20."""

Found = tuple[ast.AST, str, str]
FUNCTIONS = (ast.FunctionDef, ast.Lambda)
_LOOPS = (ast.For, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BLOCKS = (ast.For, ast.While, ast.With, ast.Try)


def check_placement(tree: SyntaxTree) -> None:
    """Raises `ProgramRejected` at the first thing that stands where it may not."""
    for node in tree.nodes:
        for rule in _RULES.get(type(node), ()):
            for where, message, remedy in rule(tree, node):
                found = problem(message, remedy, span=tree.first_line(where), limit=str(MAX_TRIES))
                meant = _shown(tree, where)
                raise ProgramRejected(
                    msgspec.structs.replace(found, replacement=meant) if meant else found
                )


def _shown(tree: SyntaxTree, node: ast.AST) -> str | None:
    """What a `return` that ends a script is to show."""
    match node:
        case ast.Return(value=ast.expr() as value) if (
            tree.module.body[-1] is node and node.lineno == node.end_lineno
        ):
            return tree.text(value)[:MAX_TYPED]
        case _:
            return None


def _return(tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    if not any(isinstance(each, ast.FunctionDef) for each in tree.ancestors(node)):
        yield (
            node,
            N_("return is outside a function."),
            N_("Indent it into a def, or leave the word return out."),
        )


def _yield(tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    """`yield` belongs to a `def`; a comprehension, a class or a default value has none."""
    inner = (*COMPREHENSIONS, ast.Lambda, ast.ClassDef, ast.arguments, ast.arg)
    for each in tree.ancestors(node):
        if isinstance(each, inner):
            break
        if isinstance(each, ast.FunctionDef):
            if node_is_in_body(tree, node, each):
                return
            break
    yield (
        node,
        N_("yield is outside a function's body."),
        N_("Indent it into a def; in a comprehension leave the word yield out."),
    )


def node_is_in_body(tree: SyntaxTree, node: ast.AST, function: ast.FunctionDef) -> bool:
    """Whether a node belongs to the statements of a function, not to its head."""
    child = node
    for each in tree.ancestors(node):
        if each is function:
            return child in function.body
        child = each
    return False


def _inside_loop(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether `break` and `continue` have a loop: its body, not its `else`, in this function."""
    child = node
    for each in tree.ancestors(node):
        if isinstance(each, FUNCTIONS):
            return False
        if isinstance(each, _LOOPS) and child in each.body:
            return True
        child = each
    return False


def _break(tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    if not _inside_loop(tree, node):
        yield (
            node,
            N_("break and continue are outside a loop."),
            N_("Indent them into the for or while that they belong to."),
        )


def _blocks(tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    around = [node]
    for each in tree.ancestors(node):
        if isinstance(each, FUNCTIONS):
            break
        around.append(each)
    if sum(isinstance(each, _BLOCKS) for each in around) > MAX_BLOCKS:
        yield (
            node,
            N_("Too many blocks are nested within each other."),
            N_("Move the inner ones into a function of their own."),
        )


def _tries(tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    around = [node, *tree.ancestors(node)]
    if sum(isinstance(each, ast.Try) for each in around) > MAX_TRIES:
        yield (
            node,
            N_("More than {limit} try statements are nested within each other."),
            N_("Move the inner ones into a function, or put several except after one try."),
        )


def _handlers(_tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    assert isinstance(node, ast.Try)
    for handler in node.handlers[:-1]:
        if handler.type is None:
            yield (
                handler,
                N_("An except without an exception comes before another except."),
                N_("Put the except without an exception last."),
            )


def _parameters(_tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    assert isinstance(node, ast.arguments)
    seen: set[str] = set()
    for each in parameters(node):
        if each.arg in seen:
            yield (
                each,
                N_("Two parameters have the same name."),
                N_("Give each parameter a name of its own."),
            )
        seen.add(each.arg)


def parameters(node: ast.arguments) -> list[ast.arg]:
    """All parameters in the order of the source."""
    starred = [each for each in (node.vararg,) if each]
    double = [each for each in (node.kwarg,) if each]
    return [*node.posonlyargs, *node.args, *starred, *node.kwonlyargs, *double]


def _repeated_keywords(_tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    assert isinstance(node, ast.Call)
    seen: set[str] = set()
    for each in node.keywords:
        if each.arg is not None and each.arg in seen:
            yield each, N_("An argument is given twice."), N_("Keep one of the two.")
        seen.add(each.arg or "")


def _starred(tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    parent = tree.parents[node]
    inside = isinstance(parent, ast.Call | ast.List | ast.Tuple | ast.Set)
    if not inside:
        yield (
            node,
            N_("Nothing can be unpacked at the place of this star."),
            N_("Use it inside a call, a list or a tuple: f(*values), [*values]."),
        )


def _unpacking(_tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    assert isinstance(node, ast.List | ast.Tuple)
    stars = [each for each in node.elts if isinstance(each, ast.Starred)]
    if isinstance(node.ctx, ast.Store) and len(stars) > 1:
        yield stars[1], N_("There are two stars on the left of one =."), N_("Keep one of them.")


def _walrus(tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    """`:=` may not set a comprehension's own variable nor stand in what it runs over."""
    assert isinstance(node, ast.NamedExpr)
    child: ast.AST = node
    for each in tree.ancestors(node):
        if isinstance(each, FUNCTIONS):
            return
        if isinstance(each, ast.comprehension) and child is each.iter:
            yield node, _WALRUS, N_("Set the name on a line of its own before.")
        if isinstance(each, COMPREHENSIONS) and node.target.id in _targets(each):
            yield node, _WALRUS, N_("Give it a name that the comprehension does not use.")
        child = each


_WALRUS: Final = N_(":= is not allowed at this place of a comprehension.")


def _targets(node: ast.AST) -> set[str]:
    """The names that a comprehension's own `for` binds."""
    found: set[str] = set()
    stack = [each.target for each in getattr(node, "generators", [])]
    while stack:
        target = stack.pop()
        if isinstance(target, ast.Name):
            found.add(target.id)
        elif isinstance(target, ast.Starred):
            stack.append(target.value)
        elif isinstance(target, ast.Tuple | ast.List):
            stack.extend(target.elts)
    return found


def _cases(_tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    """A case that takes everything is the last."""
    assert isinstance(node, ast.Match)
    for case in node.cases[:-1]:
        if isinstance(case.pattern, ast.MatchAs) and case.guard is None:
            yield (
                case.pattern,
                N_("This case takes everything, and others follow it."),
                N_("Put it last."),
            )


def _compared(_tree: SyntaxTree, node: ast.AST) -> Iterator[Found]:
    """What a case compares with is written out: a part of something would have to be asked for."""
    value = node.value if isinstance(node, ast.MatchValue) else None
    if isinstance(value, ast.UnaryOp):
        value = value.operand
    alternatives = node.patterns if isinstance(node, ast.MatchOr) else []
    named = isinstance(node, ast.MatchAs) and node.pattern is not None
    if (
        named
        or not (value is None or isinstance(value, ast.Constant))
        or any(isinstance(each, ast.MatchAs) for each in alternatives)
    ):
        yield (
            node,
            N_("A case may be a number, a text or a name here."),
            N_("Use if, elif and else."),
        )


_RULES: Final[dict[type[ast.AST], tuple[Callable[[SyntaxTree, ast.AST], Iterator[Found]], ...]]] = {
    ast.Return: (_return,),
    ast.Yield: (_yield,),
    ast.YieldFrom: (_yield,),
    ast.Break: (_break,),
    ast.Continue: (_break,),
    ast.For: (_blocks,),
    ast.While: (_blocks,),
    ast.With: (_blocks,),
    ast.Try: (_blocks, _tries, _handlers),
    ast.arguments: (_parameters,),
    ast.Call: (_repeated_keywords,),
    ast.Starred: (_starred,),
    ast.List: (_unpacking,),
    ast.Tuple: (_unpacking,),
    ast.NamedExpr: (_walrus,),
    ast.Match: (_cases,),
    **dict.fromkeys((ast.MatchValue, ast.MatchOr, ast.MatchAs), (_compared,)),
}
