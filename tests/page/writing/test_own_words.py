"""Our own refusals are in the page's language; what torch and Python say stays in their words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from viz.page.session.language import speak
from viz.page.writing.own_words import TEMPLATES, raised, spoken
from viz.records import CurveQuestion, Failure, Span
from viz.tracing.hints.messages import hint_for
from viz.tracing.source_map import SourceMap

TRACING = Path(__file__).resolve().parents[3] / "viz" / "tracing"

# program, what is said of it in Chinese
FAILING = [
    ("def f(x):\n    y = x * x", "f 没有 return：它返回 None"),
    ("def f(x):\n    return", "结果是 None，不是张量"),
    ("def f(x):\n    return 'text'", "结果是 str，不是张量"),
    ("def f(x):\n    return (x * x).detach()", "结果不依赖任何需要梯度的输入"),
    ("def f(x):\n    return math.sin(x)", "math.sin 得到的是普通数：计算图到此为止"),
    ("def f(x):\n    exit()", "SystemExit: sys.exit() 在这里结束了程序"),
    (
        "torch.load('m.pt')",
        "FileNotFoundError: [Errno 2] 没有这个文件：这里没有以此名保存过任何东西：'m.pt'",
    ),
    (
        "plt.plot([1, 2], c='mauvish')",
        "ValueError: 'mauvish' 不是这里认识的颜色：请用 'blue'、'C1' 或 '#1f77b4'",
    ),
]
THEIRS = """
object has no attribute|attribute name must be string|write\\(\\) argument|out must be Tensor
functions with out=|result type|Expected state_dict|default_collate|Subclasses of Dataset
Sum of input lengths|Size mismatch|sampler option|batch_size should|each element in list
Only Tensors created|Got unexpected field|Field names cannot|Encountered duplicate|Type names and
x and y must have same|Axes.set\\(\\) got|num must be an integer|Invalid shape|Input z must
x and y can be no|is not a valid format string|new\\(\\): data must|Mismatch in shape: gradient
dictionary is empty|expected a torch.ByteTensor|iter\\(v, w\\)|iter expected at most
Index given to ParameterDict|Subclasses of IterableDataset|can't convert type|lo must be
the JSON object must|unhashable type|string argument expected|must be called with a dataclass
has no attribute `|has no \\w+ `|^type object|^No such file or directory$|^Torch not compiled with
attr statement must target|graph must be sole|cannot add subgraph of diff
expected string or bytes-like
gca\\(\\) got an|^make_functional\\(model|^orthogonal_map is|^attribute 'parametrizations'
^descriptor it for 'torch
does not have a parametrization on|^ChainDataset only supports|^can't (assign|index) a
^Cannot access accelerator|^torch.cuda.Stream requires|^Tried to instantiate dummy
^module '\\w[\\w.]*' has|^strides(, if given, must| is incompatible)|^negative dimensions are
is not a valid alignment
^ndarray is not C-contiguous|^All of the rows must be|^resize only works on|^Backend must be an
"""
"""How those messages begin that torch, Python or matplotlib would give, word for word."""


@pytest.fixture(autouse=True)
def chinese():
    speak("zh")
    yield
    speak("en")


@pytest.mark.parametrize(("source", "said"), FAILING)
def test_a_failing_program_is_told_in_chinese(sandbox, source, said):
    failure = sandbox.trace(source).failure
    assert failure is not None
    assert raised(failure) == said


def test_a_curve_has_the_same_words_for_the_same_fault(sandbox):
    curve = sandbox.ask(
        CurveQuestion(
            sandbox.trace("def f(x):\n    return 'text'").program,
            {"x": "1.0"},
            start=-1.0,
            stop=1.0,
        )
    )
    assert curve.failure is not None
    assert raised(curve.failure) == "TypeError: 结果是 str，不是张量"


def own_messages() -> set[str]:
    """What stands in the exceptions that the tracing room makes; a place is the word `it`."""
    calls = (
        (call, ast.unparse(call.func))
        for path in TRACING.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
    )
    texts = [
        text
        for call, kind in calls
        if kind.endswith(("Error", "Failure"))
        for text in call.args
        if isinstance(text, ast.JoinedStr) or (isinstance(text, ast.Constant) and text.value)
    ]
    return {words for text in texts if " " in (words := filled(text))}


def filled(text: ast.expr) -> str:
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "it" for part in parts)


def test_every_refusal_of_ours_is_translated():
    theirs = re.compile("|".join(THEIRS.split("\n")[1:-1]))
    messages = own_messages()
    assert len(messages) > 80
    ours = {words for words in messages if "own" in words or not theirs.search(words)}
    english = {words for words in ours if spoken(words) == words}
    assert english == {"No such file or directory: nothing was saved here"}


SAYS_IT = re.compile(
    r": (?:use|take|return|give|leave|choose|timeit)\b|\buse |leave it out"
    r"|make (?:a new|another|it anew)"
)
"""A remedy in a message's own words."""
WITH_THEIR_OWN = {
    "the result is {kind}, not a tensor",
    "the result does not depend on an input that requires grad",
    "math.{name} gives a plain number: the graph ends there",
    "{name} has no return: it gives None",
}
"""Messages whose records bring a hint that fits the program (`useless`, `plain_results`)."""
NO_REMEDY = {
    "({kind} while its message was made)": "the program's own exception failed to say more"
}
"""Reviewed: what nothing can be said to, and why."""


def test_every_refusal_of_ours_names_its_remedy():
    """Each template, which `test_every_refusal_of_ours_is_translated` finds in the sources."""
    source = SourceMap("x = 1", "<program>")
    span = Span.in_line(1, 0, 5)
    kinds = ("RuntimeError", "TypeError", "ValueError", "AttributeError", "Exception")
    without = set()
    for template in TEMPLATES:
        text = re.sub(r"\{\w+\}", "it", template)
        hints = (hint_for(kind, text, source, span, ())[0] for kind in kinds)
        if SAYS_IT.search(template) is None and not any(hints):
            without.add(template)
    assert without == WITH_THEIR_OWN | NO_REMEDY.keys()


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    y = x",
        "def f(x): return 'a'",
        "def f(x): return x.detach()",
        "def f(x): return math.sin(x)",
    ],
)
def test_what_a_record_refuses_by_itself_has_place_and_remedy(sandbox, source):
    failure = sandbox.trace(source).failure
    assert failure is not None
    assert failure.span is not None
    assert failure.hint is not None


@pytest.mark.parametrize(
    "message",
    [
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)",
        "f() takes 1 positional argument but 2 were given",
        "",
        "it cannot be set here" + "!" * 10_000,
    ],
)
def test_others_words_stay(message):
    assert (
        raised(Failure("TypeError", message)).removeprefix("TypeError").removeprefix(": ")
        == message
    )
