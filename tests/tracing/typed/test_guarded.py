"""Methods asked of a class itself refuse a foreign self; state dictionaries hold plain values."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from viz.program import check
from viz.program.allowlist import allowed
from viz.program.allowlist.allowed import is_free
from viz.tracing.runnable import Transcript
from viz.tracing.typed.guarded import Method, guarded
from viz.tracing.typed.namespace import guard_named_classes, named_classes, namespace

guard_named_classes()

STATIC = {
    **{name: {"forward", "backward", "setup_context"} for name in ("Function", "InplaceFunction")},
    "Transformer": {"generate_square_subsequent_mask"},
}
"""Of `torch.autograd.Function`: they have no self, and only raise that they are to be written."""


class Touched(Exception):
    """Something asked the canary for an attribute."""


class Canary:
    """Stands for everything that is not of a method's class; a look at it is an error."""

    def __getattribute__(self, name: str) -> Any:
        raise Touched(name)

    def __setattr__(self, name: str, value: object) -> None:
        raise Touched(name)


def run(source: str) -> str:
    """What a checked script prints in this process."""
    transcript = Transcript()
    code = compile(check(source).source, "<program>", "exec")
    exec(code, namespace(transcript))  # noqa: S102
    return "".join(transcript.printed)


def asked_of_classes() -> Iterator[tuple[str, Any]]:
    """Every Python function that an allowed name leads to from a class that can be named."""
    for kind in named_classes():
        for name in dir(kind):
            if name in allowed.OBJECT_ATTRIBUTES or is_free(name):
                value = getattr(kind, name, None)
                if isinstance(value, types.FunctionType):
                    yield f"{kind.__qualname__}.{name}", value


ASKED = dict(asked_of_classes())


def test_hundreds_of_methods_can_be_asked_of_classes() -> None:
    assert len(ASKED) > 1_000
    assert {"StepLR.state_dict", "LambdaLR.load_state_dict", "Linear.forward"} <= set(ASKED)


@pytest.mark.parametrize("kind", sorted({name.partition(".")[0] for name in ASKED}))
def test_a_foreign_self_is_refused_before_it_is_looked_at(kind: str) -> None:
    for way, method in ASKED.items():
        owner, _, name = way.partition(".")
        if owner == kind and name not in STATIC.get(owner, ()):
            with pytest.raises(TypeError, match=r" takes a .+, not a Canary"):
                method(Canary())


def test_clone_is_not_there() -> None:
    contexts = [torch.no_grad(), torch.inference_mode(), torch.set_grad_enabled(True)]
    held = [each for context in contexts for each in (context, type(context))]
    assert [each for each in held if hasattr(each, "clone")] == []


@pytest.mark.parametrize(
    "decorator",
    ["torch.no_grad()", "torch.no_grad", "torch.set_grad_enabled(False)", "torch.inference_mode()"],
)
def test_decorators_work_without_it(decorator: str) -> None:
    program = (
        f"def f(x):\n    return x * 2\ng = {decorator}(f)\nx = torch.ones(1, requires_grad=True)\n"
        "print(g(x).requires_grad, g(x).requires_grad, f(x).requires_grad)"
    )
    assert run(program) in ("False False True\n", "False False False\n")


OF_ITS_OWN = {
    "nn.Linear.forward(nn.Linear(2, 1), torch.ones(2)).shape": "torch.Size([1])",
    "len(list(nn.Module.parameters(nn.Linear(2, 1))))": "2",
    "nn.Module.eval(nn.ReLU()).training": "False",
    "list(nn.Module.state_dict(nn.Linear(1, 1)))": "['weight', 'bias']",
    "nn.Linear(1, 1).parameters.__name__": "parameters",
}


@pytest.mark.parametrize("text", OF_ITS_OWN)
def test_a_self_of_the_class_is_taken(text: str) -> None:
    assert run(f"print({text})") == OF_ITS_OWN[text] + "\n"


def test_what_torch_copies_of_a_class_cannot_be_called() -> None:
    with pytest.raises(TypeError, match="'Method' object is not callable"):
        run("vmap(torch.optim.lr_scheduler.LambdaLR).state_dict(print)")
    held = vars(torch.optim.lr_scheduler.LambdaLR)["state_dict"]
    assert isinstance(held, Method)
    with pytest.raises(AttributeError, match="cannot be set"):
        held._function = print  # type: ignore[misc]


def test_a_class_of_one_s_own_can_be_guarded() -> None:
    @guarded
    class Stand:
        def shown(self) -> str:
            return f"{type(self).__name__} {vars(self)}"

    assert Stand().shown() == "Stand {}"
    assert Stand.shown(Stand()) == "Stand {}"
    assert guarded(Stand).shown is Stand.shown
    with pytest.raises(TypeError, match="takes a Stand, not a function"):
        Stand.shown(run)  # type: ignore[arg-type]


def test_torch_still_knows_its_own_methods() -> None:
    """It compares functions of classes: one asked of a descendant is that of the class above."""
    assert torch.nn.Linear.get_extra_state is torch.nn.Module.get_extra_state
    assert not hasattr(torch.nn.Linear(1, 1), "hooked")
    step = torch.optim.SGD.step
    torch.optim.SGD([torch.ones(1, requires_grad=True)])
    assert torch.optim.SGD.step is step


SCHEDULED = """
from torch.optim.lr_scheduler import StepLR, MultiStepLR, LambdaLR
class Falling:
    def __init__(self):
        self.rate = 0.5
        self.inner = print
    def __call__(self, epoch):
        return self.rate
falling = Falling()
x = torch.ones(1, requires_grad=True)
opt = torch.optim.Adam([x], lr=0.1)
s, m, l = StepLR(opt, 1), MultiStepLR(opt, [1, 2]), LambdaLR(opt, falling)
(x * x).sum().backward()
opt.step(); s.step(); m.step(); l.step()
"""


