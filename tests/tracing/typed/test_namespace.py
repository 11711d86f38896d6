"""The names that typed code finds, run for real: the course's cells, prints, imports, seeds."""

from __future__ import annotations

import builtins
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode

from viz.program import check
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.records import MAX_PRINTED
from viz.tracing.runnable import Transcript
from viz.tracing.typed.namespace import OF_A_RUN, namespace, parts

# torch.func imports its decompositions on first use, and they are made with torch.jit.script
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")

REPLACED = words(
    "print iter type getattr hasattr setattr id display dir help exit quit KeyboardInterrupt"
    " vars hash delattr breakpoint"
)
"""Stand-ins under names of Python's own functions."""
HERE = Path(__file__).parents[2] / "program"
SCRIPTS = (HERE / "accepted_scripts.txt").read_text().split("\n=====\n")


def run(source: str) -> tuple[dict[str, Any], Transcript]:
    """The globals and the transcript after a checked script ran in this process."""
    transcript = Transcript()
    globals_ = namespace(transcript)
    exec(compile(check(source).source, "<program>", "exec"), globals_)  # noqa: S102
    return globals_, transcript


@pytest.mark.parametrize("source", SCRIPTS)
def test_the_accepted_scripts_run(source: str) -> None:
    run(source)


def test_the_course_s_first_example_by_value() -> None:
    found, _ = run(
        "import torch\nx = torch.arange(4.0)\nx.requires_grad_(True)\ny = 2 * torch.dot(x, x)\n"
        "y.backward()\ng = x.grad.tolist()\nvalue = y.item()\nx.grad.zero_()\nx.sum().backward()"
    )
    assert (found["value"], found["g"]) == (28.0, [0.0, 4.0, 8.0, 12.0])
    assert found["x"].grad.tolist() == [1.0] * 4


def test_torch_s_own_words_reach_the_reader() -> None:
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        run("x = torch.ones(1, requires_grad=True)\ny = (x * x).sum()\ny.backward()\ny.backward()")
    with pytest.raises(RuntimeError, match="implicitly created only for scalar outputs"):
        run("x = torch.ones(2, requires_grad=True)\n(x * x).backward()")


def test_every_allowed_bare_name_is_there_and_is_torch_s_own() -> None:
    found = namespace(Transcript())
    inside = found["__builtins__"]
    assert isinstance(inside, dict)
    for name, origin in allowed.BARE.items():
        module = origin.rpartition(".")[0]
        if module == "builtins":
            standin = name in REPLACED
            expected = inside[name] if standin else getattr(builtins, name)
            assert inside[name] is expected
        elif name in allowed.ELEMENTARY:
            assert callable(found[name])
        else:
            assert found[name] is getattr(parts()[module], name)


def test_proxies_hold_the_allowed_names_and_no_others() -> None:
    for module, part in parts().items():
        assert set(vars(part)) == allowed.MODULES[module]
    made_in_each_run = set(OF_A_RUN)
    assert set(parts()) | made_in_each_run == set(allowed.MODULES)
    torch_part = namespace(Transcript())["torch"]
    for name in ("os", "sys", "hub", "ops", "__name__", "__file__", "__loader__"):
        assert not hasattr(torch_part, name)


def test_a_program_lies_where_its_folder_is() -> None:
    names = namespace(Transcript())
    exec("import os\nplace = os.path.dirname(__file__), os.getcwd()", names)  # noqa: S102
    assert len(set(names["place"])) == 1
    assert names["__doc__"] is None


def test_proxies_cannot_be_written_to() -> None:
    for name in ("torch", "nn", "F", "math", "plt"):
        part = namespace(Transcript())[name]
        with pytest.raises(AttributeError):
            part.sin = None  # type: ignore[attr-defined]
        with pytest.raises(AttributeError):
            del part.pi  # type: ignore[attr-defined]


def test_fresh_globals_know_nothing_of_an_earlier_run() -> None:
    run("torch_seen = 1\nsin = 2")
    found = namespace(Transcript())
    assert "torch_seen" not in found
    assert callable(found["sin"])


def test_builtins_that_open_the_way_out_are_absent() -> None:
    found = namespace(Transcript())
    inside = found["__builtins__"]
    assert isinstance(inside, dict)
    for name in (
        "open", "exec", "eval", "compile",
        "globals", "locals", "input", "memoryview", "BaseException",
    ):  # fmt: skip
        assert name not in inside


@pytest.mark.parametrize(
    "source",
    [
        "import os.posix",
        "import torch.os",
        "from torch import os",
        "from torch import hub",
        "from torch.nn import parallel",
        "import matplotlib.pyplot.os",
        "from . import torch",
        "import builtins",
    ],
)
def test_import_hands_out_nothing_else_even_unchecked(source: str) -> None:
    with pytest.raises(ImportError):
        exec(compile(source, "<program>", "exec"), namespace(Transcript()))  # noqa: S102


