"""What was typed as a Python script and as a notebook that run anywhere torch, plotly and graphviz
are: the run, its gradients, autograd's graph, and the curve. Their numbers are the page's own.

Nothing of the explorer is in them. They are texts: nothing is executed here.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from msgspec import structs

from viz.page.session.view import usual_range
from viz.program.allowlist import allowed
from viz.records import Program
from viz.trees import at_the_margin, parse

START: Final = '''\
def as_leaf(value):
    """A value as a leaf that asks for its gradient."""
    tensor = torch.as_tensor(value)
    if not (tensor.is_floating_point() or tensor.is_complex()):
        tensor = tensor.to(torch.get_default_dtype())
    return tensor.detach().clone().requires_grad_()
'''
EITHER: Final = '''\
def either(of_tensors, of_numbers):
    """A function of tensors that takes a plain number too."""
    return lambda x, *more: (
        of_numbers(x) if isinstance(x, (int, float)) and not more else of_tensors(x, *more)
    )
'''
RUN: Final = '''\
def tensors_of(result):
    """The tensors of a result: it may be a tuple, a list, a dictionary, or hold such."""
    if isinstance(result, torch.Tensor):
        return [result]
    parts = result if isinstance(result, (tuple, list)) else ()
    parts = result.values() if isinstance(result, dict) else parts
    parts = vars(result).values() if hasattr(result, "__dataclass_fields__") else parts
    return [tensor for part in parts for tensor in tensors_of(part)]


{before}torch.manual_seed({seed})
results = tensors_of(typed_function({names}))
roots = [each for each in results if each.requires_grad]
weights = [torch.ones_like(each) for each in roots]
{weighed}for _ in range({order} - 1):  # the graph of a higher derivative
    roots = torch.autograd.grad(
        roots, [{leaves}], weights, create_graph=True, materialize_grads=True
    )
    roots = [each for each in roots if each.requires_grad]
    weights = [torch.ones_like(each) for each in roots]
torch.autograd.backward(roots, weights, retain_graph=True)
print("f =", *[each.detach() for each in results])
'''
GIVEN: Final = """\
torch.manual_seed({seed})
given = torch.as_tensor({text})  # what the gradients of the result start from
"""
WEIGHED: Final = "    result = result * given if result.numel() > 1 else result\n"
HELD: Final = '''\
def leaves_of(names):
    """The leaves that the function uses besides its inputs, parameters of modules too."""
    found = {{}}
    for name in names:
        held = globals().get(name)
        parts = held.named_parameters() if isinstance(held, torch.nn.Module) else [("", held)]
        for path, each in parts:
            if isinstance(each, torch.Tensor) and each.is_leaf and each.requires_grad:
                found[f"{{name}}.{{path}}" if path else name] = each
    return found


held_leaves = leaves_of({held})
leaf_names.update((id(each), name) for name, each in held_leaves.items())
'''
TOLD: Final = """\
print("".join(f"d/d{name} = {each.grad!s}\\n" for name, each in held_leaves.items()), end="")"""
GRAPH: Final = '''\
import graphviz


def graph_of(tensors):
    """The graph that autograd recorded, arrows from input to result."""
    graph, seen = graphviz.Digraph(), {}
    waiting = [tensor.grad_fn for tensor in tensors if tensor.grad_fn is not None]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen[node] = str(len(seen))
        waiting += [before for before, _ in node.next_functions if before is not None]
    for node, name in seen.items():
        leaf = getattr(node, "variable", None)
        label = leaf_names.get(id(leaf), node.name()) if leaf is not None else node.name()
        graph.node(name, label, shape="box")
        for before, _ in node.next_functions:
            if before is not None:
                graph.edge(seen[before], name)
    return graph


graph = graph_of(roots)
graph.save("graph.gv")
'''
CURVE: Final = '''\
import plotly.graph_objects as go


def sample(number):
    """The function and its derivative at a number."""
    {along} = as_leaf(number)
    torch.manual_seed({seed})
    result = typed_function({names})
    tensors = tensors_of(result)
    if not tensors:
        return float(result), 0.0
    result = tensors[0]
    if result.is_complex():
        return math.nan, math.nan
{weighed}    result = result.sum()
    if not result.requires_grad:
        return result.item(), 0.0
    [slope] = torch.autograd.grad(result, [{along}], allow_unused=True)
    return result.item(), 0.0 if slope is None else slope.item()


numbers = torch.linspace({start!r}, {stop!r}, 200, dtype=torch.float64).tolist()
values, slopes = zip(*map(sample, numbers))
figure = go.Figure([go.Scatter(x=numbers, y=values, name="f"),
                    go.Scatter(x=numbers, y=slopes, name="f′")])
figure.write_html("curve.html")
'''


OWN: Final = re.compile(
    r"(?<!\.)\b(as_leaf|either|tensors_of|typed_function|result|results|roots|weights|given|leaf_names|held_leaves|leaves_of"
    r"|graph_of|graph|sample|numbers|values|slopes|figure|go)\b"
)
"""What the script calls something itself."""


class Choices(NamedTuple):
    """What the page was set to: the graph's order, the seed, the curve's range if one was
    chosen and along which input it is, and the text of `gradient=`."""

    order: int = 1
    seed: int = 0
    reach: tuple[float, float] | None = None
    along: str | None = None
    gradient: str | None = None


USUAL: Final = Choices()


class Piece(NamedTuple):
    """A part of the script, which is a cell of the notebook."""

    title: str
    code: str


def as_script(
    program: Program,
    texts: Mapping[str, str],
    choices: Choices = USUAL,
) -> str:
    """The Python script; `texts` are the inputs' start values as typed."""
    pieces = list(_pieces(program, texts, choices))
    return "\n\n".join(f"# %% {piece.title}\n{piece.code.rstrip()}" for piece in pieces) + "\n"


