"""The tab Code: the same computation as a program to run in your own notebook."""

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
    st.caption(_("The same in plain PyTorch, to run anywhere:"))
    text = standalone(program, now.view)
    st.code(text, language="python")
    st.download_button(
        _("Save as a file"), text, file_name="autograd.py", mime="text/x-python", on_click="ignore"
    )


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
    names = [name.removeprefix("torch.") for name in program.names if name.count(".") == 1]
    bare = [name for name in names if name not in ready and _bare(name, source)]
    return [*lines, f"from torch import {', '.join(bare)}"] if bare else lines


def _bare(name: str, source: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}\b", source) is not None
