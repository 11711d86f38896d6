"""Mends of calls: what is given, in which form, and what is done with what comes back.

Each takes the source, the span that failed and the spans of the backward calls before it; it gives
the whole program anew, or `None` where the change is not that simple.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from viz.program.slips.spelling import slips
from viz.records import Span
from viz.records.base import characters
from viz.tracing.hints.brackets import place_of
from viz.tracing.hints.mends.edits import (
    Edit,
    assigned_to,
    call_at,
    edited,
    history,
    names_in,
    node_at,
    nodes,
    text_of,
    with_argument,
)
from viz.tracing.source_map import SourceMap

Earlier = tuple[Span, ...]


def as_tensor(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `torch.tensor(…)` around a number or a list that is given."""
    del earlier
    call = call_at(source, span)
    if call is None or not call.args:
        return None
    given = call.args[0]
    whole = re.match(r"torch\.func\.", text_of(source, call.func)) is not None
    meant = (ast.Constant, ast.List, ast.Tuple, ast.Name, ast.UnaryOp, ast.BinOp)
    if not isinstance(given, meant) or (isinstance(given, ast.Constant) and given.value is None):
        return None
    text = text_of(source, given)
    if whole and isinstance(given, ast.Constant) and isinstance(given.value, int):
        text = f"{given.value}.0"
    return edited(source, [(given, f"torch.tensor({text})")])