def as_notebook(
    program: Program,
    texts: Mapping[str, str],
    choices: Choices = USUAL,
) -> str:
    """The same as a notebook (nbformat 4.5)."""
    cells: list[dict[str, object]] = []
    for place, piece in enumerate(_pieces(program, texts, choices)):
        told = {"cell_type": "markdown", "metadata": {}, "source": f"### {piece.title}"}
        cells.append({**told, "id": f"told-{place}"})
        code: dict[str, object] = {
            "cell_type": "code",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
        }
        cells.append({**code, "id": f"code-{place}", "source": _shown(piece.code)})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def _shown(code: str) -> str:
    """A cell's code; the figure is shown where it stands."""
    return re.sub(r'(figure_*)\.write_html\("curve.html"\)', r"\1.show()", code).rstrip()


# ── the pieces ──


def _pieces(typed: Program, texts: Mapping[str, str], choices: Choices) -> Iterable[Piece]:
    dedented = textwrap.dedent if typed.kind == "expression" else at_the_margin
    program = structs.replace(typed, source=dedented(typed.source))
    order, seed, reach, along, gradient = choices
    starts = {each.name: texts.get(each.name, each.start) for each in program.inputs}
    if program.kind == "script":
        yield Piece("What is needed", _needed(program.source, starts.values(), str))
        values = [f"{name} = {text.strip()}" for name, text in starts.items()]
        yield Piece(
            "The script", "\n".join([*values, f"torch.manual_seed({seed})", program.source])
        )
        return
    own = _Own(program)
    weighing = [gradient] if gradient else []
    yield Piece("What is needed", _needed(program.source, [*starts.values(), *weighing], own))
    leaves = [each.name for each in program.inputs if not each.integer]
    names = ", ".join(starts)
    yield Piece("The function", _seeded(program, seed) + _function(program, own))
    held = _held(parse(program.source)) if program.kind == "function" else []
    more = "\n\n\n" + own(HELD).format(held=held) if held else ""
    yield Piece("The inputs", _inputs(starts, seed, leaves, own) + more)
    run = own(RUN).format(
        seed=seed,
        names=names,
        order=order,
        leaves=", ".join(leaves),
        before=own(GIVEN).format(seed=seed, text=gradient.strip()) if gradient else "",
        weighed=own("weights[0] = given.to(roots[0].dtype)\n") if gradient else "",
    )
    tell = [f'print("d/d{name} =", {name}.grad)' for name in leaves]
    tell += [own(TOLD)] if held else []
    yield Piece("The run, forward and backward", run + "\n".join(tell))
    yield Piece("The graph that autograd recorded", own(GRAPH))
    varied = along if along in leaves else next(iter(leaves), None)
    if varied is not None and _is_number(starts[varied]):
        chosen = reach if along in (None, varied) else None
        first, last = chosen or usual_range(float(starts[varied]))
        weighed = own(WEIGHED) if gradient else ""
        curve = {"start": first, "stop": last, "along": varied, "weighed": weighed}
        yield Piece("The curve", own(CURVE).format(names=names, seed=seed, **curve))


