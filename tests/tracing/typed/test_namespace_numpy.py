"""`Tensor.numpy` in a process of typed code: a stand-in for it, numpy's own for everybody else."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import numpy, torch
from viz.tracing.typed.namespace import namespace
from viz.tracing.runnable import Transcript
from viz.tracing.typed.type_stand_ins import Array, keep_arrays_from_typed_code

keep_arrays_from_typed_code()
names = namespace(Transcript())
names["x"] = torch.arange(3.0)
typed = eval(compile("x.numpy()", "<x>", "eval"), names)
assert type(typed) is Array, type(typed)
exec(compile("ys = list(map(lambda t: t.numpy(), [x]))", "<program>", "exec"), names)
assert type(names["ys"][0]) is Array
assert type(torch.ones(2).numpy()) is numpy.ndarray
try:
    eval(compile("x.requires_grad_().numpy()", "<x>", "eval"), names)
except RuntimeError as error:
    assert "detach().numpy()" in str(error), error
else:
    raise AssertionError("a tensor that requires grad gave its numbers away")
print("held")
"""


def test_typed_code_gets_a_stand_in_and_others_get_arrays() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.returncode) == ("held\n", 0), done.stderr
