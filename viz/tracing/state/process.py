"""What is set for the whole process, noted and put back: random states, number type and device,
how tensors are printed, what is set for autograd and autocast, hooks on all modules.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any, Final

import torch
from torch.nn.modules import module as modules

from viz.tracing.state.contents import Later, refill
from viz.tracing.state.random_words import numpys_noted, pythons_noted

_C: Final[Any] = torch._C
_DEVICES: Final = ("cpu", "cuda")


def _set_deterministic(enabled: bool, warn_only: bool) -> None:
    _C._set_deterministic_algorithms(enabled, warn_only=warn_only)


def _device_set() -> torch.device | None:
    """The default device; `None` where nobody has set one."""
    context = getattr(torch._GLOBAL_DEVICE_CONTEXT, "device_context", None)
    return None if context is None else context.device


def _set_autocast(device: str, enabled: bool, dtype: torch.dtype) -> None:
    torch.set_autocast_enabled(device, enabled)
    torch.set_autocast_dtype(device, dtype)
    torch.clear_autocast_cache()


_SETTINGS: Final[tuple[tuple[Callable[..., Any], tuple[Callable[[], Any], ...]], ...]] = (
    (torch.set_default_dtype, (torch.get_default_dtype,)),
    (torch.set_default_device, (_device_set,)),
    (
        torch.set_anomaly_enabled,
        (torch.is_anomaly_enabled, torch.is_anomaly_check_nan_enabled),
    ),
    (
        _set_deterministic,
        (_C._get_deterministic_algorithms, _C._get_deterministic_algorithms_warn_only),
    ),
    (_C._set_float32_matmul_precision, (_C._get_float32_matmul_precision,)),
    (_C._set_grad_enabled, (torch.is_grad_enabled,)),
    (_C._set_multithreading_enabled, (_C._is_multithreading_enabled,)),
    (_C._set_view_replay_enabled, (_C._is_view_replay_enabled,)),
    (_C._set_warnAlways, (_C._get_warnAlways,)),
    (_C._set_mkldnn_enabled, (_C._get_mkldnn_enabled,)),
    (_C._set_sdp_use_flash, (_C._get_flash_sdp_enabled,)),
    (_C._set_sdp_use_math, (_C._get_math_sdp_enabled,)),
    (_C._set_sdp_use_mem_efficient, (_C._get_mem_efficient_sdp_enabled,)),
    (torch.set_num_threads, (torch.get_num_threads,)),
    (torch.set_autocast_cache_enabled, (torch.is_autocast_cache_enabled,)),
    *(
        (
            partial(_set_autocast, each),
            (partial(torch.is_autocast_enabled, each), partial(torch.get_autocast_dtype, each)),
        )
        for each in _DEVICES
    ),
    (sys.setprofile, (sys.getprofile,)),
)
"""What is set for the whole process: what sets it, and what reads what is handed to that."""
_READS: Final = tuple(read for _, reads in _SETTINGS for read in reads)
_TABLES: Final[tuple[dict[Any, Any], ...]] = tuple(
    each
    for name, each in vars(modules).items()
    if name.startswith("_global_") and isinstance(each, dict)
)
"""The hooks on all modules there are."""
_PRINTING: Final = vars(torch._tensor_str.PRINT_OPTS)


def note_process(later: Later) -> None:
    """Notes what is set for the whole process."""
    settings, printing = [read() for read in _READS], _PRINTING.copy()
    tables = [dict(each) for each in _TABLES]
    torchs = torch.default_generator.get_state()

    def put_back() -> None:
        torch.default_generator.set_state(torchs)
        if [read() for read in _READS] != settings:
            _set(settings)
        _PRINTING.update(printing)
        for each, entries in zip(_TABLES, tables, strict=True):
            refill(each, entries)

    later.append(put_back)
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        later.append(partial(torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))
    later += (pythons_noted(), numpys_noted())


def _set(settings: list[Any]) -> None:
    """Sets again what is not as it was."""
    left = iter(settings)
    for put, reads in _SETTINGS:
        before = list(islice(left, len(reads)))
        if [read() for read in reads] != before:
            put(*before)
