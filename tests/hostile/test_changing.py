"""Containers and iterators that the program changes, or asks again, while C goes through them.

Where C goes on with what it knew before, a float or a list is taken for the program's own object:
each of these died of it, or was told another type, with the allowlist alone.
"""

import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

BEFORE = """\
from collections import Counter, OrderedDict, deque
import itertools
junk, it = [], None
def lay(): junk.extend([0.5] * n for n in range(60))
class A:
    def __init__(self, does, says=NotImplemented): self.does, self.says = does, says
    def again(self, other=None):
        does, self.does = self.does, lay
        does()
        lay()
        return self.says
    def __eq__(self, other): return self.again()
    def __lt__(self, other): return self.again()
    def __add__(self, other): return self.again()
    def __hash__(self): return 1
    def __int__(self): return 1
class B:
    def told(self, other):
        print(type(other).__name__)
        return True
    def __eq__(self, other): return self.told(other)
    def __gt__(self, other): return self.told(other)
    def __radd__(self, other): return self.told(other)
    def __hash__(self): return 1
def asking(other):
    def found(x):
        if x == 1: [each for each in other()]
        return False
    return filter(found, [1, 2, 3, 4])
class Items:
    def __init__(self): self.asked = False
    def __getitem__(self, place):
        if not self.asked:
            self.asked = True
            next(it, None)
        raise IndexError
"""
GENERATOR = "generator already executing"
CHANGED = {
    "lists compared": ("a, b = [A(lambda: (a.clear(), b.clear()))], [B()]\na < b", "A"),
    "lists within lists": (
        "a, b = [[A(lambda: (a.clear(), b.clear()))]], [[B()]]\nprint(len(max(b, a)))",
        "A\n0",
    ),
    "lists within tuples": (
        "a, b = [A(lambda: (a.clear(), b.clear()))], [B()]\nprint(len(sorted([(b,), (a,)])))",
        "A\n2",
    ),
    "a list written to by steps": (
        "a = [1] * 500\ndef made():\n    yield from a\n    a.clear()\na[::-1] = made()",
        "attempt to assign sequence of size 500 to extended slice of size 0",
    ),
    "a deque asked where": ("d = deque([A(lambda: d.clear())])\nprint(d.index(B()))", "A\n0"),
    "a set added to": (
        "s = {A(lay), A(lay)}\ns.pop()\nlast = A(lambda: s.add(last))\ns.add(last)",
        "Set changed size while something was added to it",
    ),
    "a set joined": (
        "s = {A(lay), A(lay)}\ns.pop()\nlast = A(lambda: s.add(last))\ns |= {last}",
        "Set changed size while something was added to it",
    ),
    "a set updated": (
        "s = {A(lay), A(lay)}\ns.pop()\nlast = A(lambda: s.add(last))\ns.update({last})",
        "Set changed size while something was added to it",
    ),
    "ordered dictionaries": (
        "a, b = OrderedDict(), OrderedDict()\nfor i in range(20):\n"
        "    a[i], b[i] = A(lambda: (a.clear(), b.clear())), B()\nprint(a == b)",
        "True",
    ),
    "an ordered dictionary left": (
        "a = OrderedDict()\na[A(lambda: a.clear(), True)] = 1\na.move_to_end(A(lay, True))",
        "A",
    ),
    "what torch gives in order": (
        "a = torch.nn.Linear(1, 1).state_dict()\na[A(lambda: a.clear(), True)] = 1\n"
        "a.pop(A(lay, True))",
        "A",
    ),
    "a count": ("c = Counter()\nc[1] = A(lambda: c.clear())\nc.update([1])", "'A' and 'int'"),
    "count": ("c = itertools.count(A(lambda: next(c)))\nnext(c)", GENERATOR),
    "accumulate": (
        "c = itertools.accumulate([A(lambda: next(c)), B(), B()])\nnext(c)\nnext(c)",
        GENERATOR,
    ),
    "groupby": (
        "c = itertools.groupby([A(lambda: next(c)), B(), B(), B()])\nnext(c)\nnext(c)",
        GENERATOR,
    ),
    "pairwise": ("c = itertools.pairwise(asking(lambda: c))\nnext(c)", GENERATOR),
    "chain": ("c = itertools.chain(asking(lambda: c), [5])\nnext(c)", GENERATOR),
    "chain of what comes": (
        "c = itertools.chain.from_iterable([asking(lambda: c), [5]])\nnext(c)",
        GENERATOR,
    ),
    "cycle": ("c = itertools.cycle(asking(lambda: c))\nnext(c)", GENERATOR),
    "islice": ("c = itertools.islice(asking(lambda: c), 5)\nnext(c)", GENERATOR),
    "zip_longest": ("c = itertools.zip_longest(asking(lambda: c), [5])\nnext(c)", GENERATOR),
    "items by number": ("it = iter(Items())\nnext(it)", GENERATOR),
    "items by number, counted": ("it = enumerate(Items())\nnext(it)", GENERATOR),
    "until the end": (
        "end = A(lambda: next(it))\nit = iter(lambda: B(), end)\nnext(it)",
        GENERATOR,
    ),
}


@pytest.mark.parametrize("what", CHANGED)
def test_nothing_is_taken_for_another(allowlist_alone, what):
    does, told = CHANGED[what]
    trace = allowlist_alone.trace(f"{BEFORE}{does}")
    failed = "".join(cell.failure.message for cell in trace.cells if cell.failure)
    assert told in (failed if failed else trace.printed)
