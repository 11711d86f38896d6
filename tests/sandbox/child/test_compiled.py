"""Checked text → what runs: values of input texts, spans as typed, refusals in words."""

import pytest
import torch

from viz.errors import InputRejected, ProgramRejected
from viz.program import check
from viz.records import Input, JacobianQuestion, Program, Span, TraceQuestion
from viz.sandbox.child.compiled import gradient, runnable
from viz.tracing.runnable import TYPED, Runnable
from viz.tracing.typed.namespace import namespace


def ready(source: str, seed: int = 0, **texts: str) -> Runnable:
    return runnable(TraceQuestion(check(source), texts, seed), namespace)


def value(text: str) -> object:
    return ready("x * 2", x=text).inputs[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.5", torch.tensor(1.5)),
        ("2", torch.tensor(2.0)),
        ("-pi/2", torch.tensor(-torch.pi / 2)),
        ("[1, 2, 3]", torch.tensor([1.0, 2.0, 3.0])),
        ("[[1, 2], [3, 4]]", torch.tensor([[1.0, 2.0], [3.0, 4.0]])),
        ("(1, 2)", torch.tensor([1.0, 2.0])),
        ("[]", torch.tensor([])),
        ("torch.arange(4.0)", torch.arange(4.0)),
        ("torch.arange(4)", torch.arange(4)),
        ("torch.tensor([1.0], dtype=torch.float64)", torch.tensor([1.0], dtype=torch.float64)),
        ("ones(2, 2)", torch.ones(2, 2)),
    ],
)
def test_an_input_text_means_a_tensor(text, expected):
    there = value(text)
    assert there.dtype == expected.dtype
    assert torch.equal(there, expected)
    assert not there.requires_grad


def test_an_input_has_no_history():
    assert value("torch.ones(2, requires_grad=True) * 2").grad_fn is None
    assert not value("torch.ones(2, requires_grad=True)").requires_grad


def test_random_inputs_follow_the_seed():
    same = [ready("x * 2", seed, x="torch.randn(3)").inputs[0] for seed in (1, 1, 2)]
    assert torch.equal(same[0], same[1])
    assert not torch.equal(same[0], same[2])


@pytest.mark.parametrize("text", ["3", "3.0", "torch.tensor(3)"])
def test_an_integer_input_stays_a_python_int(text):
    program = Program("def f(n):\n    return n", "function", (Input("n", "1", True),), "f")
    [there] = runnable(TraceQuestion(program, {"n": text}), namespace).inputs
    assert (type(there), there) == (int, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[1, 2], [3]]", "expected sequence of length 2"),
        ("'x'", "x is a str, not a number or a tensor"),
        ("print", "x is a function, not a number"),
        ("True", "x is a bool"),
        ("1/0", "ZeroDivisionError: division by zero"),
        ("torch.ones(2) @ torch.ones(3)", "RuntimeError: inconsistent tensor size"),
        ("torch.ones(5000, 5001)", "25005000 elements"),
        ("[1, 'a']", "x"),
    ],
)
def test_a_wrong_input_text_is_refused_with_its_name(text, words):
    program = Program("x", "expression", (Input("x", text),))
    with pytest.raises(InputRejected) as refused:
        runnable(TraceQuestion(program, {}), namespace)
    assert words in str(refused.value)
    assert refused.value.problem.input == "x"
    assert refused.value.problem.remedy.template


def test_an_input_that_is_no_whole_number_is_refused_where_one_is_needed():
    program = Program("def f(n):\n    return n", "function", (Input("n", "2.5", True),), "f")
    with pytest.raises(InputRejected, match="whole number"):
        runnable(TraceQuestion(program, {}), namespace)


def test_the_gradient_is_a_value_of_its_own():
    question = JacobianQuestion(check("x * 2"), {}, gradient="[1, 0]")
    names = runnable(question, namespace).namespace
    assert torch.equal(gradient(question, names), torch.tensor([1.0, 0.0]))
    assert gradient(TraceQuestion(check("x"), {}), names) is None


def test_an_expression_is_a_function_of_its_inputs_where_it_stands():
    made = ready("# a comment\nx**2 + y", x="3", y="4")
    assert made.function(*made.inputs) == 13
    code = made.function.__code__
    assert code.co_filename == TYPED
    positions = {(line, column) for line, _, column, _ in code.co_positions() if line and column}
    assert (2, 7) in positions, "y stands in line 2, column 7"


def test_the_last_function_is_the_program():
    made = ready("def g(x): return x + 1\ndef f(x=2.0): return g(x) * 3")
    assert made.function(*made.inputs) == 9


def test_cells_keep_their_last_expression_apart():
    made = ready("# %%\nx = 1\nx + 1\n# %%\nx = 5;\n# %%\nx;\n# %%\nx")
    assert [cell() for cell in made.cells] == [2, None, None, 5]


@pytest.mark.parametrize(
    ("source", "words", "span"),
    [
        ("def f(x=1/0): return x", "division by zero", Span(1, 0, 1, 0)),
        ("y = [1][2]\n\ndef f(x): return x", "IndexError", Span(1, 0, 1, 0)),
        ("[x for x in (y := [1])]", "does not take", Span(1, 0, 1, 0)),
    ],
)
def test_what_fails_before_the_run_is_refused(source, words, span):
    kind = "expression" if source.startswith("[") else "function"
    program = Program(source, kind, (), "f")
    with pytest.raises(ProgramRejected) as refused:
        runnable(TraceQuestion(program, {}), namespace)
    assert words in str(refused.value)
    assert refused.value.problem.span == span
