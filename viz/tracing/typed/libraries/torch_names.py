"""Names of torch that typed code gets in another form: types of old, devices, what is set for all.

`TORCH` has the stand-ins by full name:

- `torch.Tensor(2, 3)`, `torch.empty(2, 3)`: of zeros, since memory that nobody has written may hold
  what others have computed.
- `torch.FloatTensor(…)` and its siblings: with their number type.
- `torch.device` names a device; what uses another than the CPU finds none.
- `torch.compile` gives back what it was given; a state of random numbers is one that was given.
- `set_printoptions` and `set_default_dtype` hold for the run.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.tracing.typed.libraries.random_states import STATES
from viz.tracing.typed.ordered import OrderedDict
from viz.tracing.typed.type_stand_ins import TypeName, device, nothing, tensor_of


class _OfOld(type):
    """The type of `torch.FloatTensor`: torch knows such a type by its name in `x.type(…)`."""

    dtype: torch.dtype

    def __call__(cls, *values: Any) -> Any:
        return tensor_of(*values, dtype=cls.dtype)

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, torch.Tensor) and value.dtype == cls.dtype

    def __setattr__(cls, name: str, value: object) -> None:
        raise AttributeError(f"{name} cannot be set here")

    def __repr__(cls) -> str:
        return f"<class {cls.__name__!r}>"


def _of_old(name: str, dtype: torch.dtype) -> type:
    return _OfOld(f"torch.{name}", (), {"dtype": dtype, "__slots__": (), "__module__": "torch"})


class _OfCuda(_OfOld):
    """`torch.cuda.FloatTensor`, of which nothing is here: torch says so where a tensor is to be of
    this type.
    """

    def __call__(cls, *values: Any) -> Any:
        elsewhere(*values)

    def __instancecheck__(cls, value: object) -> bool:
        return False


def _of_cuda(name: str) -> type:
    return _OfCuda(f"torch.cuda.{name}", (), {"__slots__": (), "__module__": "torch"})


OF_OLD: Final = {
    "FloatTensor": torch.float32,
    "DoubleTensor": torch.float64,
    "HalfTensor": torch.float16,
    "LongTensor": torch.int64,
    "IntTensor": torch.int32,
    "ShortTensor": torch.int16,
    "CharTensor": torch.int8,
    "ByteTensor": torch.uint8,
    "BoolTensor": torch.bool,
}


def manual_seed(seed: int) -> torch.Generator:
    """Seeds torch's random numbers, as `torch.manual_seed` does on a CPU."""
    return torch.default_generator.manual_seed(int(seed))


def seed() -> int:
    """A seed by chance, which is set and given: the same one in every run of a program."""
    drawn = int(torch.zeros((), dtype=torch.int64).random_().item())
    torch.default_generator.manual_seed(drawn)
    return drawn


def set_default_device(device: Any) -> None:
    """Where tensors are made from now on; raises torch's own error for anything but the CPU."""
    if device is not None and (named := _named(device)).type != "cpu":
        torch.empty(0, device=named)


_named = device


def empty(*size: Any, **options: Any) -> torch.Tensor:
    """A tensor of zeros: memory that nobody has written is not shown."""
    options.pop("memory_format", None)
    return torch.zeros(*size, **options)


def empty_like(input: torch.Tensor, **options: Any) -> torch.Tensor:
    """The same, as large as another."""
    return torch.zeros_like(input, **options)


def set_default_dtype(d: torch.dtype) -> None:
    """The number type of tensors that are made without one."""
    torch.set_default_dtype(d)


def set_default_tensor_type(t: Any) -> None:
    """The same by the name of a type of old."""
    name = t.__name__ if isinstance(t, _OfOld) else str(t)
    torch.set_default_dtype(OF_OLD[name.removeprefix("torch.")])


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """How tensors are printed."""
    most = MOST_PRINTED if threshold is None else min(threshold, MOST_PRINTED)
    held = threshold if threshold is None else int(most)
    torch.set_printoptions(  # type: ignore[no-untyped-call]
        precision, held, edgeitems, linewidth, profile, sci_mode
    )


MOST_PRINTED: Final = 10_000
"""Elements of a tensor that are printed in full, whatever a program asks for."""


