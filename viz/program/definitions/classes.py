"""Classes: simple layers (`nn.Module`), functions with a derivative of their own, plain ones.

A class stands at the top of the program, has `nn.Module`, `torch.autograd.Function`, a class of the
program's own or nothing as its one base, and holds a docstring, constants and methods. A plain one
may say what operators mean (`__add__`), never how Python itself finds, makes, compares or ends
objects (`__getattr__`, `__new__`, `__eq__`, `__del__`).

What a class stores (`self.linear1 = …`) may be read of any object afterwards, so its own attributes
have reviewed names too: words such as `linear`, `hidden` or `scale`, combined by underscores and
numbered (`linear_relu_stack`, `fc1`, `W_xh`). A test holds that no such name leads to anything but
layers and numbers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from viz.errors import N_, ProgramRejected, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.names.modules import Modules
from viz.program.names.unknown import attribute_span
from viz.program.syntax.tree import SyntaxTree
from viz.records import MAX_NAME, Problem

BASES: Final = frozenset(
    {"torch.nn.Module", "torch.autograd.Function", "torch.autograd.function.Function"}
)
PLAIN: Final = "object"
METHODS: Final = frozenset(words("__init__ forward backward setup_context"))
OPERATORS: Final = frozenset(
    words(
        "__init__ __repr__ __str__ __call__ __len__ __getitem__ __neg__ __abs__ __add__ __radd__"
        " __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ __pow__ __rpow__ __lt__ __gt__"
        " __le__ __ge__"
    )
)
"""What a plain class may say of itself; every other name of Python's own stays Python's."""
CONSTANTS: Final = frozenset({"generate_vmap_rule"})
"""What PyTorch reads of a Function's class, beside the class's own words."""
PRIVATE: Final = frozenset(words("_prev _op _backward _children _parents"))
"""Names of a class's own as an engine of one's own has them."""
WORDS: Final = frozenset(
    words(
        "layer layers linear lin fc flat dense conv pool norm bn ln drop dropout act activation"
        " relu tanh sigmoid gelu softmax flatten hidden input inputs output outputs first second"
        " third"
        " last encoder decoder embed embedding head heads net network model block"
        " blocks stack seq main features classifier regressor loss criterion weight weights bias"
        " biases scale shift gain rate alpha beta gamma mu sigma theta phi omega param params coef"
        " coefs slope intercept poly degree order factor query key value attn attention proj up"
        " down left right mean std var eps dim size width height depth kernel memory cell gate"
        " forget update reset lam temperature tau noise mask count total result saved target"
        " targets rnn lstm gru unit units neuron vec vector matrix num in out hidden residual"
        " branch mlp predict score energy potential distance radius center amplitude frequency"
        " phase period growth decay threshold margin power exponent step steps xh hh hx hq"
        " ih ho xz xr hz hr lr helper compute string describe"
        " history losses constant batch epoch epochs channel channels feature inner outer"
        " pos embeddings vocab token tokens logit logits sample samples prior posterior"
        " mixer init physics dynamics state states velocity position"
        " mass force spring damping action actor critic policy rewards"
        " discriminator generator teacher student upper lower top bottom core body tail neck"
        " predictor grads ff ffn emb mha op prev neurons parents"
    )
)
Kinds = dict[ast.ClassDef, str]
MAX_OWN: Final = 40
"""Characters of such a name."""
_PART: Final = re.compile(r"[A-Za-z]?\d{0,3}|([A-Za-z]+?)\d{0,3}")


def is_own_word(name: str) -> bool:
    """Whether a class may store an attribute under this name."""
    return name in PRIVATE or (
        0 < len(name) <= MAX_OWN and all(_is_word(part) for part in name.split("_"))
    )


def _is_word(part: str) -> bool:
    found = _PART.fullmatch(part)
    return bool(part) and found is not None and (found[1] is None or found[1].lower() in WORDS)


def own_attributes(tree: SyntaxTree, modules: Modules) -> frozenset[str]:
    """The names that the program's classes define; raises `ProgramRejected` for other classes."""
    found: set[str] = set()
    kinds: Kinds = {}
    classes = [node for node in tree.nodes if isinstance(node, ast.ClassDef)]
    for node in sorted(classes, key=lambda each: each.lineno):  # bases stand above
        kind = kinds[node] = _check_class(tree, modules, node, kinds)
        given = METHODS | allowed.ASSIGNABLE | (OPERATORS if kind == PLAIN else CONSTANTS)
        for name, where in _stored(node):
            if name in given or (kind == PLAIN and _is_known_method(name, where)):
                continue
            if not is_own_word(name):
                raise ProgramRejected(_odd_word(tree, where, name))
            found.add(name)
    return frozenset(found)


def _is_known_method(name: str, node: ast.AST) -> bool:
    """Whether a method has a name that may be read of any object anyhow: `add`, `step`."""
    return isinstance(node, ast.FunctionDef) and name in allowed.OBJECT_ATTRIBUTES


def _check_class(tree: SyntaxTree, modules: Modules, node: ast.ClassDef, kinds: Kinds) -> str:
    """What kind of class it is: `PLAIN` or the full name of torch's; raises `ProgramRejected`."""
    kind = _kind(tree, modules, node, kinds)
    if kind is None or node.keywords or node.decorator_list:
        raise ProgramRejected(_other_base(tree, node))
    if tree.parents[node] is not tree.module:
        raise ProgramRejected(_not_on_top(tree, node))
    for statement in node.body:
        docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not (docstring or _constant(statement)) and not isinstance(
            statement, ast.FunctionDef | ast.Pass
        ):
            raise ProgramRejected(_only_methods(tree, statement))
    return kind


