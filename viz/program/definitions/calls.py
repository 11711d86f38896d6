"""How calls may be written: reviewed keyword arguments.

What `**` brings, what `device=` is and what `out=` of torch's functions does is decided when it
runs (`typed.calls`). Also decorators (a reviewed few) and `^`, which is not a power.
"""

from __future__ import annotations

import ast
from typing import Final

import msgspec

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.definitions.classes import is_of_methods
from viz.program.definitions.looks import unknown_look
from viz.program.definitions.own_names import fields_of_namedtuple
from viz.program.names import remedies
from viz.program.names.lookalikes import Lookalikes, nearest
from viz.program.names.modules import Modules
from viz.program.notation.notation import missing_product
from viz.program.slips.spelling import slips
from viz.program.syntax.placement import parameters
from viz.program.syntax.scopes import Scopes
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, Problem, Span

DECORATORS: Final = frozenset(
    words(
        "torch.no_grad torch.enable_grad torch.inference_mode torch.autograd.no_grad"
        " torch.func.grad torch.func.vmap torch.vmap torch.func.jacrev torch.func.jacfwd"
        " torch.func.hessian no_grad enable_grad inference_mode vmap torch.compile"
        " torch.autograd.function.once_differentiable once_differentiable"
    )
)


def check_calls(tree: SyntaxTree, scopes: Scopes, integers: frozenset[str]) -> None:
    """Raises `ProgramRejected` at the first call, decorator or `^` that may not stand there."""
    own = _own_parameters(tree)
    modules = Modules(tree, scopes)
    alike = Lookalikes()
    for node in tree.nodes:
        match node:
            case ast.Call():
                _check_called(tree, node)
                _check_looks(modules, node)
                _check_keywords(modules, node, own, alike)
            case ast.FunctionDef():
                _check_decorators(modules, node)
            case ast.BinOp(op=ast.BitXor()):
                _check_xor(tree, node, integers)
            case ast.AugAssign(op=ast.BitXor()):
                _check_xor(tree, node, integers)


def _check_called(tree: SyntaxTree, node: ast.Call) -> None:
    """`3(x + 1)` and `(x + 1)(x + 2)` are products without their sign."""
    if isinstance(node.func, ast.Constant | ast.BinOp | ast.UnaryOp | ast.Compare):
        whole, start = tree.span(node), tree.span(node.func)
        text = tree.text(node)
        if whole.line == whole.end_line:
            bracket = text.find("(", start.end_column - whole.column)
            meant = f"{text[:bracket]}*{text[bracket:]}"
            raise ProgramRejected(missing_product(whole, text, meant))
        raise ProgramRejected(missing_product(whole, "a(b)", "a*(b)"))


def _check_looks(modules: Modules, node: ast.Call) -> None:
    """`plt.plot(x, y, lable='f')`, which matplotlib does not take."""
    found = unknown_look(modules.tree, modules, node)
    if found is not None:
        keyword, meant = found
        raise ProgramRejected(_refused(modules.tree, keyword, _NO_LOOK, meant, meant is not None))


_NO_LOOK: Final = N_("matplotlib has no such argument here: label= names a line for plt.legend().")


def _own_parameters(tree: SyntaxTree) -> frozenset[str]:
    """The names of all parameters of the program's own functions, and of its records' fields."""
    fields = (
        node.target.id
        for node in tree.nodes
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(tree.parents.get(node), ast.ClassDef)
    )
    named = (word for node in tree.nodes for word in fields_of_namedtuple(node))
    return frozenset([*fields, *named]) | frozenset(
        each.arg
        for node in tree.nodes
        if isinstance(node, ast.arguments)
        for each in parameters(node)
    )


