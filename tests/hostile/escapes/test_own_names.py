"""Names of a class's own open no way to what others have under them."""

import sys

import pytest

from tests.hostile.corpus import got_out
from tests.hostile.escapes.own_names import escapes
from viz.errors import ExplorerError, ProgramRejected
from viz.program import check

ESCAPES = dict(escapes())

linux = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


def test_there_are_many_of_them():
    assert len(ESCAPES) >= 70


@linux
def test_most_get_out_where_nothing_holds_them(nothing_on, outside):
    tried = dict(list(ESCAPES.items())[::5])
    out = got_out(nothing_on, outside, tried)
    assert len(out) >= 0.75 * len(tried), sorted(set(tried) - set(out))


@linux
def test_the_layers_alone_hold(layers_alone, outside):
    assert got_out(layers_alone, outside, ESCAPES) == {}


@linux
def test_the_allowlist_alone_holds(allowlist_alone, outside):
    assert got_out(allowlist_alone.trace, outside, ESCAPES) == {}


def test_most_are_refused_before_they_run():
    refused = 0
    for source in ESCAPES.values():
        try:
            check(source)
        except ProgramRejected:
            refused += 1
    assert refused >= 0.7 * len(ESCAPES)


RUN_TIME = {
    "x = torch.ones(2)\nclass A:\n    def __init__(self): self.encode = 1\n'a'.encode()": "encode",
    "class A:\n    def __init__(self): self.mean = 1\nx = torch.ones(2)\nx.mean = 3": "mean",
    "class A: pass\nsetattr(A, '__call__', 1)": "__call__",
    "setattr(torch, 'sin', 1)": "sin",
    "torch.__setattr__('sin', 1)": "sin",
    "torch.ones(1).__setattr__('shape', 1)": "shape",
    "nn.Linear(1, 1).__setattr__('_modules', {})": "_modules",
    "class A: pass\nA().__setattr__('__class__', dict)": "__class__",
    "class A: pass\nA.__setattr__(A(), '__dict__')": "string",
    "(lambda: 1).__setattr__('__code__', print)": "__code__",
    "(1).__setattr__(*['real', 2])": "__setattr__",
    "f = (1).__setattr__": "__setattr__",
    "torch.__delattr__('sin')": "sin",
    "nn.Linear(1, 1).__delattr__('_modules')": "_modules",
    "torch.ones(1).__delattr__('grad')": "grad",
    "nn.Linear.__delattr__('forward')": "forward",
    "object.__delattr__(torch, 'sin')": "__delattr__",
    "from torch.nn.modules.batchnorm import torch\ntorch.os": "os",
    "from torch.nn.modules.batchnorm import sync_batch_norm": "sync_batch_norm",
    "from torch.optim.optimizer import functools\nfunctools.sys": "functools",
    "from torch.nn.modules.utils import _pair\n_pair.__globals__": "__globals__",
    "from torch.nn.modules.utils import _pair\ngetattr(_pair, '__closure__')": "__closure__",
    "from torch.optim.optimizer import required\nrequired.__class__.__mro__": "__mro__",
    "torch.__getattr__('save').__getattribute__('__globals__')": "__globals__",
    "(lambda: 1).__getattribute__('__globals__')": "__globals__",
    "(1).__getattr__('__class__')": "__class__",
    "torch.ones(1).__getattr__('set_')": "set_",
    "object.__getattribute__(torch, 'os')": "__getattribute__",
    "(i for i in [1]).__getattribute__('gi' + '_frame')": "gi_frame",
    "object.__setattr__(torch, 'sin', 1)": "__setattr__",
    "setattr(torch.ones(1), 'shape', 1)": "shape",
    "class A(nn.Module):\n    def f(self): self._modules = {}\nA().f()": "_modules",
    "class A(nn.Linear):\n    def f(self): self._parameters = {}\nA(1, 1).f()": "_parameters",
    "class A(nn.Linear):\n    def f(self): self.forward = print\nA(1, 1).f()": "forward",
    "class A(nn.Linear):\n    def f(self): self.extra_repr = print\nA(1, 1).f()": "extra_repr",
    "class A(nn.Linear):\n    def f(self): self.add_module = 1\nA(1, 1).f()": "add_module",
    "class A: hidden_size = 1\nnn.LSTM(1, 1).hidden_size = 2": "hidden_size",
    "nn.LSTM(1, 1).dropout = 2": "dropout",
    "nn.Linear.p = 2": "p",
    "torch.ones(1).stride = 2": "stride",
    "torch.dtype.p = 2": "p",
    "class A(nn.Module):\n    def f(self): self.named_modules = 1\nA().f()": "named_modules",
    "class A(nn.LSTM):\n    def f(self): self.mode = 1\nA(1, 1).f()": "mode",
    "class A(nn.Module):\n    def named_parameters(self): pass": "named_parameters",
    "class A(nn.Module):\n    def _call_impl(self): pass": "_call_impl",
    "class F_(torch.autograd.Function): pass\nF_._backward_cls = dict": "_backward_cls",
    "class F_(torch.autograd.Function): pass\nsetattr(F_, '_lazy_back' + 'ward_cls', 1)": "_cls",
    "import abc\nclass A(abc.ABC): pass\nA._abc_impl = 1": "_abc_impl",
    "class A(nn.LSTM):\n    @property\n    def _flat_weights_names(self): pass": "_flat_weights",
    "class A(nn.Module): _modules = {}": "_modules",
    "class A(nn.Module): __slots__ = ('_parameters',)": "_parameters",
    "class B: _modules = {}\nclass A(B, nn.Module): pass": "_modules",
    "class B: pass\nclass A(B, nn.Module): pass\nB._modules = {}": "_modules",
    "class B:\n    def named_modules(self): pass\nclass A(B, nn.Module): pass": "named_modules",
    "import dataclasses as d\n@d.dataclass\nclass A(nn.Module):\n    _modules: dict": "_modules",
    "import dataclasses as d\nclass B:\n    _modules: dict\nclass A(B, nn.Module): pass\n"
    "B = d.dataclass(B)": "_modules",
    "import functools\np = functools.cached_property(lambda a: {})\nclass B: _modules = p\n"
    "class A(nn.Module): q = p": "__set_name__",
    "class A(nn.Linear): pass\nA(1, 1, **{'device': 'meta'})": "only the device",
    "class A(nn.Linear): pass\nA(1, 1, device='meta')": "device",
    "torch.gather(torch.ones(1), 0, torch.zeros(1).long(), sparse_grad=True)": "sparse_grad",
    "D = dict\nclass A(D): pass": "dict",
    "D = type(print)\nclass A(D): pass": "descend",
    "class A: pass\ngetattr(torch.ones(1), 'set_')": "set_",
}


@linux
@pytest.mark.parametrize("source", RUN_TIME)
def test_what_is_decided_when_it_runs_is_refused_then(allowlist_alone, source):
    try:
        failure = allowlist_alone.trace(source).failure
    except ExplorerError as error:
        told = str(error.problem)
    else:
        assert failure is not None
        told = str(failure)
    assert RUN_TIME[source] in told