def _kind(tree: SyntaxTree, modules: Modules, node: ast.ClassDef, kinds: Kinds) -> str | None:
    """`PLAIN`, or which of torch's classes it descends from; `None` for any other. `kinds` has
    those of the classes above.
    """
    match node.bases:
        case []:
            return PLAIN
        case [ast.Name(id="object")] if not modules.scopes.binders("object"):
            return PLAIN
        case [ast.Name(id=name)] if (own := _own_class(tree, modules, name, node)) is not None:
            return kinds.get(own)
        case [base]:
            full = modules.full_name(base)
            return full if full in BASES else None
        case _:
            return None


def _own_class(
    tree: SyntaxTree, modules: Modules, name: str, before: ast.ClassDef
) -> ast.ClassDef | None:
    """The program's class of this name, if only it has the name and it stands further up."""
    match modules.scopes.binders(name):
        case [ast.ClassDef() as own] if own.lineno < before.lineno and name not in allowed.BARE:
            return own if tree.parents[own] is tree.module else None
        case _:
            return None


def _constant(node: ast.stmt) -> ast.Name | None:
    """The name that a class gives to a number or a text: `generate_vmap_rule = True`."""
    match node:
        case ast.Assign(targets=[ast.Name() as name], value=ast.Constant()):
            return name
        case _:
            return None


def _stored(node: ast.ClassDef) -> Iterator[tuple[str, ast.AST]]:
    """The names of a class's constants and methods, and of what those store on their first
    parameter, by name too: `self.register_buffer("scale", …)`."""
    for method in node.body:
        if (constant := _constant(method)) is not None:
            yield constant.id, constant
        if not isinstance(method, ast.FunctionDef):
            continue
        yield method.name, method
        own = [*method.args.posonlyargs, *method.args.args][:1]
        stack: list[ast.AST] = [method]
        while stack:
            each = stack.pop()
            stack.extend(ast.iter_child_nodes(each))
            match each:
                case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Store()):
                    if own and owner == own[0].arg:
                        yield name, each
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=owner), attr=registering),
                    args=[ast.Constant(value=str(name)), *_],
                ) if registering in ("register_buffer", "register_parameter"):
                    if own and owner == own[0].arg:
                        yield name, each


def is_super_init(tree: SyntaxTree, node: ast.AST) -> bool:
    """Whether an attribute is the one of `super().__init__(…)` inside a class's `__init__`."""
    match node:
        case ast.Attribute(attr="__init__", value=ast.Call(func=ast.Name(id="super")), ctx=ctx):
            called = tree.parents.get(node)
            inside = next((e for e in tree.ancestors(node) if isinstance(e, ast.FunctionDef)), None)
            return (
                isinstance(ctx, ast.Load)
                and isinstance(called, ast.Call)
                and called.func is node
                and inside is not None
                and inside.name == "__init__"
                and isinstance(tree.parents[inside], ast.ClassDef)
            )
        case _:
            return False


def is_super(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether the name is the `super` of `super().__init__(…)`."""
    call = tree.parents.get(node)
    return (
        node.id == "super"
        and isinstance(call, ast.Call)
        and call.func is node
        and is_super_init(tree, tree.parents.get(call) or node)
    )


def is_plain_base(tree: SyntaxTree, node: ast.Name) -> bool:
    """Whether the name is the `object` of `class A(object):`."""
    return node.id == PLAIN and isinstance(tree.parents.get(node), ast.ClassDef)


def is_static(tree: SyntaxTree, node: ast.expr) -> bool:
    """Whether a decorator is `@staticmethod` on a method."""
    method = tree.parents.get(node)
    return (
        isinstance(node, ast.Name)
        and node.id == "staticmethod"
        and isinstance(method, ast.FunctionDef)
        and node in method.decorator_list
        and isinstance(tree.parents[method], ast.ClassDef)
    )


def is_operator(tree: SyntaxTree, node: ast.AST, name: str) -> bool:
    """Whether a node defines a class's `__init__`, or an operator of a plain one."""
    return (
        name in OPERATORS
        and isinstance(node, ast.FunctionDef)
        and isinstance(tree.parents[node], ast.ClassDef)
    )


def _other_base(tree: SyntaxTree, node: ast.ClassDef) -> Problem:
    return problem(
        N_("A class may only be a layer, a function with its own derivative, or a plain one."),
        N_(
            "Write class {name}(nn.Module): or class {name}(torch.autograd.Function):"
            " or class {name}:"
        ),
        span=tree.first_line(node),
        name=node.name[:MAX_NAME],
    )


def _not_on_top(tree: SyntaxTree, node: ast.ClassDef) -> Problem:
    return problem(
        N_("A class stands inside something else."),
        N_("Move it to the top level of the program."),
        span=tree.first_line(node),
    )


def _only_methods(tree: SyntaxTree, node: ast.stmt) -> Problem:
    return problem(
        N_("A class may hold methods and plain constants only."),
        N_("Set it in __init__: self.scale = 2.0, or outside the class."),
        span=tree.first_line(node),
    )


def _odd_word(tree: SyntaxTree, node: ast.AST, name: str) -> Problem:
    span = attribute_span(tree, node) if isinstance(node, ast.Attribute) else tree.first_line(node)
    return problem(
        N_("The name {name} is not on the list of names for a class's own."),
        N_("Use words such as linear1, conv2, hidden, layers, scale, or one letter: w, b, W_xh."),
        span=span,
        name=name[:MAX_NAME],
    )