def test_imports_of_all_forms_give_the_same_proxies() -> None:
    found, _ = run(
        "import torch.nn.functional as A\nfrom torch.nn import functional as B\n"
        "import torch.nn\nimport matplotlib.pyplot as p\nfrom matplotlib import pyplot as q\n"
        "from torch import sin as s, nn as n"
    )
    assert found["A"] is found["B"] is found["F"]
    assert found["p"] is found["q"] is found["plt"]
    assert found["n"] is found["nn"]
    assert found["s"] is torch.sin


def test_imports_of_torch_s_own_code_still_work() -> None:
    # the repr of a tensor and sparse results import modules from C++ in the typed frame
    _, transcript = run("print(torch.ones(2, 2).to(torch.float64))\ntorch.ones(2).unique()")
    assert transcript.printed.since().startswith("tensor([[1., 1.]")
    load: Any = namespace(Transcript())["__builtins__"]["__import__"]  # type: ignore[index]
    assert load("os", {}, {}, [], 0) is None


class Seen(TorchFunctionMode):
    """The functions that a mode sees."""

    def __init__(self) -> None:
        self.functions: list[Any] = []

    def __torch_function__(self, func: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.functions.append(func)
        return func(*args, **(kwargs or {}))


def test_a_function_mode_sees_the_calls_of_typed_code() -> None:
    globals_ = namespace(Transcript())
    code = compile("sin(x) + torch.exp(x) + F.relu(x) + linear(x)", "<program>", "eval")
    globals_["x"] = torch.ones(2, 2)
    globals_["linear"] = torch.nn.Linear(2, 2)
    with Seen() as seen:
        eval(code, globals_)  # noqa: S307
    expected = [torch.sin, torch.exp, torch.nn.functional.relu, torch.nn.functional.linear]
    assert [each for each in seen.functions if each in expected] == expected


@pytest.mark.parametrize("name", sorted(allowed.ELEMENTARY))
def test_elementary_functions_take_numbers_as_they_take_tensors(name: str) -> None:
    found = namespace(Transcript())
    function: Any = found[name]
    for number in (0.5, 1.5, -2.0, 0.0, 1000.0, -1000.0, 1):
        expected = getattr(torch, name)(torch.tensor(float(number), dtype=torch.float64)).item()
        actual = function(number)
        assert type(actual) is float
        assert math.isclose(actual, expected, rel_tol=1e-12) or (actual != actual) == (
            expected != expected
        )
        if math.isinf(expected):
            assert actual == expected
        with Seen() as seen:
            function(number)
        assert seen.functions == []
    tensor = torch.tensor([1.25 if "cosh" in name else 0.25], requires_grad=True)
    assert function(tensor).grad_fn is not None
    assert function(input=tensor).equal(function(tensor))
    with pytest.raises(TypeError, match="must be Tensor, not str"):
        function("x")


def test_print_writes_into_the_transcript() -> None:
    _, transcript = run("print(1, 'a', sep='-')\nprint(torch.ones(2), end='')\nprint()")
    assert [*transcript.printed] == ["1-a\n", "tensor([1., 1.])", "\n"]


def test_print_is_bounded_over_all_calls_and_says_so() -> None:
    _, transcript = run("for i in range(3000):\n    print(i, 'x' * 94)")
    lines = transcript.printed.since().splitlines()
    assert len(transcript.printed.since()) <= MAX_PRINTED
    numbers = [int(line.split()[0]) for line in lines if line[0] != "…"]
    (between,) = (place for place, line in enumerate(lines) if line[0] == "…")
    assert numbers == [*range(between), *range(3000 - len(numbers) + between, 3000)]
    assert lines[between] == f"… ({3000 - len(numbers)} more lines were printed here) …"


def test_half_characters_do_not_reach_the_answer() -> None:
    _, transcript = run("print('\\ud800')\nplt.title('\\udfff')")
    assert "".join(transcript.printed).encode() == b"?\n"
    assert transcript.plots[0].axes[0].title == "?"


def test_a_seed_makes_random_numbers_repeatable() -> None:
    found, _ = run(
        "torch.manual_seed(7)\na = torch.randn(3)\ntorch.manual_seed(7)\nb = torch.randn(3)"
    )
    assert found["a"].equal(found["b"])
    torch.manual_seed(7)
    assert found["a"].equal(torch.randn(3))


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "mps"])
def test_a_device_is_named_and_there_is_none_but_the_cpu(name: str) -> None:
    found, _ = run(f"d = torch.device({name!r})")
    assert found["d"] == torch.device(name)
    with pytest.raises((AssertionError, NotImplementedError)):
        run(f"torch.ones(1, device=torch.device({name!r}))")
    found, _ = run("d = torch.device('cuda' if torch.cuda.is_available() else 'cpu')")
    assert found["d"] == torch.device("cpu")


def test_types_that_something_stands_in_for_stand_beside_others() -> None:
    found, _ = run(
        "import itertools\n"
        "def f(d: torch.device | str = 'cpu', n: itertools.count | None = None): return d\n"
        "d = isinstance(torch.device(f()), str | torch.device), isinstance('cpu', torch.device)"
    )
    assert found["d"] == (True, False)