def test_states_are_saved_and_loaded_as_torch_does() -> None:
    text = run(
        f"{SCHEDULED}\nfor each in (s, m, l):\n    each.load_state_dict(each.state_dict())\n"
        "opt.load_state_dict(opt.state_dict())\nprint(m.state_dict()['milestones'])\n"
        "l.load_state_dict({'lr_lambdas': [{'rate': 0.25}], 'last_epoch': 7})\n"
        "print(falling.rate, l.state_dict()['last_epoch'], l.state_dict()['lr_lambdas'])\n"
        "net = nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1))\n"
        "print(net.load_state_dict(net.state_dict()))"
    )
    assert text == (
        "Counter({1: 1, 2: 1})\n0.25 7 [{'rate': 0.25}]\n<All keys matched successfully>\n"
    )


BAD_STATES = {
    "s.load_state_dict({'step_size': print})": "no builtin|no function",
    "s.load_state_dict({'step': 1})": "step is no part",
    "s.load_state_dict({'optimizer': 1})": "optimizer is no part",
    "s.load_state_dict({'__class__': 1})": "__class__ is no part",
    "s.load_state_dict([('gamma', 1)])": "is a dict, not a list",
    "s.load_state_dict({(): 1})": "no tuple",
    "s.load_state_dict({'gamma': falling})": "no Falling",
    "s.load_state_dict({'gamma': [[falling]]})": "no Falling",
    "m.load_state_dict({'milestones': {1: falling}})": "no Falling",
    "l.load_state_dict({'lr_lambdas': [{'__call__': 1}]})": "__call__ is no part",
    "l.load_state_dict({'lr_lambdas': [{'__reduce_ex__': 1}]})": "__reduce_ex__ is no part",
    "l.load_state_dict({'lr_lambdas': [{'inner': 1}]})": "inner is no part",
    "l.load_state_dict({'lr_lambdas': [{'rate': print}]})": "no function",
    "opt.load_state_dict(falling)": "no Falling",
    "opt.load_state_dict({'param_groups': [{'params': [0], 'lr': falling}]})": "no Falling",
    "opt.load_state_dict({'param_groups': [{'params': [falling]}]})": "no Falling",
    "opt.load_state_dict({'param_groups': [{'__setstate__': 1}]})": "__setstate__ is no part",
    "opt.load_state_dict({'param_groups': [], 'state': {0: {'step': falling}}})": "no Falling",
    "opt.load_state_dict({'param_groups': [], 'state': {falling: 1}})": "no Falling",
    "opt.load_state_dict({'hooks': 1})": "hooks is no part",
    "nn.Linear(1, 1).load_state_dict(falling)": "dict-like",
    "nn.Linear(1, 1).load_state_dict({'weight': falling})": "no Falling",
    "nn.Linear(1, 1).load_state_dict({falling: 1})": "no Falling",
    "nn.Linear(1, 1).load_state_dict({'_extra_state': 1})": "no int",
}


@pytest.mark.parametrize("text", BAD_STATES)
def test_state_dictionaries_take_known_keys_with_plain_values(text: str) -> None:
    with pytest.raises((TypeError, KeyError), match=BAD_STATES[text]):
        run(f"{SCHEDULED}\n{text}")


def test_a_tensor_s_own_attributes_are_not_copied_with_it() -> None:
    """Torch deep-copies a rate that is a tensor, and what hangs on it."""
    x = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([x], lr=torch.tensor(0.5))
    state = optimizer.state_dict()
    state["param_groups"][0]["lr"].hung = Canary()
    optimizer.load_state_dict(state)
    assert vars(optimizer.param_groups[0]["lr"]) == {}
    assert optimizer.param_groups[0]["lr"].item() == 0.5


OWN_TO_PYTHON = {
    "a layer among others": "nn.ModuleDict({'__torch_function__': nn.ReLU()})",
    "a layer in a row": "nn.Sequential(OrderedDict([('__array__', nn.ReLU())]))",
    "a layer added later": "nn.ModuleDict().update({'__deepcopy__': nn.ReLU()})",
    "a buffer": "nn.ReLU().register_buffer('__cuda_array_interface__', torch.ones(1))",
    "nothing yet": "nn.ReLU().register_buffer('__torch_function__', None)",
    "a parameter": "nn.ReLU().register_parameter('__dlpack__', nn.Parameter(torch.ones(1)))",
    "no parameter yet": "nn.ReLU().register_parameter('__len__', None)",
}


@pytest.mark.parametrize("what", OWN_TO_PYTHON)
def test_a_layer_stores_nothing_under_a_name_of_python_s(what: str) -> None:
    """Torch asks objects for `__torch_function__` and hands what it finds its own classes."""
    source = f"from collections import OrderedDict\n{OWN_TO_PYTHON[what]}"
    with pytest.raises(KeyError, match="two underscores"):
        run(source)


def test_a_layer_stores_under_other_names_as_ever() -> None:
    assert (
        run(
            "net = nn.ModuleDict({'_a': nn.ReLU(), 'b_': nn.ReLU()})\n"
            "net.register_buffer('c', torch.ones(1), persistent=False)\n"
            "net.register_parameter('d', nn.Parameter(torch.ones(1)))\n"
            "print(list(net), [n for n, _ in net.named_buffers()], list(net.state_dict()))"
        )
        == "['_a', 'b_'] ['c'] ['d']\n"
    )
