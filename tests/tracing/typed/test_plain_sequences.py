"""Torch and numpy ask no object of the program's for anything that could change what they walk."""

from collections.abc import Iterator

import pytest

from tests.tracing.forking import Forking

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


IMPORTS = """\
from viz.program import check
from viz.records import TraceQuestion
from viz.sandbox.child.compiled import runnable
from viz.tracing.recording.trace import record
from viz.tracing.typed.namespace import namespace
"""
TOLD = f"""\
import sys
{IMPORTS}
made = record(runnable(TraceQuestion(check(sys.argv[1]), {{}}), namespace))
print([made.failure, *(cell.failure for cell in made.cells)])
"""


@pytest.fixture(scope="module")
def plain() -> Iterator[Forking]:
    """Nothing keeps a program from anything, and what it gives back is written over."""
    forking = Forking("import torch, numpy", PYTHONMALLOC="debug")
    yield forking
    forking.close()


@pytest.fixture(scope="module")
def guarded() -> Iterator[Forking]:
    forking = Forking(IMPORTS)
    yield forking
    forking.close()


def crashes(plain: Forking, source: str) -> bool:
    """Whether a program reads memory that was given back, where nothing keeps it from doing so.

    What lies there by then is a matter of luck: it may try three times, be ended by any signal, and
    may find the lists that the program has laid there instead of nothing.
    """
    tries = (plain(source) for _ in range(3))
    return any(run.returncode < 0 or "inhomogeneous shape" in run.stderr for run in tries)


@pytest.mark.parametrize("name", CALLS)
def test_an_object_that_empties_the_list_is_refused(
    plain: Forking, guarded: Forking, name: str
) -> None:
    call, when = CALLS[name]
    source = "import numpy as np\nimport torch\n" + EMPTIES.format(call=call, when=when)
    assert crashes(plain, source)
    answer = guarded(TOLD, source)
    assert answer.returncode == 0
    assert "and lists here, not a A: give it list(…) of the object" in answer.stdout


WALKED = (
    "np.array(outer)",
    "np.asarray([outer, outer])",
    "np.ones(3) + outer",
    "np.ones(3) == outer",
    "np.ones(3)[outer]",
    "np.exp(outer)",
    "np.concatenate(outer)",
    "np.random.choice(outer)",
    "np.zeros(9) * outer[0]",
)
"""Calls by which numpy walks a list."""
TRIED = """
try:
    {call}
except TypeError as error:
    print(error)
"""
REACHING = """\
import numpy as np
class A:
    def {name}(self, *other):
        held.clear()
        array[...] = 0
        junk.extend([0.5] * 3 for _ in range(300))
        return {value}
for _ in range(3):
    junk = []
    held = [A() for _ in range(300)]
    array = np.array(held, dtype=object)
    {call}
"""
"""A program whose objects reach into what numpy looks at."""
REACHED = {
    "the texts of a list": REACHING.format(
        name="__str__", value="'x'", call="np.array(held, dtype=str)"
    ),
    "the largest": REACHING.format(name="__gt__", value="True", call="array.argmax()"),
    "the smallest": REACHING.format(name="__lt__", value="True", call="np.argmin(array)"),
}


def test_numpy_asks_no_sequence_of_the_program_s_for_items(guarded: Forking) -> None:
    source = (
        EMPTIES.partition("\nfor _ in")[0].format(when=0)
        + "\njunk, outer = [], [A() for _ in range(9)]"
    )
    calls = "".join(TRIED.format(call=call) for call in WALKED)
    answer = guarded(TOLD + "print(made.printed)", f"import numpy as np\n{source}{calls}")
    told = "numpy reads numbers, arrays and lists here, not a A"
    assert answer.stdout.count(told) == len(WALKED)


def test_what_numpy_looks_at_is_out_of_reach(plain: Forking, guarded: Forking) -> None:
    assert [name for name in REACHED if not crashes(plain, REACHED[name])] == []
    answer = guarded(TOLD, "\n".join(REACHED.values()))
    assert answer.stdout == "[None, None]\n"