def is_own_function(scopes: Scopes, node: ast.expr) -> bool:
    """Whether a called expression can only be a function that the program defines.

    Never under a name that torch or Python has too: where the definition is skipped, comes later
    or stands in another scope, the name would mean theirs.
    """
    if not isinstance(node, ast.Name) or node.id in allowed.BARE:
        return False
    binders = scopes.binders(node.id)
    return bool(binders) and all(_defines(scopes.tree, each) for each in binders)


def _defines(tree: SyntaxTree, node: ast.AST) -> bool:
    if isinstance(node, ast.ClassDef) and not _is_made_here(node):
        return False
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return not node.decorator_list
    parent = tree.parents.get(node)
    return isinstance(parent, ast.Assign) and isinstance(parent.value, ast.Lambda)


def _is_made_here(node: ast.ClassDef) -> bool:
    """Whether objects of a class are made by the program's own words: what it descends from may be
    a class of torch's, which takes what it is called with.
    """
    said = any(isinstance(each, ast.FunctionDef) and each.name == "__init__" for each in node.body)
    return said or not node.bases


def _check_keywords(
    modules: Modules, node: ast.Call, own: frozenset[str], alike: Lookalikes
) -> None:
    tree, scopes = modules.tree, modules.scopes
    if is_own_function(scopes, node.func):
        return
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg in allowed.KEYWORDS:
            continue
        if keyword.arg == "device" and not _is_elsewhere(tree, keyword.value):
            continue
        if keyword.arg == "name" and _is_named(modules, node.func):
            continue
        if keyword.arg == "out" and (is_numpy_s(modules, node.func) or into(modules, node)):
            continue
        if keyword.arg in own and not _is_kept_out(modules, node.func, keyword.arg):
            continue
        if _is_dict(scopes, node.func) or _is_format(node.func) or _names_axes(modules, node.func):
            continue
        if _is_left(modules, node.func, keyword.arg, alike):
            continue
        raise ProgramRejected(_unknown_keyword(tree, keyword))


def _is_left(modules: Modules, called: ast.expr, keyword: str, alike: Lookalikes) -> bool:
    """Whether the called itself may say that it has no such argument: no function takes it that
    typed code may not give it, and none of torch's that may be meant has nearly the same.
    """
    if keyword == "device" or _is_kept_out(modules, called, keyword):
        return False
    return not _may_be_torch_s(modules, called) or alike.nearest(keyword, *_KNOWN) is None


_KNOWN: Final = ("keyword", lambda: allowed.KEYWORDS)


def _may_be_torch_s(modules: Modules, called: ast.expr) -> bool:
    """Whether a function of torch's or numpy's is called, or a tensor's method."""
    full = modules.full_name(called)
    if full is not None:
        return not full.startswith(("matplotlib.", "graphviz."))
    match called:
        case ast.Attribute(attr=name):
            return name in allowed.ATTRIBUTES["Tensor"]
        case _:
            return True


OF_A_PARAMETER: Final = frozenset(
    f"torch.nn.utils.{name}"
    for name in words(
        "weight_norm spectral_norm prune.identity prune.random_unstructured prune.l1_unstructured"
        " prune.random_structured prune.ln_structured prune.custom_from_mask prune.remove"
    )
)
"""What takes the name of a layer's parameter, and looks at it."""
_GIVING_NAMES: Final = frozenset(
    words("node subgraph add_module register_module register_buffer register_parameter")
)
OF_A_GRAPH: Final = frozenset({"graphviz.Digraph", "graphviz.Graph"})


def _is_named(modules: Modules, called: ast.expr) -> bool:
    """Whether it takes a name that is one and no more: a parameter's, a layer's, or that of a
    graph, a group or a node that the program draws.
    """
    if isinstance(called, ast.Attribute) and called.attr in _GIVING_NAMES:
        return True
    return modules.full_name(called) in OF_A_PARAMETER | OF_A_GRAPH


