"""numpy is numpy: programs print what they print elsewhere, memory is shared, runs repeat."""

from pathlib import Path
from typing import Any

import pytest

from tests.hostile.corpus import blocks
from tests.sandbox.programs.agreement import assert_agrees, shown_elsewhere
from viz.errors import ProgramRejected
from viz.program import check
from viz.records import Trace

PROGRAMS = blocks(Path(__file__).with_name("numpy_programs.txt"))
HEAD = "import numpy as np\nimport torch\n"


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> dict[str, Any]:
    """What each shows in a Python of its own."""
    sources = [HEAD + source for source in PROGRAMS.values()]
    shown = shown_elsewhere(sources, tmp_path_factory.mktemp("plain"))
    return dict(zip(PROGRAMS, shown, strict=True))


def printed(trace: Trace) -> str:
    assert [cell.failure for cell in trace.cells if cell.failure] == []
    return trace.printed


def test_there_are_many_programs() -> None:
    assert len(PROGRAMS) >= 80


@pytest.mark.parametrize("title", PROGRAMS)
def test_a_program_shows_what_it_shows_elsewhere(sandbox, plain, title):
    """Its printed text; where it crosses over to torch, the gradients and the passes as well."""
    assert_agrees(sandbox.trace(HEAD + PROGRAMS[title]), plain[title])


UNSEEDED = """import numpy as np
print(np.random.randn(2), np.random.default_rng().normal(), np.random.default_rng().normal())
np.random.seed()
print(np.random.RandomState().rand())
"""


def test_what_is_drawn_without_a_seed_repeats_with_the_question_s(sandbox):
    first = printed(sandbox.trace(UNSEEDED, seed=1))
    assert first == printed(sandbox.trace(UNSEEDED, seed=1))
    assert first != printed(sandbox.trace(UNSEEDED, seed=2))
    one, other = first.splitlines()[0].split()[-2:]
    assert one != other


UNWRITTEN = [
    "np.empty(1000)",
    "np.empty((3, 300), dtype=int)",
    "np.empty_like(np.ones(500))",
    "np.exp(np.ones(500), where=np.zeros(500, dtype=bool))",
    "np.add(np.ones(500), 1, where=False)",
    "np.ones(500).clip(0, 2, where=np.zeros(500, dtype=bool))",
    "np.clip(np.ones(500), 0, 2, where=False)",
    "np.modf(np.ones(500), where=np.array(False))[0]",
]


@pytest.mark.parametrize("text", UNWRITTEN)
def test_memory_that_nobody_has_written_is_zero(sandbox, text):
    source = f"import numpy as np\nx = [np.full(500, 7.25) for _ in range(9)]\ndel x\na = {text}\n"
    assert printed(sandbox.trace(f"{source}print(a.dtype.kind in 'fi', (a == 0).all())")) == (
        "True True\n"
    )


