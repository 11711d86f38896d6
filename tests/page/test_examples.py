"""Every example is accepted as it stands, and its code runs as plain PyTorch."""

from __future__ import annotations

import subprocess
import sys
from types import MappingProxyType

import pytest

from viz.lessons import EXAMPLES, Example
from viz.page.code import standalone
from viz.page.view import View
from viz.program import check, check_input

IDS = [example.key for example in EXAMPLES]


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_an_example_is_accepted_with_its_inputs(example: Example) -> None:
    program = check(example.source)
    assert {input.name for input in program.inputs} == set(example.inputs)
    for name, text in example.inputs.items():
        assert check_input(name, text, program)


def test_the_code_to_take_along_gives_the_course_s_numbers() -> None:
    found = {example.key: example for example in EXAMPLES}
    code = "\n".join(
        standalone(check(found[key].source), View(source=found[key].source, texts=texts))
        for key, texts in (
            ("dot", found["dot"].inputs),
            ("chain", found["chain"].inputs),
            ("square", MappingProxyType({"x": "0.0"})),
        )
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert "tensor([ 0.,  4.,  8., 12.])" in run.stdout
    assert run.stdout.split().count("tensor(-4.)") == 2
    assert "tensor(-12., grad_fn=<MulBackward0>)" in run.stdout