def _is_kept_out(modules: Modules, called: ast.expr, keyword: str) -> bool:
    """Whether a library's function might be what is called, and would take this keyword."""
    if keyword in remedies.KEYWORDS:
        return True
    if keyword not in allowed.KEPT_OUT_KEYWORDS:
        return False
    match called:
        case ast.Name(id=name) if name not in allowed.BARE:
            binders = modules.scopes.binders(name)
            ours = ast.FunctionDef | ast.ClassDef
            return not binders or not all(isinstance(each, ours) for each in binders)
        case ast.Attribute(attr="__init__"):
            return False
        case ast.Attribute(attr=attribute):
            return modules.full_name(called) is not None or attribute in allowed.TAKEN
    return True


def is_numpy_s(modules: Modules, node: ast.expr) -> bool:
    """Whether the called is a function of numpy's: it writes into arrays, into no graph."""
    return (modules.full_name(node) or "").startswith("numpy.")


def into(modules: Modules, node: ast.Call) -> ast.keyword | None:
    """The `out=` of a call of one of torch's own functions, if it is one tensor."""
    module, _, name = (modules.full_name(node.func) or "").rpartition(".")
    if module not in ("torch", "torch.linalg", "torch.special", "torch.fft") or not name.islower():
        return None
    found = [each for each in node.keywords if each.arg == "out"]
    return found[0] if found and not isinstance(found[0].value, ast.Tuple | ast.List) else None


def _is_dict(scopes: Scopes, node: ast.expr) -> bool:
    """Whether the called is Python's own `dict`, which takes any names."""
    return isinstance(node, ast.Name) and node.id == "dict" and not scopes.sees(node)


def _is_format(node: ast.expr) -> bool:
    """Whether a text is formatted: `'{a}'.format(a=1)`; its names are its own."""
    return isinstance(node, ast.Attribute) and node.attr == "format"


def _names_axes(modules: Modules, node: ast.expr) -> bool:
    """Whether the arguments are sizes of axes by name, `rearrange(x, "b (h w) -> b h w", h=2)`."""
    return (modules.full_name(node) or "").startswith("einops.")


def _is_elsewhere(tree: SyntaxTree, node: ast.expr) -> bool:
    """Whether a device is written out that is not here; under an `if` that is seen when it runs."""
    if not isinstance(node, ast.Constant) or node.value in ("cpu", "cpu:0", None):
        return False
    return not any(isinstance(each, ast.If | ast.IfExp) for each in tree.ancestors(node))


def _unknown_keyword(tree: SyntaxTree, node: ast.keyword) -> Problem:
    name = node.arg or ""
    if name in OF_OLD:
        found = problem(
            N_("The argument {name}= is not allowed."),
            N_("Older versions of PyTorch had it: give {value} without a name."),
            span=tree.span(node),
            name=name,
            value=tree.text(node.value)[:80],
        )
        return msgspec.structs.replace(found, replacement=tree.text(node.value))
    close = nearest(name, allowed.KEYWORDS)
    close = "device" if 0 < slips(name, "device") <= MOST_SLIPS else close
    slip = slips(name, close or "") <= MOST_SLIPS or name == "retain_grad"  # of two words one
    known = remedies.KEYWORDS.get(name)
    otherwise = known or N_("Use the arguments that PyTorch's documentation lists.")
    found = _refused(tree, node, otherwise, None if known else close, slip)
    span = tree.span(node)
    if found.replacement is not None or name != "device" or span.line != span.end_line:
        return found
    return msgspec.structs.replace(found, span=span, replacement='device="cpu"')


def _refused(
    tree: SyntaxTree, node: ast.keyword, otherwise: str, close: str | None, sure: bool
) -> Problem:
    """An argument that is not allowed; `close` is the one that may be meant."""
    name, span = node.arg or "", tree.span(node)
    found = problem(
        N_("The argument {name}= is not allowed."),
        N_("Did you mean {close}=?") if close else otherwise,
        span=Span.in_line(span.line, span.column, span.column + len(name)),
        name=name[:MAX_NAME],
        close=close or "",
    )
    return msgspec.structs.replace(found, replacement=close) if close and sure else found