@pytest.mark.parametrize("name", ["meta", "xla", "privateuseone"])
def test_no_program_means_another_kind_of_device(name: str) -> None:
    with pytest.raises(RuntimeError, match="only the device 'cpu'"):
        run(f"torch.device({name!r})")


def test_the_type_s_name_serves_isinstance_annotations_and_printing() -> None:
    found, transcript = run(
        "def f(x: torch.Tensor | None, y: list[torch.Tensor]) -> torch.Tensor: return x\n"
        "a = isinstance(torch.ones(1), torch.Tensor), isinstance(1, (int, torch.Tensor))\n"
        "b = torch.Tensor([1, 2])\nprint(torch.Tensor)"
    )
    assert found["a"] == (True, True)
    assert found["b"].equal(torch.tensor([1.0, 2.0]))
    assert [*transcript.printed] == ["<class 'torch.Tensor'>\n"]
    assert run("a = torch.Tensor(2, 3)")[0]["a"].equal(torch.zeros(2, 3))
    with pytest.raises(AttributeError):
        run("torch.Tensor.grad = 1")


def test_addresses_of_objects_are_not_shown() -> None:
    _, transcript = run("y = (torch.ones(1, requires_grad=True) * 2)\nprint(y.grad_fn, sorted)")
    assert [*transcript.printed] == ["<MulBackward0 object> <built-in function sorted>\n"]


TYPES = {
    "torch.ones(1)": "<class 'torch.Tensor'>",
    "(1).real": "<class 'int'>",
    "nn.Linear(1, 1)": "<class 'torch.nn.modules.linear.Linear'>",
    "sin": "<class 'function'>",
    "torch.sin": "<class 'builtin_function_or_method'>",
    "(x for x in [1])": "<class 'generator'>",
    "torch": "<class 'viz.tracing.typed.part.Part'>",
}


@pytest.mark.parametrize("text", TYPES)
def test_a_type_prints_as_python_s(text: str) -> None:
    found = namespace(Transcript())
    value = eval(compile(f"type({text})", "<program>", "eval"), found)  # noqa: S307
    assert repr(value) == TYPES[text]


def test_types_that_cannot_be_named_are_not_handed_out() -> None:
    found = namespace(Transcript())
    for text in (
        "sin",
        "torch.sin",
        "(x for x in [1])",
        "torch",
        "None",
        "type",
        "plt",
        "[].append",
    ):
        value = eval(compile(f"type({text})", "<program>", "eval"), found)  # noqa: S307
        assert not isinstance(value, type)
        assert value == eval(compile(f"type({text})", "<program>", "eval"), found)  # noqa: S307


def test_random_numbers_of_python_follow_torch_s_seed() -> None:
    drawn = []
    for seed in (5, 5, 6):
        torch.manual_seed(seed)
        drawn.append(run("import random\nx = [random.random() for _ in range(3)]")[0]["x"])
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize(
    "name",
    [
        *("__class__", "__globals__", "__dict__", "f_globals", "gi_frame", "func", "set_"),
        *("", " grad", "grad ", "ｇｒａｄ", "x" * 10**6),
    ],
)
def test_attributes_by_name_are_those_that_may_follow_a_dot(name: str) -> None:
    inside = namespace(Transcript())["__builtins__"]
    assert isinstance(inside, dict)
    for value in (torch.ones(1), print, test_attributes_by_name_are_those_that_may_follow_a_dot):
        with pytest.raises(AttributeError, match="may not be asked for"):
            inside["getattr"](value, name)
        with pytest.raises(AttributeError, match="may not be asked for"):
            inside["getattr"](value, name, None)
        with pytest.raises(AttributeError, match="may not be asked for"):
            inside["hasattr"](value, name)


def test_an_attribute_by_a_text_that_is_none_is_refused() -> None:
    class Changing(str):
        """Compares as an allowed name, and is another."""

        def __hash__(self) -> int:
            return hash("grad")

        def __eq__(self, other: object) -> bool:
            return True

    inside = namespace(Transcript())["__builtins__"]
    assert isinstance(inside, dict)
    for name in (Changing("__class__"), b"grad", 1, None):
        with pytest.raises(TypeError):
            inside["getattr"](torch.ones(1), name)


def test_attributes_by_name_are_python_s_own_else() -> None:
    inside = namespace(Transcript())["__builtins__"]
    assert isinstance(inside, dict)
    x = torch.ones(1, requires_grad=True)
    assert inside["getattr"](x, "requires_grad") is True
    assert inside["getattr"](x, "variable", 5) == 5
    assert inside["hasattr"](x, "grad")
    assert not inside["hasattr"](x, "variable")
    with pytest.raises(AttributeError, match="no attribute 'variable'"):
        inside["getattr"](x, "variable")


@pytest.mark.parametrize(
    "name", sorted({*REPLACED} - {"KeyboardInterrupt", "breakpoint", "print", "display", "quit"})
)
def test_a_wrong_call_is_told_by_the_name_that_was_called(name: str) -> None:
    with pytest.raises(TypeError, match=rf"^{name}\(\) got an unexpected keyword"):
        namespace(Transcript())["__builtins__"][name](wrong=1)  # type: ignore[index]
