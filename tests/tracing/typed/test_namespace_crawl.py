"""Everything that allowed names can reach is walked: no module, no file, no way to run code.

The walk starts at the namespace and at one object of every kind that typed code can make, follows
every attribute that the check allows on any object, and looks into every container.
"""

from __future__ import annotations

import builtins
import functools
import io
import types
import warnings
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy
import pytest
import torch

from viz.program.allowlist import allowed
from viz.program.allowlist.allowed import is_free
from viz.program.allowlist.words import words
from viz.tracing.runnable import Transcript
from viz.tracing.typed.namespace import (
    FOR_CLASSES,
    Part,
    guard_named_classes,
    namespace,
    parts,
)

guard_named_classes()

FORBIDDEN_TYPES = (
    types.ModuleType,
    types.CodeType,
    types.FrameType,
    types.TracebackType,
    types.CoroutineType,
    io.IOBase,
    bytearray,
    torch.UntypedStorage,
    torch.TypedStorage,
)
FORBIDDEN_FUNCTIONS = [
    getattr(builtins, name)
    for name in words(
        "open exec eval compile __import__ input breakpoint getattr setattr delattr vars dir"
        " globals locals type object super property classmethod staticmethod memoryview id"
        " __build_class__ help exit"
    )
    if hasattr(builtins, name)
] + [torch.load, torch.save, torch.manual_seed, torch.device, torch.Tensor, torch.set_num_threads]
ENDLESS = (
    torch.Tensor,
    numpy.ndarray,
    numpy.generic,
    str,
    int,
    float,
    complex,
    tuple,
    torch.dtype,
    types.BuiltinMethodType,
    types.MethodWrapperType,
    types.MethodType,
    numpy.dtype,
)
MOST = 200_000
OF_ONE_TYPE = 8


def made() -> dict[str, Any]:
    """One object of every kind that typed code can make, by the text that makes it."""
    globals_ = namespace(Transcript())
    found: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for text in EXPRESSIONS:
            found[text] = eval(compile(text, "<program>", "eval"), globals_)  # noqa: S307
        exec(compile(STATEMENTS, "<program>", "exec"), globals_)  # noqa: S102
    return found | {
        name: globals_[name]
        for name in words(
            "error handle hooked step seen net cubic context optimizer schedulers states collected"
            " arrays running errors plain further"
        )
    }


EXPRESSIONS = """
torch.arange(4.0)
torch.ones(2, requires_grad=True)
torch.ones(2, requires_grad=True).sum()
torch.ones(2, requires_grad=True).sum().grad_fn
(torch.ones(2, requires_grad=True) * 2).sum().grad_fn.next_functions
torch.ones(2, requires_grad=True).exp().grad_fn.next_functions[0][0]
torch.from_numpy(torch.ones(2).numpy())
nn.Linear(2, 3)
nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.BatchNorm1d(3), nn.Dropout())
nn.LSTM(2, 3)
nn.MultiheadAttention(4, 2)
nn.Linear(2, 3).state_dict()
nn.Linear(2, 3).parameters()
nn.ModuleList([nn.Linear(1, 1)]).named_parameters()
nn.Parameter(torch.ones(2))
nn.init.ones_(torch.ones(2))
nn.Linear(2, 3).register_forward_hook(lambda m, i, o: None)
torch.optim.SGD([torch.ones(2, requires_grad=True)], lr=0.1)
torch.optim.Adam([torch.ones(2, requires_grad=True)])
torch.no_grad()
torch.no_grad()(nn.Linear)
torch.set_grad_enabled(True)
torch.inference_mode()
torch.autograd.detect_anomaly()
torch.autograd.forward_ad.dual_level()
torch.Generator()
vmap(torch.optim.lr_scheduler.LambdaLR)
torch.func.grad(nn.Linear(2, 1))
torch.func.functional_call
nn.ParameterList([nn.Parameter(torch.ones(1))])
nn.ModuleDict({'a': nn.ReLU()})
torch.autograd.graph.saved_tensors_hooks(lambda x: x, lambda x: x)
torch.func.grad(torch.sin)
torch.func.vmap(torch.sin)
torch.func.jacrev(torch.sin)
torch.func.hessian(torch.sin)
torch.func.vjp(torch.sin, torch.ones(2))
torch.max(torch.ones(2), dim=0)
torch.linalg.svd(torch.ones(2, 2))
torch.linalg.slogdet(torch.ones(2, 2))
torch.finfo(torch.float32)
torch.ones(2).shape
torch.ones(2).dtype
torch.ones(2).device
torch.ones(2).numpy()
plt.subplots(1, 2)
plt.figure()
plt
lambda x: x
(x for x in [1])
[x for x in range(3)]
{'a': 1}.items()
{1, 2}
map(sin, [torch.ones(1)])
zip([1], [2])
enumerate([1])
filter(None, [1])
reversed([1])
iter([1])
range(3)
slice(1)
'text'
1.5
2j
True
None
...
NotImplemented
'x'.join
[].append
torch.ones(2).sum
print
isinstance
torch.Tensor
torch.Size
torch.FloatTensor
torch.FloatTensor([1.0])
torch.distributions.Normal(torch.zeros(2), torch.ones(2))
torch.distributions.Categorical(torch.ones(3) / 3)
torch.distributions.Independent(torch.distributions.Normal(torch.zeros(2), torch.ones(2)), 1)
torch.distributions.MultivariateNormal(torch.zeros(2), torch.eye(2))
torch.utils.data.TensorDataset(torch.ones(3))
torch.utils.data.random_split(torch.utils.data.TensorDataset(torch.ones(3)), [2, 1])
torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(3)), batch_size=2)
iter(torch.utils.data.DataLoader([1, 2, 3], shuffle=True))
torch.backends.cudnn
id(1)
display
""".strip().splitlines()

