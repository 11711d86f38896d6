"""Classes: layers and functions with a derivative of their own, and nothing else."""

from __future__ import annotations

import functools
import types
import weakref

import pytest

from viz.errors import ProgramRejected
from viz.program import check
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.definitions.classes import is_own_word

HEAD = "class A(nn.Module):\n  "
REFUSED = {
    "class A(dict): pass": "may only be a layer",
    "class A(Exception): pass": "may only be a layer",
    "class A(torch.Tensor): pass": "may only be a layer",
    "object = dict\nclass A(object): pass": "may only be a layer",
    "class A(A): pass": "may only be a layer",
    "class A(B): pass\nclass B: pass": "may only be a layer",
    "class B: pass\nB = dict\nclass A(B): pass": "may only be a layer",
    "class sin: pass\nclass A(sin): pass": "may only be a layer",
    "class A(print('x')): pass": "may only be a layer",
    "class A:\n  def __getattr__(self, name): return name": "__getattr__ is not on the list",
    "class A:\n  def __setattr__(self, name, x): pass": "__setattr__ is not on the list",
    "class A:\n  def __new__(self): pass": "__new__ is not on the list",
    "class A:\n  def __del__(self): pass": "__del__ is not on the list",
    "class A:\n  def __eq__(self, other): pass": "__eq__ is not on the list",
    "class A:\n  def __hash__(self): pass": "__hash__ is not on the list",
    "class A:\n  def __index__(self): pass": "__index__ is not on the list",
    "class A:\n  def __bool__(self): pass": "__bool__ is not on the list",
    "class A:\n  def __enter__(self): pass": "__enter__ is not on the list",
    "class A:\n  def __iter__(self): pass": "__iter__ is not on the list",
    "class A:\n  def __reduce__(self): pass": "__reduce__ is not on the list",
    "class A:\n  def __init_subclass__(self): pass": "__init_subclass__ is not on the list",
    "class A:\n  def __torch_function__(self): pass": "__torch_function__ is not on the list",
    "class A:\n  __slots__ = 1": "__slots__ is not on the list",
    "class A:\n  __call__ = 1": "__call__ is not allowed",
    "class A:\n  gi_frame = 1": "gi_frame is not on the list",
    "class A:\n  def f(self): self.__add__ = 1": "__add__ is not allowed",
    "class A:\n  def shape(self): self.shape = 1": "shape is not on the list",
    "class A:\n  def apply(self): pass\nnn.Module.apply = 1": "apply may not be assigned",
    "class A: pass\nA.__add__ = 1": "__add__ is not allowed",
    "class B(nn.Module): pass\nclass A(B):\n  def __add__(self, x): pass": "__add__ is not on",
    HEAD + "def __init__(self): self.register_buffer('f_back', None)": "f_back is not on the list",
    HEAD + "x = print": "methods and plain",
    HEAD + "x, y = 1, 2": "methods and plain",
    "class A(nn.Module, nn.Module): pass": "may only be a layer",
    "class A(nn.Module, metaclass=dict): pass": "may only be a layer",
    "class A(nn.Linear): pass": "may only be a layer",
    "@print\nclass A(nn.Module): pass": "may only be a layer",
    "B = nn.Module\nclass A(B): pass": "may only be a layer",
    "from torch.nn import Linear as Module\nclass A(Module): pass": "may only be a layer",
    "def f():\n  class A(nn.Module): pass": "inside something else",
    HEAD + "x: int": "methods and plain",
    HEAD + "print(1)": "methods and plain",
    HEAD + "class B(nn.Module): pass": "methods and plain",
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


def test_plain_classes_and_constants_are_allowed() -> None:
    check(
        "class Value:\n"
        '    """A number."""\n'
        "    scale = 2.0\n"
        "    def __init__(self, data, _children=()):\n"
        "        self.data, self.grad = data, 0.0\n"
        "        self._prev, self._backward = set(_children), lambda: None\n"
        "    def __add__(self, other): return Value(self.data + other.data, (self, other))\n"
        "    def __repr__(self): return f'Value({self.data})'\n"
        "class Twice(Value):\n"
        "    def __call__(self): return self.scale * self.data\n"
        "class Base(object):\n    pass\n"
        "class Own(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.register_buffer('scale', torch.ones(1))\n"
        "class Further(Own):\n    rate = 1\n    def forward(self, x): return x + self.scale\n"
        "class Sine(torch.autograd.Function):\n    generate_vmap_rule = True\n"
        "(Value(1) + Value(2))._prev"
    )


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
    known = allowed.OBJECT_ATTRIBUTES
    assert [name for name in dir(kind) if is_own_word(name) and name not in known] == []