REFUSED = {
    "np.ones(2).data": "use the array itself",
    "np.float64(1).data": "use the array itself",
    "getattr(np.ones(2), 'data')": "use the array itself",
    "np.ones(2).dtype.type.view": "no attribute 'view'",
    "np.zeros(2, dtype=[('a', 'O')])": "a dtype is",
    "np.zeros(2, 'i4,O')": "use numbers or texts",
    "np.ones(2).astype('V8')": "use numbers or texts",
    "np.ones(2).view('O')": "array of references",
    "np.ones(2).view('i4,i4')": "use numbers or texts",
    "np.dtype({'names': ['a'], 'formats': ['O']})": "a dtype is",
    "np.array(['2020-01-01'], dtype='datetime64[D]')": "use numbers or texts",
    "np.pad([1], 1, mode='empty')": "use mode='constant'",
    "np.r_['a']": "use np.concatenate",
    "np.nditer([1], flags=['external_loop'], op_flags=[['allocate']])": "multi_index",
    "np.random.seed('a')": "whole number",
    "np.random.RandomState(print)": "whole number",
    "np.zeros(10**13)": "Unable to allocate",
    "np.ndarray((2, 2))": "cannot be called",
    "np.ma.masked_array(np.array([print, 1], dtype=object))": "no object",
    "np.ma.masked_array([print])": "numbers or texts",
    "np.polynomial.Polynomial([print, 1])": "numbers or texts",
    "np.polynomial.Polynomial([1, 2])(print)": "numbers or texts",
    "np.polynomial.Polynomial.fit([1, 2], [print, 1], 1)": "numbers or texts",
    "np.polynomial.polynomial.polyval(print, [1, 2])": "numbers or texts",
    "np.char.upper([print])": "numbers or texts",
    "np.char.add(['a'], print)": "numbers or texts",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_leads_too_far_is_refused_when_it_runs(sandbox, text):
    (cell,) = sandbox.trace(f"import numpy as np\nprint({text})").cells
    assert cell.failure is not None
    assert REFUSED[text] in cell.failure.message
    assert cell.failure.span is not None
    assert cell.failure.span.line == 2


@pytest.mark.parametrize("name", ["data", "strides", "dtype", "real", "T", "own"])
def test_an_array_s_attributes_are_not_written(sandbox, name):
    source = f"import numpy as np\na = np.ones(2)\nclass A: pass\nA.x = 1\na.{name} = a\n"
    (cell,) = sandbox.trace(source).cells
    assert cell.failure is not None
    assert cell.failure.type == "AttributeError"


def test_tensors_keep_what_arrays_do_not_give(sandbox):
    source = (
        "import numpy as np\nimport torch\nx = torch.arange(4.0, requires_grad=True)\n"
        "x.data -= 1\nx.data[0] = 5\n"
        "print(x.data.tolist(), x.view(2, 2).shape, x.type(), x.sort().values.tolist())\n"
        "print(hasattr(x, 'data'), hasattr(np.ones(1), 'data'), hasattr(np.ones(1), 'view'))"
    )
    assert printed(sandbox.trace(source)) == (
        "[5.0, 0.0, 1.0, 2.0] torch.Size([2, 2]) torch.FloatTensor [0.0, 1.0, 2.0, 5.0]\n"
        "True False True\n"
    )


MENDS = {
    "np.loadtxt('a.csv')": "np.array([[1.0, 2.0]])",
    "np.ones(2).tobytes()": "np.ones(2).tolist()",
    "np.matrix([[1, 2]])": "np.array([[1, 2]])",
    "np.trapz([1, 2])": "np.trapezoid([1, 2])",
    "np.float(3)": "np.float64(3)",
    "np.in1d([1], [1])": "np.isin([1], [1])",
    "np.frompyfunc(abs, 1, 1)": "np.vectorize(abs)",
    "np.save('a', [1])": "np.array([1])",
    "np.frombuffer('a')": "np.array([1])",
    "np.ones(2).setflags(write=False)": "np.ones(2).copy()",
}


@pytest.mark.parametrize("text", MENDS)
def test_a_refusal_names_what_to_write_and_that_runs(sandbox, text):
    with pytest.raises(ProgramRejected) as caught:
        check(f"import numpy as np\nprint({text})")
    assert caught.value.problem.span is not None
    assert caught.value.problem.span.line == 2
    assert str(caught.value.problem.remedy)
    assert printed(sandbox.trace(f"import numpy as np\nprint({MENDS[text]})"))


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        ("np.sin(x)", "torch.sin(x)"),
        ("np.exp(-x**2)", "torch.exp(-x**2)"),
        ("np.mean(x.detach())", "torch.mean(x.detach())"),
        ("np.sum(x, axis=0)", "torch.sum(x, axis=0)"),
        ("np.std(x)", None),
    ],
)
def test_torch_s_function_of_the_same_name_and_meaning_is_the_mend(sandbox, call, meant):
    source = f"import numpy as np\nimport torch\nx = torch.ones(2, requires_grad=True)\ny = {call}"
    (cell,) = sandbox.trace(source).cells
    assert cell.failure.replacement == (meant and source.replace(call, meant))
    if meant:
        assert printed(sandbox.trace(cell.failure.replacement)) == ""