def elsewhere(*_given: Any, **_ways: Any) -> None:
    """`torch.cuda.FloatTensor(…)`: raises `RuntimeError`."""
    raise RuntimeError("there is only the device 'cpu' here")


def _raising(error: type[Exception], told: str) -> Callable[..., None]:
    def not_there(*_given: Any, **_ways: Any) -> None:
        raise error(told)

    return not_there


_NOT_THERE: Final = {
    (AssertionError, "Torch not compiled with CUDA enabled"): words(
        "current_device get_device_name get_device_properties get_device_capability synchronize"
        " ipc_collect mem_get_info init current_stream"
    ),
    (AttributeError, "module 'torch._C' has no attribute '_cuda_setDevice'"): ["set_device"],
    (AttributeError, "module 'torch._C' has no attribute '_cuda_resetPeakMemoryStats'"): words(
        "reset_peak_memory_stats reset_max_memory_allocated"
    ),
    (KeyError, "allocated_bytes.all.current"): ["memory_summary"],
    (RuntimeError, "Tried to instantiate dummy base class Event"): ["Event"],
    (RuntimeError, "torch.cuda.Stream requires CUDA support"): ["Stream"],
}
"""What names of `torch.cuda` raise where there is no GPU."""


class Switches:
    """`torch.backends.cudnn`: its switches can be set and do nothing."""

    def __init__(self) -> None:
        self.benchmark = self.deterministic = False
        self.enabled = self.allow_tf32 = True

    def is_available(self) -> bool:
        """It is not there."""
        return False

    def version(self) -> None:
        """There is none."""


TENSORS: Final[Mapping[type, TypeName]] = {
    torch.Tensor: TypeName(torch.Tensor, tensor_of),
    torch.nn.Parameter: TypeName(torch.nn.Parameter, torch.nn.Parameter),
}
"""Tensors' own types stay out of reach: their methods are the functions that a record names."""


def _normed(function: Callable[..., Any]) -> Callable[..., Any]:
    """`nn.utils.weight_norm`, of a layer's own weight; torch would read any attribute."""

    @functools.wraps(function)
    def of_a_layer(module: Any, name: Any = "weight", *given: Any, **ways: Any) -> Any:
        if not isinstance(module, torch.nn.Module) or name not in module._parameters:
            raise TypeError("the layer has no parameter of this name")
        return function(module, name, *given, **ways)

    del of_a_layer.__wrapped__
    return of_a_layer


class DataParallel(torch.nn.Module):
    """`torch.nn.DataParallel` where there is no accelerator: the layer itself, one level deeper."""

    def __init__(
        self, module: Any, device_ids: Any = None, _output_device: Any = None, **_ways: Any
    ) -> None:
        super().__init__()
        self.module = module
        self.device_ids = [each for each in device_ids or () if str(each) != "cpu"]

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        """What the layer gives."""
        return self.module(*inputs, **kwargs)


class GradScaler:
    """`torch.amp.GradScaler` where there is no accelerator: it scales nothing."""

    __slots__ = ()

    def __init__(self, *_given: Any, **_ways: Any) -> None:
        """It takes what torch's takes."""

    def scale(self, outputs: Any) -> Any:
        """What it is given."""
        return outputs

    def step(self, optimizer: Any, *given: Any) -> Any:
        """A step of the optimizer."""
        return optimizer.step(*given)

    def get_scale(self) -> float:
        """By how much it scales."""
        return 1.0

    def is_enabled(self) -> bool:
        """It has nothing to do."""
        return False

    def state_dict(self) -> dict[str, Any]:
        """It has none."""
        return {}

    update = unscale_ = load_state_dict = nothing


def autocast(
    device_type: Any = "cpu", dtype: Any = None, enabled: bool = True, **_ways: Any
) -> Any:
    """`torch.autocast`: with lower precision on the CPU, without effect for other devices."""
    here = str(device_type) == "cpu" and bool(enabled)
    kind = dtype if here and isinstance(dtype, torch.dtype) else torch.bfloat16
    return torch.autocast("cpu", kind, enabled=here)


def _autocast_of_cuda(*_given: Any, **_ways: Any) -> Any:
    return autocast("cuda")