OF_OLD: Final = frozenset({"data_tensor", "target_tensor"})
"""Names of `TensorDataset`'s arguments in torch 0.3, which takes them by their order since."""
MOST_SLIPS: Final = 1
"""Letters that a click mends in an argument's name."""
DECORATORS_BY_NAME: Final = frozenset(
    words(
        "functools.wraps functools.lru_cache functools.cache contextlib.contextmanager"
        " functools.cached_property typing.final typing.overload typing.no_type_check"
        " typing_extensions.override typing_extensions.final typing_extensions.overload"
        " abc.abstractmethod d2l.torch.add_to_class numpy.vectorize torch.jit.script"
        " torch.jit.ignore torch.jit.unused torch.jit.export torch.nn.attention.sdpa_kernel"
    )
)
"""What may stand before a function, however it is imported."""


def _check_decorators(modules: Modules, node: ast.FunctionDef) -> None:
    tree = modules.tree
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if (
            is_of_methods(tree, decorator)
            or is_own_function(modules.scopes, called)
            or tree.text(called) in DECORATORS
            or modules.full_name(called) in DECORATORS_BY_NAME
        ):
            continue
        raise ProgramRejected(
            problem(
                N_("This decorator is not allowed."),
                N_("Allowed are {allowed}; or call the function: g = vmap(f)."),
                span=tree.first_line(decorator),
                allowed="@torch.no_grad(), @torch.enable_grad(), @torch.func.vmap",
            )
        )


def _check_xor(tree: SyntaxTree, node: ast.BinOp | ast.AugAssign, integers: frozenset[str]) -> None:
    """`^` is refused unless both sides may be whole numbers or masks, or one shows that it is."""
    sides = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.target, node.value]
    if all(_may_be_bits(side, integers) for side in sides) or any(_is_bits(tree, s) for s in sides):
        return
    raise ProgramRejected(_power(tree, node))


def _is_bits(tree: SyntaxTree, node: ast.expr) -> bool:
    """Whether nobody would write it but for bits: `x >> 3`, `x & m`, `0xff`."""
    match node:
        case ast.BinOp(op=ast.LShift() | ast.RShift() | ast.BitAnd() | ast.BitOr()):
            return True
        case ast.Constant(value=int()):
            return tree.text(node)[:2].lower() in ("0x", "0b")
        case _:
            return False


def _may_be_bits(node: ast.expr, integers: frozenset[str]) -> bool:
    match node:
        case ast.Constant(value=bool()) | ast.Compare():
            return True
        case ast.Constant():
            return False
        case ast.Name(id=name):
            return name in integers
        case ast.BinOp(left=left, op=ast.BitXor() | ast.BitAnd() | ast.BitOr(), right=right):
            return _may_be_bits(left, integers) and _may_be_bits(right, integers)
        case ast.UnaryOp(op=ast.Invert() | ast.Not()):
            return True
        case _:
            return False


def _power(tree: SyntaxTree, node: ast.BinOp | ast.AugAssign) -> Problem:
    """`x^2` in the words of mathematics; the replacement mends the operator itself."""
    whole = tree.span(node)
    left = tree.span(node.left if isinstance(node, ast.BinOp) else node.target)
    right = tree.span(node.right if isinstance(node, ast.BinOp) else node.value)
    between = Span(left.end_line, left.end_column, right.line, right.column)
    offset = between.text(tree.lines).find("^")
    if between.line != between.end_line or offset < 0:
        span, replacement = whole, None
    else:
        column = between.column + offset
        span, replacement = Span.in_line(between.line, column, column + 1), "**"
    found = problem(
        N_("^ is not a power in Python: it combines the bits of whole numbers."),
        N_("Write ** for a power: x**2."),
        span=span,
    )
    return msgspec.structs.replace(found, replacement=replacement)
