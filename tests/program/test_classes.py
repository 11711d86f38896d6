"""Classes: layers and functions with a derivative of their own, and nothing else."""

from __future__ import annotations

import functools
import types
import weakref

import pytest

from viz.errors import ProgramRejected
from viz.program import check, names
from viz.program.classes import is_own_word
from viz.program.words import words

HEAD = "class A(nn.Module):\n  "
REFUSED = {
    "class A: pass": "layer or a function",
    "class A(object): pass": "layer or a function",
    "class A(nn.Module, nn.Module): pass": "layer or a function",
    "class A(nn.Module, metaclass=dict): pass": "layer or a function",
    "class A(nn.Linear): pass": "layer or a function",
    "@print\nclass A(nn.Module): pass": "layer or a function",
    "B = nn.Module\nclass A(B): pass": "layer or a function",
    "from torch.nn import Linear as Module\nclass A(Module): pass": "layer or a function",
    "def f():\n  class A(nn.Module): pass": "inside something else",
    HEAD + "x = 1": "methods only",
    HEAD + "x: int": "methods only",
    HEAD + "print(1)": "methods only",
    HEAD + "class B(nn.Module): pass": "methods only",
    HEAD + "def __call__(self): pass": "__call__ is not on the list",
    HEAD + "def __getattr__(self, name): return name": "__getattr__ is not on the list",
    HEAD + "def __torch_function__(self): pass": "__torch_function__ is not on the list",
    HEAD + "def parameters(self): pass": "parameters is not on the list",
    HEAD + "def _call_impl(self): pass": "_call_impl is not on the list",
    HEAD + "def __init__(self): self.gi_frame = 1": "gi_frame is not on the list",
    HEAD + "def __init__(self): self.__class__ = 1": "__class__ is not on the list",
    HEAD + "def __init__(self): (self.f_back, y) = 1, 2": "f_back is not on the list",
    HEAD + "def f(self): super().__init__()": ".__init__ is not allowed",
    HEAD + "def __init__(self): super().__init__": ".__init__ is not allowed",
    HEAD + "def __init__(self): super().__init__ = 1": ".__init__ is not allowed",
    HEAD + "def __init__(self): x = super()": "super is not allowed",
    HEAD + "def __init__(self): super().forward()": "super is not allowed",
    HEAD + "def __init__(self): x = super": "super is not allowed",
    HEAD + "def __init__(self): self.__init__()": ".__init__ is not allowed",
    HEAD + "def forward(self): return __init__": "__init__ is not allowed",
    HEAD + "def forward(self): return __class__": "__class__ is not allowed",
    HEAD + "@classmethod\n  def forward(self): pass": "classmethod is not allowed",
    HEAD + "@property\n  def scale(self): pass": "property is not allowed",
    "def __init__(): pass": "__init__ is not allowed",
    "def f():\n  @staticmethod\n  def g(): pass": "staticmethod is not allowed",
    "class __A(nn.Module): pass": "__A is not allowed",
    "x = [1]\nx.linear1 = 2": ".linear1 is not allowed",
}


@pytest.mark.parametrize("source", REFUSED)
def test_other_classes_are_refused(source: str) -> None:
    with pytest.raises(ProgramRejected) as caught:
        check(source)
    assert REFUSED[source] in str(caught.value.problem.message)


def test_a_class_s_own_names_may_be_read_and_written_anywhere_in_its_program() -> None:
    source = HEAD + "def __init__(self):\n    super().__init__()\n    self.fc1 = nn.Linear(1, 1)\n"
    check(source + "a = A()\na.fc1.weight\na.fc1 = a.fc1\nA(1).fc1")
    with pytest.raises(ProgramRejected, match="fc2"):
        check(source + "a = A()\na.fc2")


def test_a_class_beside_a_function_leaves_it_a_function() -> None:
    program = check(HEAD + "def forward(self, x): return x * 2\ndef f(x): return A()(x)")
    assert (program.kind, program.function) == ("function", "f")


def test_methods_are_no_names_of_the_module() -> None:
    with pytest.raises(ProgramRejected, match="helper is not known"):
        check(HEAD + "def helper(self): pass\nhelper(1)")


GOOD = "linear1 fc conv2 linear_relu_stack W_xh b w hidden_size encoder lambda1 a0 x_1 num_layers"
BAD = (
    "gi_frame f_back tb_next cr_await ag_code co_code obj func args data_ptr func_globals mro"
    " im_func f_locals f_globals f_builtins set_ map_ apply_ resize_ hooks_dict_ref storage encode"
    " _x x__y __x__ x_ os sys path load save open eval exec format"
)


def test_the_words_of_a_class_s_own_names() -> None:
    assert [word for word in words(GOOD) if not is_own_word(word)] == ["lambda1"]
    assert [word for word in words(BAD) if is_own_word(word)] == []


@pytest.mark.parametrize(
    "kind",
    [
        types.FrameType,
        types.CodeType,
        types.GeneratorType,
        types.CoroutineType,
        types.AsyncGeneratorType,
        types.TracebackType,
        types.FunctionType,
        types.MethodType,
        types.BuiltinFunctionType,
        types.ModuleType,
        types.MappingProxyType,
        functools.partial,
        weakref.ref,
        property,
        staticmethod,
        super,
        type,
        object,
        str,
        bytes,
        bytearray,
        memoryview,
        BaseException,
        AttributeError,
        ImportError,
        OSError,
        SyntaxError,
    ],
)
def test_no_own_word_is_an_attribute_of_what_python_runs_on(kind: type) -> None:
    allowed = names.OBJECT_ATTRIBUTES
    assert [name for name in dir(kind) if is_own_word(name) and name not in allowed] == []