def as_it_is(model: Any = None, **_ways: Any) -> Any:
    """`torch.compile`: the function or layer itself, which runs as it is written."""
    return (lambda function: function) if model is None else model


def unscripted(obj: Any = None, *_given: Any, **_ways: Any) -> Any:
    """`torch.jit.script`: the function, layer or class itself, which runs as it is written."""
    return as_it_is(obj)


TORCH: Final[Mapping[str, Any]] = {
    **STATES,
    "torch.compile": as_it_is,
    **{f"torch.jit.{name}": unscripted for name in ("script", "ignore", "unused", "export")},
    **dict.fromkeys(("torch.jit.is_scripting", "torch.jit.is_tracing"), lambda: False),
    "torch.get_num_threads": lambda: 1,
    "torch.random.manual_seed": manual_seed,
    **{
        f"torch.nn.utils.{name}": _normed(getattr(torch.nn.utils, name))
        for name in ("weight_norm", "spectral_norm")
    },
    "torch.nn.DataParallel": DataParallel,
    "torch.Tensor": TENSORS[torch.Tensor],
    "torch.nn.Parameter": TENSORS[torch.nn.Parameter],
    "torch.manual_seed": manual_seed,
    "torch.device": device,
    "torch.__version__": str(torch.__version__),
    "torch.set_default_device": set_default_device,
    "torch.empty": empty,
    "torch.empty_like": empty_like,
    "torch.set_default_dtype": set_default_dtype,
    "torch.set_default_tensor_type": set_default_tensor_type,
    "torch.set_printoptions": set_printoptions,
    "torch.cuda.is_available": lambda: False,
    "torch.cuda.device_count": lambda: 0,
    "torch.accelerator.is_available": lambda: False,
    "torch.accelerator.current_accelerator": lambda: None,
    "torch.backends.mps.is_available": lambda: False,
    "torch.backends.mps.is_built": lambda: False,
    "torch.version.cuda": None,
    "torch.has_mps": False,
    "torch.version.__version__": str(torch.__version__),
    **{
        f"torch.{device}.{name}": answer
        for device in ("mps", "xpu")
        for name, answer in {
            "is_available": lambda: False,
            "device_count": lambda: 0,
            **dict.fromkeys(("empty_cache", "synchronize", "manual_seed"), nothing),
        }.items()
    },
    "torch.backends.cudnn": Switches(),
    "torch.autograd.graph.save_on_cpu": lambda: torch.autograd.graph.save_on_cpu(),
    "torch.autocast": autocast,
    "torch.amp.autocast": autocast,
    "torch.cuda.amp.autocast": _autocast_of_cuda,
    **dict.fromkeys(("torch.amp.GradScaler", "torch.cuda.amp.GradScaler"), GradScaler),
    **{f"torch.{name}": _of_old(name, dtype) for name, dtype in OF_OLD.items()},
    **{
        f"torch.cuda.{name}": _of_cuda(name)
        for name in OF_OLD
        if name in allowed.MODULES["torch.cuda"]
    },
    **dict.fromkeys(
        (
            "torch.set_num_threads",
            "torch.set_float32_matmul_precision",
            "torch.use_deterministic_algorithms",
            "torch.cuda.manual_seed",
            "torch.cuda.manual_seed_all",
            "torch.cuda.empty_cache",
        ),
        nothing,
    ),
    **{
        f"torch.cuda.{name}": _raising(error, told)
        for (error, told), names in _NOT_THERE.items()
        for name in names
    },
    **dict.fromkeys(
        (
            f"torch.cuda.{most}memory_{kind}"
            for most in ("", "max_")
            for kind in ("allocated", "reserved", "cached")
        ),
        lambda *_device: 0,
    ),
    "torch.cuda.memory_stats": OrderedDict,
    "torch.cuda.get_arch_list": list,
    "torch.backends.cuda.is_built": lambda: False,
    "torch.cuda.is_bf16_supported": lambda *_ways: False,
    "torch.cuda.is_initialized": lambda: False,
    **dict.fromkeys(("torch.seed", "torch.random.seed"), seed),
}
"""What stands in for names of torch, by full name."""
