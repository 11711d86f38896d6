"""What a function sets for the whole process is afterwards as it was before it was looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
import torch
from torch.nn.modules import module as modules

from viz import trace
from viz.errors import FunctionFailed
from viz.tracing.state.process import _READS, _TABLES

SETS: dict[str, Callable[[], object]] = {
    "device": lambda: torch.set_default_device("meta"),
    "device and back": lambda: (torch.set_default_device("meta"), torch.set_default_device("cpu")),
    "threads": lambda: torch.set_num_threads(torch.get_num_threads() + 1),
    "autocast": lambda: torch.autocast("cpu", torch.float16).__enter__(),
    "kernels": lambda: torch._C._set_mkldnn_enabled(False),
    "attention": lambda: torch.backends.cuda.enable_flash_sdp(False),
    "hook": lambda: modules.register_module_forward_hook(lambda *_: None),
    "profile": lambda: sys.setprofile(lambda *_: None),
}


@pytest.mark.parametrize("what", SETS)
def test_what_a_function_sets_is_as_before(what: str) -> None:
    def function(x: torch.Tensor) -> torch.Tensor:
        SETS[what]()
        return x.sum()

    settings, hooks = [read() for read in _READS], [dict(each) for each in _TABLES]
    modes = torch._C._len_torch_function_stack()
    with suppress(FunctionFailed):
        trace(function, torch.ones(2))
    assert [read() for read in _READS] == settings
    assert [dict(each) for each in _TABLES] == hooks
    assert torch._C._len_torch_function_stack() == modes


def test_a_default_device_of_the_users_stays() -> None:
    torch.set_default_device("meta")
    try:
        run = trace(lambda x: x.sum(), torch.ones(2, device="cpu"))
        assert torch.get_default_device().type == "meta"
    finally:
        torch.set_default_device(None)
    assert run.gradients["x"].values == (1.0, 1.0)
