"""Torch asks no object of the program's for items: such an object could empty the list it is in."""

import signal
import subprocess
import sys

import pytest

EMPTIES = """\
class A:
    asked = 0
    def __len__(self): return self.hit(3)
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return self.hit(0.5)
    def hit(self, value):
        A.asked += 1
        if A.asked == {when}:
            outer.clear()
            junk.extend([[0.5] * 3 for _ in range(300)])
        return value
for _ in range(60):
    A.asked, junk = 0, []
    outer = [A()] + [[float(i)] * 3 for i in range(300)]
    {call}
"""
"""A program whose object empties the list `outer` when it is asked for the n-th time."""
CALLS = {
    "tensor": ("torch.tensor(outer)", 8),
    "tensor of a number type": ("torch.tensor(outer, dtype=torch.float32)", 4),
    "as_tensor": ("torch.as_tensor(outer)", 8),
    "new_tensor": ("torch.zeros(2).new_tensor(outer)", 4),
    "an index": ("torch.zeros(5, 5)[outer]", 8),
}


TOLD = """\
import sys
from viz.program import check
from viz.records import TraceQuestion
from viz.sandbox.child.compiled import runnable
from viz.tracing.recording.trace import record
from viz.tracing.typed.namespace import namespace
made = record(runnable(TraceQuestion(check(sys.argv[1]), {}), namespace))
print([made.failure, *(cell.failure for cell in made.cells)])
"""


def ended(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A process of its own: what is tried here ends it."""
    return subprocess.run(
        [sys.executable, "-c", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("name", CALLS)
def test_an_object_that_empties_the_list_is_refused(name: str) -> None:
    call, when = CALLS[name]
    source = "import torch\n" + EMPTIES.format(call=call, when=when)
    assert ended(source).returncode == -signal.SIGSEGV
    guarded = ended(TOLD, source)
    assert guarded.returncode == 0
    assert "torch reads numbers, tensors and lists here, not a A" in guarded.stdout