class _Own:
    """Gives what the script calls something itself another name where the program has that one."""

    def __init__(self, program: Program) -> None:
        self.taken = {each.name for each in program.inputs} | _bound(parse(program.source))

    def __call__(self, code: str) -> str:
        return OWN.sub(lambda found: self._free(found[0]), code)

    def _free(self, name: str) -> str:
        while name in self.taken:
            name += "_"
        return name


def _bound(tree: ast.Module) -> set[str]:
    """The names that a program binds outside of its functions and classes."""
    found: set[str] = set()
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        waiting += ast.iter_child_nodes(node)
    return found


def _held(tree: ast.Module) -> list[str]:
    """What a program sets besides its functions and classes, as met."""
    statements = (
        each for each in tree.body if not isinstance(each, (ast.FunctionDef, ast.ClassDef))
    )
    nodes = (node for each in statements for node in ast.walk(each) if isinstance(node, ast.Name))
    return list(dict.fromkeys(node.id for node in nodes if isinstance(node.ctx, ast.Store)))


def _needed(source: str, texts: Iterable[str], own: Callable[[str], str]) -> str:
    """Imports, and the names that may be typed without one."""
    used = _names([source, *map(str.strip, texts)])
    lines = ["import math", "", "import torch"]
    elementary = [name for name in used if name in allowed.ELEMENTARY]
    for name in used:
        origin = allowed.BARE.get(name, "")
        module, _, last = origin.rpartition(".")
        if name in allowed.READY and name not in ("torch", "math"):
            lines.append(f"import {allowed.READY[name]} as {name}")
        elif module and module != "builtins" and name not in elementary:
            said = "" if last == name else f" as {name}"
            lines.append(f"from {module} import {last}{said}")
    parts = ["\n".join(lines), own(START)]
    if elementary:
        made = [
            f"{name} = {own('either')}(torch.{name}, math.{allowed.ELEMENTARY[name]})"
            for name in elementary
        ]
        parts += [own(EITHER), "\n".join(made)]
    return "\n\n".join(parts)


def _names(texts: Iterable[str]) -> list[str]:
    """The names that the texts read, each once, sorted."""
    trees = (parse(text) for text in texts)
    return sorted(
        {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    )


def _seeded(program: Program, seed: int) -> str:
    """The seed where something around the function may draw: layers, constants, default values."""
    around = [
        each
        for each in parse(program.source).body
        if not isinstance(each, (ast.FunctionDef, ast.Import, ast.ImportFrom))
        or (isinstance(each, ast.FunctionDef) and (each.args.defaults or each.args.kw_defaults))
    ]
    return f"torch.manual_seed({seed})\n" if around and program.kind == "function" else ""


def _function(program: Program, own: Callable[[str], str]) -> str:
    typed = own("typed_function")
    if program.kind == "function":
        return f"{program.source.rstrip()}\n\n\n{typed} = {program.function}\n"
    lines = program.source.splitlines()
    last = parse(program.source).body[-1]
    before, expression = lines[: last.lineno - 1], ast.get_source_segment(program.source, last)
    names = ", ".join(each.name for each in program.inputs)
    return "\n".join([*before, f"def {typed}({names}):", f"    return {expression}", ""])


def _inputs(
    starts: Mapping[str, str], seed: int, leaves: Sequence[str], own: Callable[[str], str]
) -> str:
    wanted = set(leaves)
    lines = [f"torch.manual_seed({seed})"]
    for name, text in starts.items():
        lines.append(
            f"{name} = {own('as_leaf')}({text.strip()})"
            if name in wanted
            else f"{name} = int({text})"
        )
    named = ", ".join(f"id({name}): {name!r}" for name in leaves)
    return "\n".join([*lines, f"{own('leaf_names')} = {{{named}}}"])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
