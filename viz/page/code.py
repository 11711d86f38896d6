"""The tab Code (key `taken`): the same computation as a program to run in your own notebook.

The lines that the open lesson speaks of are marked in it.
"""

from __future__ import annotations

import re

import streamlit as st

from viz.page.asking.answers import Traced, text_of
from viz.page.session import state
from viz.page.session.language import _
from viz.page.session.view import View
from viz.records import Program


def code(now: state.Session, asked: Traced) -> None:
    """Plain PyTorch that gives the numbers of the picture."""
    program = asked.program or now.program
    if program is None:
        return
    text = standalone(program, now.view)
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


def standalone(program: Program, view: View) -> str:
    """A program that needs nothing but torch (scripts that plot: matplotlib too)."""
    if program.kind == "script":
        return "\n".join([*imports(program), program.source])
    name = program.function or "f"
    # a name that the program does not use itself
    names = ("y", "result", "output", "the_result")
    result = next((each for each in names if not _bare(each, program.source)), "explored")
    arguments = ", ".join(input.name for input in program.inputs)
    lines = [*imports(program), "", f"torch.manual_seed({view.seed})"]
    for input in program.inputs:
        text = text_of(view, input)
        value = text if input.integer else f"torch.as_tensor({text}).float().requires_grad_()"
        lines.append(f"{input.name} = {value}")
    if program.kind == "expression":
        lines += ["", f"{result} = {program.source.strip()}"]
    else:
        lines += ["", program.source.strip(), "", f"{result} = {name}({arguments})"]
    gradient = (
        f"torch.as_tensor({view.gradient})" if view.gradient else f"torch.ones_like({result})"
    )
    lines += [f"{result}.backward({gradient})", f"print({result})"]
    lines += [f"print({input.name}.grad)" for input in program.inputs if not input.integer]
    return "\n".join(lines) + "\n"


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
