"""Functions whose text nobody kept have the names that they have with it, and no spans."""

from __future__ import annotations

import linecache
from typing import Any

import pytest
import torch

from viz import trace
from viz.records import Trace
from viz.tracing.bytecode.stored_names import stored_name

BODIES = {
    "one after the other": "a = x * 2\nb: object = a.sin()\nb += x\nreturn b",
    "at once": "a, b = x.sin(), x.cos()\nc, d, e = a * 1, b + 2, a - b\nreturn c * d * e",
    "four at once": "a, b, c, d = x.sin(), x.cos(), x.exp(), x * x\nreturn a * b * c * d",
    "swapped": "a, b = x.sin(), x.cos()\na, b = b * 2, a * 3\nreturn a - b",
    "several results": "m, i = torch.stack([x, x * 2]).max(0)\nreturn m",
    "in passing": "if (e := x.exp()) > 0:\n    e = e * 2\nreturn e",
    "one value, two names": "a = b = x.sin()\nreturn a * b",
    "a loop": "h = x\nfor i in range(3):\n    h = h * x + 1\n    g = h.sin()\nreturn g",
    "a while": "h = x\nwhile h < 9:\n    h = h * 2\nreturn h",
    "into a list": "y = [None, None]\ny[1] = x.sin()\ny[0] = x.cos()\nreturn y[0] * y[1]",
    "by a key": "y = {}\ny['w'] = x.sin()\nreturn y['w'] * 2",
    "into an object": "class A: pass\no = A()\no.w = x.sin()\nreturn o.w * 2",
    "what is used further has no name": "a = x.sin().exp()\nb = (x + 1) * 2\nreturn a - b",
    "an argument": "a = torch.add(x.sin(), x, alpha=2)\nreturn a * torch.relu(x)",
    "a branch": "y = x.sin() if x > 0 else x.cos()\nreturn y * 2",
    "Python's own": "m = max(x, x * 2)\nk = float(x.detach().sum())\nreturn m * k",
    "a function inside": "def g(t):\n    u = t * t\n    return u\nv = g(x)\nreturn v * 2",
    "a comprehension": "ys = [x * i for i in range(3)]\ns = sum(ys)\nreturn s",
    "a closed-over variable": "a = x * 2\ndef g():\n    return a * a\nb = g()\nreturn b",
    "names of leaves": "w = torch.nn.Parameter(torch.ones(()))\ny = w * x\nreturn y",
    "unpacked with a star": "a, *b = torch.stack([x, x, x]).unbind()\nreturn a * b[0]",
}


def told(run: Trace) -> tuple[list[tuple[str, str | None]], list[tuple[Any, ...]]]:
    nodes = [(node.op, node.name) for node in run.nodes]
    return nodes, [(call.function, call.name, call.iteration) for call in run.calls]


def made(body: str, filename: str) -> Any:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    names: dict[str, Any] = {"torch": torch}
    text = f"def f(x):\n{lines}"
    exec(compile(text, filename, "exec"), names)  # noqa: S102
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    return names["f"]


@pytest.mark.parametrize("name", BODIES)
def test_names_are_those_of_the_text(name: str) -> None:
    body = BODIES[name]
    with_text = trace(made(body, f"<with text: {name}>"), 1.5)
    function = made(body, f"<without: {name}>")
    linecache.cache.pop(f"<without: {name}>")
    without = trace(function, 1.5)
    assert told(without) == told(with_text)
    assert not without.program.source
    assert all(call.span is None for call in without.calls)


def test_several_results_under_one_star_are_named_once() -> None:
    run = trace(made(BODIES["unpacked with a star"], "<a star>"), 1.5)
    assert [node.name for node in run.nodes if node.op == "UnbindBackward0"] == ["a, *b"]


def test_an_instruction_that_is_not_there_has_no_name() -> None:
    assert stored_name(made("return x", "<nothing>").__code__, 10_001) is None
