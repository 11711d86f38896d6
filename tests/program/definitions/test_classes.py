"""Classes: layers and functions with a derivative of their own, and nothing else."""

from __future__ import annotations

import types

import pytest

from viz.errors import ProgramRejected
from viz.program import check
from viz.program.allowlist.allowed import NEVER, is_free
from viz.program.allowlist.words import words

HEAD = "class A(nn.Module):\n  "
REFUSED = {
    "class A(dict): pass": "may only be a layer",
    "class A(str): pass": "may only be a layer",
    "class A(type): pass": "may only be a layer",
    "class A(torch.Tensor): pass": "may only be a layer",
    "class A(nn.Module, metaclass=dict): pass": "may only be a layer",
    "class A(print('x')): pass": "may only be a layer",
    "class A((lambda: dict)()): pass": "may only be a layer",
    "from collections import OrderedDict\nclass A(OrderedDict): pass": "may only be a layer",
    "@print\nclass A(nn.Module): pass": "decorator is not allowed",
    "class A:\n  def __getattribute__(self, name): return name": "__getattribute__ is not allowed",
    "class A:\n  def __float__(self): return 1.0": "__float__ is not allowed",
    "class A:\n  __slots__ = ('__dict__',)": "__slots__ is not allowed",
    "class A:\n  __slots__ = names": "__slots__ is not allowed",
    "class A:\n  __slots__ = ('gi_frame',)": "gi_frame is a name of",
    "class _:\n  def f(self): self.__x = 1": "__x is not allowed",
    "class A: pass\nA.__x = 1": "__x is not allowed",
    "class A:\n  def f(self): return self.__x": "__x is not allowed",
    "class Module:\n  def f(self): self.__annotations__ = 1": "__annotations__ is not allowed",
    "class A:\n  def __setattr__(self, name, x): pass": "__setattr__ is not allowed",
    "class A:\n  def __new__(self): pass": "__new__ is not allowed",
    "class A:\n  def __del__(self): pass": "__del__ is not allowed",
    "class A:\n  def __index__(self): pass": "__index__ is not allowed",
    "class A:\n  def __reduce_ex__(self): pass": "__reduce_ex__ is not allowed",
    "class A:\n  def __get__(self, x, y): pass": "__get__ is not allowed",
    "class A:\n  def __set_name__(self, x, y): pass": "__set_name__ is not allowed",
    "class A:\n  def __init_subclass__(self): pass": "__init_subclass__ is not allowed",
    "class A:\n  def __class_getitem__(self, x): pass": "__class_getitem__ is not allowed",
    "class A:\n  def __torch_function__(self): pass": "__torch_function__ is not allowed",
    "class A:\n  def __array__(self): pass": "__array__ is not allowed",
    "class A:\n  __slots__ = 1": "__slots__ is not allowed",
    "class A:\n  __annotations__ = 1": "__annotations__ is not allowed",
    "class A:\n  __call__ = 1": "__call__ is not allowed",
    "class A:\n  gi_frame = 1": "gi_frame is a name of Python's own",
    "class A:\n  def f_back(self): pass": "f_back is a name of Python's own",
    "class A:\n  def f(self): self.__add__ = 1": "__add__ is not allowed",
    "class A: pass\nA.__add__ = 1": "__add__ is not allowed",
    HEAD + "def __init__(self): self.register_buffer('f_back', None)": "f_back is a name of",
    HEAD + "def __init__(self): self.gi_frame = 1": "gi_frame is a name of",
    HEAD + "def __init__(self): self.__class__ = 1": "__class__ is not allowed",
    HEAD + "def __init__(self): (self.f_back, y) = 1, 2": "f_back is a name of",
    HEAD + "def __init__(self): super().__init__": "named here and not called",
    HEAD + "def __init__(self): super().__init__ = 1": ".__init__ is not allowed",
    HEAD + "def __init__(self): super().__getattribute__('x')": "__getattribute__ is not allowed",
    HEAD + "def __init__(self): super().__setattr__('x', 1)": "__setattr__ is not allowed",
    HEAD + "def __init__(self): x = super()": "super is not allowed",
    HEAD + "def __init__(self): x = super": "super is not allowed",
    HEAD + "def f(self, x): super(A, x).forward()": "super is not allowed",
    HEAD + "def __init__(self): self.__init__()": ".__init__ is not allowed",
    HEAD + "def forward(self): return __init__": "__init__ is not allowed",
    HEAD + "def forward(self): return __class__": "__class__ is not allowed",
    HEAD + "def forward(self): return self.__class__.mro": "mro is not allowed",
    "def __init__(): pass": "__init__ is not allowed",
    "def f():\n  @staticmethod\n  def g(): pass": "staticmethod is not allowed",
    "x = property(print)": "property is not allowed",
    "class __A(nn.Module): pass": "__A is not allowed",
    "x = torch.ones(2)\nx.dtype = 2": "dtype may not be assigned to",
    "x = torch.ones(2)\nprint(x.attention1)": ".attention1 is not allowed",
    "x = torch.ones(2)\nx.data_ptr = 2": "data_ptr may not be assigned",
    "def f():\n  yield 1\nf().gi_frame = 1": "gi_frame is a name of",
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


FREE = "label linears inp shortcut fc1 W_xh _prev2 layer_42 μ my_block"
TAKEN = (
    "gi_frame f_back tb_next cr_await ag_code co_code obj func args data_ptr mro f_locals f_globals"
    " f_builtins set_ map_ apply_ resize_ storage encode decode format mean shape grad T"
)


def test_a_name_that_no_real_object_has_is_free() -> None:
    assert [word for word in words(FREE) if not is_free(word)] == []
    assert [
        word for word in [*words(TAKEN), "__x__", "__x", "x y", "", "ｇ", "a" * 99] if is_free(word)
    ] == []


def test_names_of_frames_code_and_types_are_nobody_s() -> None:
    kinds = (types.FrameType, types.CodeType, types.TracebackType, types.GeneratorType)
    theirs = {name for kind in kinds for name in dir(kind) if "_" in name.strip("_")}
    assert {name for name in theirs if not name.startswith("__")} - NEVER <= {"with_traceback"}
