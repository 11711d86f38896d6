"""Counters within the text against Python's own line tracing."""

import ast
import contextlib
from collections import Counter

import pytest

from tests.tracing.typed.test_loops import PROGRAMS, split
from viz.tracing.recording.source.line_counts import LineCounter
from viz.tracing.source_map import SourceMap
from viz.tracing.typed.blocks import Blocks, counted
from viz.tracing.typed.loops import Loops, told

BRANCHES = """\
# branches
for i in range(10):
    if i % 3 == 0:
        a = 1
    elif i % 3 == 1:
        b = 1
    else:
        if i > 5:
            c = 1
        d = 1
    e = 1
# left early
def f(n):
    for i in range(n):
        if i == 3:
            return i
        k = i
    return n
for n in range(6):
    f(n)
# continued
n = 0
while n < 9:
    n += 1
    if n % 2:
        continue
    m = n
# an exception that is caught
for i in range(4):
    try:
        a = 1
        1 / (i - 2)
        b = 1
    except ZeroDivisionError:
        c = 1
    else:
        d = 1
    finally:
        e = 1
# cases
for i in range(5):
    match i:
        case 0 | 1:
            a = i
        case _:
            b = i
# a class in a loop, with a docstring and a name of the module
total = 0
for i in range(3):
    class C:
        "what it is"
        size = i
        def add(self):
            "adds"
            global total
            total = total + self.size
            return total
    C().add()
# a function within another
def outer(n):
    def inner(k):
        a = k
        return a
    for i in range(n):
        inner(i)
    return n
outer(3)
outer(2)
"""


def lines(source: str, tree: ast.Module, names: dict) -> Counter:
    counter = LineCounter(SourceMap(source, "<test>"))
    code = compile(tree, "<test>", "exec")
    with contextlib.suppress(Exception), counter:
        exec(code, {**names, "say": lambda *_: None})  # noqa: S102 - the programs above
    return Counter({each.number: each.count for each in counter.record() if each.count})


def ran_as_told(source: str) -> Counter:
    """The lines by counters alone."""
    loops = Loops()
    tree = ast.parse(source)
    counted(tree, loops.blocks)
    told(tree)
    names = {**loops.names(), **loops.blocks.names(), "say": lambda *_: None}
    with contextlib.suppress(Exception):
        exec(compile(tree, "<test>", "exec"), names)  # noqa: S102 - the programs above
    return loops.ran()


BROKEN_OFF = ("error", "raises", "an own iterator", "own items", "not iterable")
"""Programs where an exception ends a stretch: what follows in it is counted as well."""


@pytest.mark.parametrize("source", split(BRANCHES) + split(PROGRAMS))
def test_lines_inside_blocks_count_as_python_counts_them(source):
    traced = lines(source, ast.parse(source), {})
    once = {n.lineno for n in ast.parse(source).body if not isinstance(n, ast.For | ast.While)}
    ran = ran_as_told(source)
    exact = {line: count for line, count in traced.items() if line not in once}
    if any(word in source.split("\n")[0] for word in BROKEN_OFF):
        assert all(abs(ran[line] - count) <= 1 for line, count in exact.items())
    else:
        assert {line: ran[line] for line in exact} == exact


def test_python_s_own_tracing_does_not_see_the_counters():
    for source in split(BRANCHES):
        blocks = Blocks()
        tree = ast.parse(source)
        counted(tree, blocks)
        assert lines(source, tree, blocks.names()) == lines(source, ast.parse(source), {})