STATEMENTS = """
import torch, math, matplotlib
import numpy as np
rows = np.arange(6.0).reshape(2, 3)
arrays = [
    rows, rows > 1, rows.astype(int), rows.T, rows[0, 0], np.float32(1), np.bool_(True), rows.dtype,
    np.array(['a', 'b']), np.array([plt, None], dtype=object), np.str_('a'), rows.flat,
    np.random.default_rng(0), np.random.RandomState(0), np.nditer(rows, flags=['multi_index']),
    np.ndindex(2, 3), np.ndenumerate(rows), np.vectorize(lambda v: v), np.finfo(np.float32),
    np.iinfo(np.int8), np.errstate(all='ignore'), np.printoptions(precision=2), np.add, np.r_,
    np.linalg.svd(rows), np.linalg.slogdet(rows[:, :2]), np.unique_all(rows), np.mgrid[0:2],
    np.linalg.eig(rows[:, :2]), rows.view(np.int64), rows.base, np.get_printoptions(),
]
import torch.nn.functional as functional
from torch import nn as layers
try:
    torch.ones(2) @ torch.ones(3)
except RuntimeError as raised:
    error = raised
x = torch.ones(2, requires_grad=True)
seen = []
def hook(*given):
    seen.append(given)
handle = x.register_hook(hook)
layer = nn.Linear(2, 1)
layer.register_forward_hook(hook)
layer.register_full_backward_hook(hook)
y = layer(x).sum()
hooked = y.grad_fn
hooked.register_hook(hook)
y.backward()
import functools as tools, itertools, collections, random
optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
optimizer.step()
step = optimizer.step
from torch.optim.lr_scheduler import StepLR, MultiStepLR, LambdaLR, LinearLR
class Rate(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(2, 1)
    def forward(self, n):
        return 0.5
schedulers = [
    StepLR(optimizer, 1), MultiStepLR(optimizer, [1]), LambdaLR(optimizer, lambda n: 0.5),
    LambdaLR(optimizer, Rate()), LinearLR(optimizer),
]
states = [each.state_dict() for each in (optimizer, layer, *schedulers)]
collected = [
    tools.partial(sin, torch.ones(1)), collections.OrderedDict(a=1), collections.deque([1]),
    collections.defaultdict(list), itertools.count(), itertools.chain([1]), random.random,
]
def numbers():
    yield from [1, 2]
running = numbers()
import abc, contextlib, copy, dataclasses, operator, time, tqdm, warnings, IPython.display
from torch.optim.lr_scheduler import OneCycleLR, ReduceLROnPlateau
Pair = collections.namedtuple('Pair', 'first second')
@contextlib.contextmanager
def around():
    yield 1
@tools.lru_cache
def counted(n):
    return n
@tools.wraps(counted)
def wrapped(n):
    return n
@dataclasses.dataclass
class Record:
    n: int = 1
class Abstract(abc.ABC):
    @abc.abstractmethod
    def named(self): pass
class Rows(torch.utils.data.Dataset):
    def __len__(self): return 2
    def __getitem__(self, place): return torch.ones(1)
further = [
    Pair, Pair(1, 2), Pair(1, 2)._replace(first=3), around, around(), counted, counted.cache_info(),
    wrapped, copy.deepcopy(layer), dataclasses.asdict(Record()), Abstract,
    Rows(), operator.itemgetter(1), tqdm.tqdm([1]), tqdm.trange(2), warnings.catch_warnings(),
    collections.Counter('ab'), itertools.tee([1]), itertools.groupby([1]), time.time,
    IPython.display, contextlib.nullcontext(), contextlib.suppress(ValueError),
    OneCycleLR(optimizer, 0.1, 5),
    ReduceLROnPlateau(optimizer), torch.utils.data.DataLoader(Rows()),
]
errors = []
for wrong in (
    lambda: [][1], lambda: {}['a'], lambda: unknown, lambda: (1).x, lambda: 1 / 0,
    lambda: int('x'), lambda: next(iter([])), lambda: layer(1), lambda: torch.ones(2).backward(),
):
    try:
        wrong()
    except Exception as raised:
        errors.append(raised)
class Plain:
    def __init__(self, x):
        self.x = x
    def __repr__(self):
        return 'plain'
    def forward(self):
        return self.x
plain = [Plain, Plain(1), Plain(2).forward]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(2, 1)
    def forward(self, x):
        return self.linear1(x)
class Cubic(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        seen.append(ctx)
        return x ** 3
    @staticmethod
    def backward(ctx, grad):
        return 3 * ctx.saved_tensors[0] ** 2 * grad
net = Net()
cubic = Cubic.apply(x).grad_fn
context = seen[-1]
"""


