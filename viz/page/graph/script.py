"""What was typed as a Python script and as a notebook that run anywhere torch, plotly and graphviz
are: the run, its gradients, autograd's graph, and the curve. Their numbers are the page's own.

Nothing of the explorer is in them. They are texts: nothing is executed here.
"""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
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
RUN: Final = """\
torch.manual_seed({seed})
result = typed_function({names})
results = [each for each in (result if isinstance(result, (tuple, list)) else [result])]
roots = [each for each in results if each.requires_grad]
for _ in range({order} - 1):  # the graph of a higher derivative
    ones = [torch.ones_like(each) for each in roots]
    roots = torch.autograd.grad(roots, [{leaves}], ones, create_graph=True, materialize_grads=True)
    roots = [each for each in roots if each.requires_grad]
torch.autograd.backward(roots, [torch.ones_like(each) for each in roots], retain_graph=True)
print("f =", *[each.detach() for each in results])
"""
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
    if not (isinstance(result, torch.Tensor) and result.requires_grad):
        return float(result), 0.0
    result = result.sum()
    [slope] = torch.autograd.grad(result, [{along}], allow_unused=True)
    return result.item(), 0.0 if slope is None else slope.item()


numbers = torch.linspace({start!r}, {stop!r}, 200, dtype=torch.float64).tolist()
values, slopes = zip(*map(sample, numbers))
figure = go.Figure([go.Scatter(x=numbers, y=values, name="f"),
                    go.Scatter(x=numbers, y=slopes, name="f′")])
figure.write_html("curve.html")
'''


class Choices(NamedTuple):
    """What the page was set to: the graph's order, the seed, the curve's range if one was
    chosen."""

    order: int = 1
    seed: int = 0
    reach: tuple[float, float] | None = None


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
    return code.replace('figure.write_html("curve.html")', "figure.show()").rstrip()


# ── the pieces ──


def _pieces(typed: Program, texts: Mapping[str, str], choices: Choices) -> Iterable[Piece]:
    dedented = textwrap.dedent if typed.kind == "expression" else at_the_margin
    program = structs.replace(typed, source=dedented(typed.source))
    order, seed, reach = choices
    starts = {each.name: texts.get(each.name, each.start) for each in program.inputs}
    yield Piece("What is needed", _needed(program.source, starts.values()))
    if program.kind == "script":
        values = [f"{name} = {text.strip()}" for name, text in starts.items()]
        yield Piece(
            "The script", "\n".join([*values, f"torch.manual_seed({seed})", program.source])
        )
        return
    leaves = [each.name for each in program.inputs if not each.integer]
    names = ", ".join(starts)
    yield Piece("The function", _seeded(program, seed) + _function(program))
    yield Piece("The inputs", _inputs(starts, seed, leaves))
    run = RUN.format(seed=seed, names=names, order=order, leaves=", ".join(leaves))
    tell = [f'print("d/d{name} =", {name}.grad)' for name in leaves]
    yield Piece("The run, forward and backward", run + "\n".join(tell))
    yield Piece("The graph that autograd recorded", GRAPH)
    if leaves and _is_number(starts[leaves[0]]):
        first, last = reach or usual_range(float(starts[leaves[0]]))
        curve = CURVE.format(start=first, stop=last, along=leaves[0], names=names, seed=seed)
        yield Piece("The curve", curve)


def _needed(source: str, texts: Iterable[str]) -> str:
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
    parts = ["\n".join(lines), START]
    if elementary:
        made = [
            f"{name} = either(torch.{name}, math.{allowed.ELEMENTARY[name]})" for name in elementary
        ]
        parts += [EITHER, "\n".join(made)]
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


def _function(program: Program) -> str:
    if program.kind == "function":
        return f"{program.source.rstrip()}\n\n\ntyped_function = {program.function}\n"
    lines = program.source.splitlines()
    last = parse(program.source).body[-1]
    before, expression = lines[: last.lineno - 1], ast.get_source_segment(program.source, last)
    names = ", ".join(each.name for each in program.inputs)
    return "\n".join([*before, f"def typed_function({names}):", f"    return {expression}", ""])


def _inputs(starts: Mapping[str, str], seed: int, leaves: Sequence[str]) -> str:
    wanted = set(leaves)
    lines = [f"torch.manual_seed({seed})"]
    for name, text in starts.items():
        lines.append(
            f"{name} = as_leaf({text.strip()})" if name in wanted else f"{name} = int({text})"
        )
    named = ", ".join(f"id({name}): {name!r}" for name in leaves)
    return "\n".join([*lines, f"leaf_names = {{{named}}}"])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
