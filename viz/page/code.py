"""The tab Code (key `taken`): the same computation as a program to run in your own notebook.

The lines that the open lesson speaks of are marked in it.
"""

from __future__ import annotations

import re
from typing import Final

import streamlit as st
from msgspec import structs

from viz.page.asking.answers import Traced, text_of
from viz.page.session import state
from viz.page.session.language import _
from viz.page.session.view import View
from viz.records import Input, Program, Trace
from viz.trees import at_the_margin


def code(now: state.Session, asked: Traced) -> None:
    """Plain PyTorch that gives the numbers of the picture."""
    program = asked.program or now.program
    if program is None:
        return
    text = standalone(program, now.view, asked.trace)
    marked = spoken_of(now, program, text)
    with st.container(key="taken"):
        st.caption(_("The same in plain PyTorch, to run anywhere:"))
        if marked:
            st.html(f"<style>.st-key-taken code {{{_behind(marked)}}}</style>")
        st.code(text, language="python")
        if marked:
            st.caption(_("The lesson speaks of the marked lines."))
        st.download_button(
            _("Save as a file"),
            text,
            file_name="autograd.py",
            mime="text/x-python",
            on_click="ignore",
        )


def spoken_of(now: state.Session, program: Program, text: str) -> tuple[int, ...]:
    """The lines of `text` (from 0) that the open lesson speaks of, while its own program is up."""
    shown = state.opened(now.view)
    before, found, _after = text.partition(program.source.strip())
    if shown is None or not found or now.view.source != shown.source:
        return ()
    return tuple(before.count("\n") + line - 1 for line in shown.marked)


def _behind(lines: tuple[int, ...]) -> str:
    """What is painted behind these lines of a block of code."""
    colour = "color-mix(in srgb, var(--st-green-color) 16%, transparent)"
    bands = (
        f"linear-gradient({colour}, {colour}) 0 calc({line} * 1lh) / 100% 1lh no-repeat"
        for line in lines
    )
    return f"display: block; background: {', '.join(bands)};"


def standalone(typed: Program, view: View, trace: Trace | None = None) -> str:
    """A program that needs nothing but torch (scripts that plot: matplotlib too); the trace tells
    of which type the inputs were."""
    source = typed.source if typed.kind == "expression" else at_the_margin(typed.source)
    program = structs.replace(typed, source=source)
    if program.kind == "script":
        return "\n".join([*imports(program), program.source])
    name = program.function or "f"
    # a name that the program does not use itself
    names = ("y", "result", "output", "the_result")
    result = next((each for each in names if not _bare(each, program.source)), "explored")
    arguments = ", ".join(input.name for input in program.inputs)
    lines = [*imports(program), "", f"torch.manual_seed({view.seed})"]
    made = {each.name: _made(each, text_of(view, each), trace) for each in program.inputs}
    lines += [f"{name} = {value}" for name, value in made.items()]
    if program.kind == "expression":
        lines += ["", f"{result} = {program.source.strip()}"]
    else:
        lines += ["", program.source.strip(), "", f"{result} = {name}({arguments})"]
    gradient = (
        f"torch.as_tensor({view.gradient})" if view.gradient else f"torch.ones_like({result})"
    )
    leaves = [name for name, value in made.items() if value.endswith(_LEAF)]
    if leaves or not made:
        lines.append(f"{result}.backward({gradient})")
    lines += [f"print({result})", *(f"print({name}.grad)" for name in leaves)]
    return "\n".join(lines) + "\n"


_LEAF: Final = ".requires_grad_()"


def _made(input: Input, text: str, trace: Trace | None) -> str:
    """An input as the run had it: a tensor keeps its type, of what is no float nothing is asked."""
    if input.integer:
        return text
    nodes = trace.nodes if trace else ()
    ran = next((each.value for each in nodes if each.name == input.name), None)
    kind = ran.dtype if ran else "float32"
    if kind == "float32":
        return f"torch.as_tensor({text}).float(){_LEAF}"
    asks = kind.startswith(("float", "bfloat", "complex"))
    return f"torch.as_tensor({text}){_LEAF if asks else ''}"


def imports(program: Program) -> list[str]:
    """The import lines that the source relies on and does not write itself."""
    source = program.source
    ready = {
        "torch": "import torch",
        "math": "import math",
        "nn": "from torch import nn",
        "F": "import torch.nn.functional as F",
        "plt": "import matplotlib.pyplot as plt",
    }
    lines = [
        line
        for name, line in ready.items()
        if line not in source and (name == "torch" or _bare(name, source))
    ]
    own = [name for name in program.names if name.startswith("torch.") and name.count(".") == 1]
    names = [name.removeprefix("torch.") for name in own]
    bare = [name for name in names if name not in ready and _bare(name, source)]
    return [*lines, f"from torch import {', '.join(bare)}"] if bare else lines


def _bare(name: str, source: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}\b", source) is not None