def reached(value: Any) -> Iterator[tuple[str, Any]]:
    """What one object leads to, and how."""
    if isinstance(value, Part):
        for name, each in vars(value).items():
            yield f".{name}", each
        return
    # what a class may call its own attributes may be read of any object, too
    own = {name for name in dir(value) if is_free(name)}
    for name in sorted(allowed.OBJECT_ATTRIBUTES | own):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                yield f".{name}", getattr(value, name)
            except Exception:  # noqa: BLE001 - any object may refuse an attribute in its own way
                continue
    if isinstance(value, Mapping):
        yield from ((f"[{key!r}]", each) for key, each in list(value.items()))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from ((f"[{place}]", each) for place, each in enumerate(value))


def walk(starts: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Every object that can be reached, with the way to it."""
    seen: dict[int, Any] = {}
    followed: Counter[type] = Counter()
    waiting = deque(starts)
    while waiting and len(seen) < MOST:
        way, value = waiting.popleft()
        if id(value) in seen or way.count(".") + way.count("[") > 6:
            continue
        seen[id(value)] = value
        yield way, value
        # views of views of tensors have no end: of plain types a few objects show what all lead to
        followed[type(value)] += 1
        if followed[type(value)] > OF_ONE_TYPE and isinstance(value, ENDLESS):
            continue
        waiting.extend((way + step, each) for step, each in reached(value))


@functools.cache
def everything_reached() -> list[tuple[str, Any]]:
    """Every object that allowed names lead to, with the way to it."""
    for kind in vars(torch.optim).values():
        # what torch writes there once anything was compiled, by another test
        if hasattr(getattr(kind, "step", None), "_torchdynamo_orig_callable"):
            kind.step = kind.step._torchdynamo_orig_callable
    globals_ = namespace(Transcript())
    starts = [*globals_.items(), *parts().items(), *made().items()]
    inside = globals_["__builtins__"]
    assert isinstance(inside, dict)
    return list(walk([item for item in starts if item[0] != "__builtins__"] + [*inside.items()]))


@pytest.fixture(scope="module")
def everything() -> list[tuple[str, Any]]:
    return everything_reached()


def test_the_walk_reaches_far(everything: list[tuple[str, Any]]) -> None:
    ways = {way for way, _ in everything}
    assert len(everything) > 2_000
    assert len(everything) < MOST
    assert any("next_functions" in way for way in ways)
    assert any("param_groups" in way for way in ways)


def test_no_module_file_code_or_frame_can_be_reached(everything: list[tuple[str, Any]]) -> None:
    assert [way for way, value in everything if isinstance(value, FORBIDDEN_TYPES)] == []


def test_no_function_that_runs_code_or_reads_attributes_can_be_reached(
    everything: list[tuple[str, Any]],
) -> None:
    found = [
        way
        for way, value in everything
        if any(value is forbidden for forbidden in FORBIDDEN_FUNCTIONS)
        and way not in ("__import__", *FOR_CLASSES)
    ]
    assert found == []


def test_no_globals_of_a_module_can_be_reached(everything: list[tuple[str, Any]]) -> None:
    found = [
        way for way, value in everything if isinstance(value, dict) and "__builtins__" in value
    ]
    assert found == []


def test_every_name_of_what_can_be_reached_is_taken(everything: list[tuple[str, Any]]) -> None:
    """Else a program could take it for a name of its own, and read it of anything unlooked at."""
    theirs = [
        (way, value)
        for way, value in everything
        if not isinstance(value, Part) and type(value).__module__ != "__main__"
        if getattr(value, "__module__", "") != "__main__"
    ]
    free = {
        f"{way}.{name}"
        for way, value in theirs
        for name in dir(value)
        if is_free(name) and not is_the_program_s(value, name)
    }
    assert free == set()


def is_the_program_s(value: Any, name: str) -> bool:
    """Whether the walk's own program has stored this name in a layer of torch's."""
    return isinstance(value, torch.nn.Module) and name in value._modules


def test_the_walk_would_find_a_module() -> None:
    leak = types.SimpleNamespace(data={"deep": [io]})
    assert [way for way, value in walk([("leak", leak)]) if value is io] == ["leak.data['deep'][0]"]