def weighted(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `torch.ones_like(y)` for the result's elements in the failed `grad`."""
    del earlier
    call = call_at(source, span)
    name = "" if call is None else text_of(source, call.func)
    if call is None or not re.fullmatch(r"(?:torch\.)?(?:autograd\.)?grad", name):
        return None
    if len(call.args) != 2 or not isinstance(call.args[0], ast.Name):
        return None
    return edited(
        source,
        [with_argument(source, call, f"grad_outputs=torch.ones_like({call.args[0].id})")],
    )


def weights_as_tensor(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`y.backward(1.0)`, `y.backward([1.0, 2.0])`: the weights as a tensor of y's shape."""
    del earlier
    call = call_at(source, span)
    match call:
        case ast.Call(func=ast.Attribute(value=result, attr="backward"), args=[given]):
            pass
        case _:
            return None
    text = text_of(source, given)
    if isinstance(given, ast.List):
        return edited(source, [(given, f"torch.tensor({text})")])
    if not isinstance(given, ast.Constant):
        return None
    shown = text_of(source, result)
    shown = f"({shown})" if isinstance(result, ast.BinOp) else shown
    return edited(source, [(given, f"torch.full_like({shown}, {text})")])


def values_taken(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `.detach()` behind what is drawn, or given to numpy."""
    del earlier
    call = call_at(source, span)
    if call is None or not re.match(r"(?:plt|ax\w*|np|numpy)\.", text_of(source, call.func)):
        return None
    edits: list[Edit] = []
    for each in call.args:
        place = place_of(each, source.lines)
        made = "".join(text_of(source, one) for one in history(source, place))
        if isinstance(each, ast.Name) and re.search(r"requires_grad|torch\.|nn\.", made):
            edits.append((each, f"{each.id}.detach()"))
    return edited(source, edits)


def of_one_kind(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with float32 for the one tensor that holds others: whole numbers that are
    written out, numbers from numpy.
    """
    del earlier
    node = node_at(source, span)
    if node is None:
        return None
    edits: dict[Span, str] = {}
    inside: list[ast.AST] = [*ast.walk(node)]
    inside += [one for each in history(source, span) for one in ast.walk(each.value)]
    for each in inside:
        if not isinstance(each, ast.Call):
            continue
        text = text_of(source, each)
        if re.match(r"torch\.from_numpy\(", text):
            edits[place_of(each, source.lines)] = f"{text}.float()"
        elif re.match(r"torch\.(?:tensor|arange)\(", text) and _is_whole(each):
            edits[place_of(each, source.lines)] = with_argument(
                source, each, "dtype=torch.float32"
            )[1]
    behind = {
        place: text
        for place, text in edits.items()
        if not source.lines[place.end_line - 1][place.end_column :].startswith((".float", ".to("))
    }
    return edited(source, [*behind.items()]) if len(behind) == 1 else None


def _is_whole(call: ast.Call) -> bool:
    numbers = [each.value for one in call.args for each in ast.walk(one)
               if isinstance(each, ast.Constant)]  # fmt: skip
    return bool(numbers) and not call.keywords and all(type(each) is int for each in numbers)


def classes_as_whole(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `.long()` behind the classes that are given."""
    del earlier
    return _behind_second(source, span, ".long()")


def targets_as_floats(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with `.float()` behind the targets that are given."""
    del earlier
    return _behind_second(source, span, ".float()")


def _behind_second(source: SourceMap, span: Span, behind: str) -> str | None:
    call = call_at(source, span)
    if call is None or len(call.args) != 2 or not isinstance(call.args[1], ast.Name | ast.Call):
        return None
    return edited(source, [(call.args[1], f"{text_of(source, call.args[1])}{behind}")])


def stacked(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.cat([a, b])` of numbers as `torch.stack([a, b])`, `torch.cat(a, b)` of a list."""
    del earlier
    call = call_at(source, span)
    if call is None or not re.fullmatch(r"torch\.(?:cat|stack)", text_of(source, call.func)):
        return None
    if isinstance(call.args[0], ast.List | ast.Tuple):
        return edited(source, [(call.func, "torch.stack")])
    given = [text_of(source, each) for each in call.args]
    if len(given) < 2 or any(isinstance(each, ast.Constant) for each in call.args):
        return None
    first = place_of(call.args[0], source.lines)
    last = place_of(call.args[-1], source.lines)
    whole = Span(first.line, first.column, last.end_line, last.end_column)
    return edited(source, [(whole, f"[{', '.join(given)}]")])


def layer_made(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`nn.ReLU(x)` as `nn.ReLU()(x)`: in the failed expression, or where its name was set."""
    del earlier
    for node in [*nodes(source)]:
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[_, *_]) if (
                _LAYER.fullmatch(name) and not node.keywords
            ):
                pass
            case _:
                continue
        place = place_of(node, source.lines)
        root = re.match(r"\w+", source.text(span))
        set_there = root is not None and any(
            each.value is node for each in assigned_to(source, root[0])
        )
        if (place == span or set_there) and any(map(names_in, node.args)):
            return edited(source, [(node.func, f"{text_of(source, node.func)}()")])
    return None


_LAYER: Final = re.compile(r"ReLU|Sigmoid|Tanh|GELU|SiLU|Softplus|\w+Loss|Flatten|Identity")


def gradient_named(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`x.grad()` as `x.grad`."""
    del earlier
    text = source.text(span)
    return span.replaced(source.lines, text[:-2]) if text.endswith(".grad()") else None


def renamed(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with an argument by its name of today."""
    del earlier
    call = call_at(source, span)
    for each in call.keywords if call else ():
        meant = _NAMES.get(each.arg or "")
        if meant is not None:
            column = characters(source.lines[each.lineno - 1], each.col_offset)
            place = Span.in_line(each.lineno, column, column + len(each.arg or ""))
            return place.replaced(source.lines, meant)
    return None


_NAMES: Final = {"learning_rate": "lr", "retain_variables": "retain_graph", "axes": "dim",
                 "dims": "dim"}  # fmt: skip


def in_a_list(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`SGD(w, lr=0.1)` as `SGD([w], lr=0.1)`."""
    del earlier
    call = call_at(source, span)
    if call is None or not call.args or not isinstance(call.args[0], ast.Name):
        return None
    return edited(source, [(call.args[0], f"[{call.args[0].id}]")])


def whole_count(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`range(n)` of a tensor as `range(int(n))`."""
    del earlier
    call = call_at(source, span)
    if call is None or text_of(source, call.func) != "range" or len(call.args) != 1:
        return None
    if not isinstance(call.args[0], ast.Name):
        return None
    return edited(source, [(call.args[0], f"int({call.args[0].id})")])


def as_text(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`"x = " + x` as `"x = " + str(x)`."""
    del earlier
    match node_at(source, span):
        case ast.BinOp(left=ast.expr() as left, op=ast.Add(), right=ast.expr() as right):
            pass
        case _:
            return None
    if isinstance(right, ast.Constant):
        return None
    is_text = isinstance(left, ast.JoinedStr | ast.Constant | ast.BinOp)
    return edited(source, [(right, f"str({text_of(source, right)})")]) if is_text else None


def by_key(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`p.w` of a dictionary as `p["w"]`, where it has that key."""
    del earlier
    match node_at(source, span):
        case ast.Attribute(value=ast.Name(id=name) as owner, attr=key):
            pass
        case _:
            return None
    for each in assigned_to(source, name):
        if isinstance(each.value, ast.Dict) and any(
            isinstance(one, ast.Constant) and one.value == key for one in each.value.keys
        ):
            return span.replaced(source.lines, f'{owner.id}["{key}"]')
    return None


def called(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`with torch.no_grad:` with its brackets."""
    del earlier
    for node in nodes(source):
        if isinstance(node, ast.With) and node.lineno == span.line:
            context = node.items[0].context_expr
            if isinstance(context, ast.Attribute | ast.Name):
                return edited(source, [(context, f"{text_of(source, context)}()")])
    return None


# ── what comes back: one of several ──


def unpacked(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program in which the failed name is the tensor, and no tuple that holds it."""
    del earlier
    root = re.match(r"\w+", source.text(span))
    names = re.findall(r"(?<![\w.])[^\W\d]\w*", source.text(span)) if root else []
    edits: list[Edit] = []
    for name in dict.fromkeys(names):
        for each in assigned_to(source, name):
            if isinstance(each, ast.Assign) and (meant := _one_of(source, each)) is not None:
                edits.append((each, meant))
    return edited(source, edits) if len(edits) == 1 else None


def _one_of(source: SourceMap, node: ast.Assign) -> str | None:
    text, value = text_of(source, node), node.value
    target = text_of(source, node.targets[0])
    if isinstance(value, ast.Tuple) and len(value.elts) == 1 and text.rstrip().endswith(","):
        return text.rstrip()[:-1].rstrip()
    if not isinstance(value, ast.Call):
        return f"{target}, = {text_of(source, value)}" if text.endswith("saved_tensors") else None
    function = text_of(source, value.func)
    if re.fullmatch(r"(?:torch\.)?(?:autograd\.)?grad", function):
        several = len(value.args) > 1 and isinstance(value.args[1], ast.List | ast.Tuple)
        return None if several else f"{text}[0]"
    if re.search(r"\.(?:max|min|sort|median|topk|mode)$", function):
        return f"{text}.values"
    if any(re.search(r"\bnn\.(?:LSTM|GRU|RNN)\(", text_of(source, each))
           for each in assigned_to(source, function)):  # fmt: skip
        return f"{target}, _ = {text_of(source, value)}"
    return None


def summed(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`losses.backward()` of a list as `sum(losses).backward()`."""
    del earlier
    found = re.fullmatch(r"(\w+)\.backward", source.text(span))
    return span.replaced(source.lines, f"sum({found[1]}).backward") if found else None


def moved_up(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with the line that sets a name before the first that reads it."""
    del earlier
    name = source.text(span)
    places = [each for each in assigned_to(source, name) if each.lineno > span.line]
    body = source.tree.body
    reading = next(
        (each for each in body if each.lineno <= span.line <= (each.end_lineno or 0)), None
    )
    if len(places) != 1 or reading is None or places[0] not in body:
        return None
    setting = places[0]
    between = body[body.index(reading) : body.index(setting)]
    bound = {one.id for each in between for one in ast.walk(each)
             if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}  # fmt: skip
    lines = list(source.lines)
    if setting.lineno != setting.end_lineno or names_in(setting.value) & bound:
        return None
    line = lines.pop(setting.lineno - 1)
    if line.strip() != text_of(source, setting):
        return None
    lines.insert(reading.lineno - 1, line)
    return "\n".join(lines)


def returned(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program in which the function that was called gives what it computed last."""
    del earlier
    called_here = set(re.findall(r"(\w+)\(", source.text(span)))
    for each in history(source, span):
        if isinstance(each.value, ast.Call):
            called_here.add(text_of(source, each.value.func))
    layers = any(
        isinstance(each, ast.ClassDef) and each.name in called_here for each in nodes(source)
    )
    edits: list[Edit] = []
    for node in nodes(source):
        match node:
            case ast.FunctionDef(name=name, body=[*_, ast.Assign(targets=[ast.Name(id=given)])]):
                last = node.body[-1]
                inside = name in called_here or (name == "forward" and layers)
                if inside or name == "forward":
                    text = text_of(source, last)
                    edits.append((last, f"{text}\n{' ' * last.col_offset}return {given}"))
    return edited(source, edits) if len(edits) == 1 else None


def list_as_tensor(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The one list of numbers among the factors as a tensor, where it is set."""
    del earlier
    found = [
        each.value
        for name in names_in(node_at(source, span) or ast.Module([], []))
        for each in assigned_to(source, name)
        if isinstance(each.value, ast.List)
        and all(isinstance(one, ast.Constant) for one in each.value.elts)
    ]
    if len(found) != 1:
        return None
    return edited(source, [(found[0], f"torch.tensor({text_of(source, found[0])})")])


def set_to_none(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`w.grad = 0` as `w.grad = None`."""
    del earlier
    for node in nodes(source):
        match node:
            case ast.Assign(targets=[ast.Attribute(attr="grad")], value=ast.Constant(value=0)):
                if node.lineno == span.line:
                    return edited(source, [(node.value, "None")])
    return None


def respelt(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """The program with a name of autograd's spelled right."""
    del earlier
    before, dot, name = source.text(span).rpartition(".")
    near = [each for each in _OFTEN if slips(name, each) == 1]
    return span.replaced(source.lines, f"{before}{dot}{near[0]}") if len(near) == 1 else None


_OFTEN: Final = (
    "save_for_backward", "saved_tensors", "needs_input_grad", "parameters", "zero_grad", "weight",
)  # fmt: skip


def in_small_letters(source: SourceMap, span: Span, earlier: Earlier) -> str | None:
    """`torch.Tensor(2.0, …)` as `torch.tensor(2.0, …)`."""
    del earlier
    text = source.text(span)
    meant = re.sub(r"^torch\.(?:Float)?Tensor\(", "torch.tensor(", text)
    return span.replaced(source.lines, meant) if meant != text else None
