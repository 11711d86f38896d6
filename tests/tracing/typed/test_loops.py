"""Loops that are told of run as they did: every way into a loop and out of it."""

import ast
import re

import pytest

from viz.tracing.typed.loops import Loops, told

PROGRAMS = """\
# a range
for i in range(3):
    say(i)

# nothing to do
for i in []:
    say(i)
else:
    say('else')

# break and else
for i in range(5):
    if i == 2:
        break
    say(i)
else:
    say('no')

# continue
for i in range(5):
    if i % 2:
        continue
    say(i)

# a text
for c in 'abc':
    say(c)

# pairs
for i, (a, b) in enumerate([(1, 2), (3, 4)]):
    say(i, a, b)

# zip
for a, b in zip(range(9), 'xyz'):
    say(a, b)

# a starred list
for a in zip(*[[1, 2], [3, 4]]):
    say(a)

# while
n = 3
while n > 0:
    say(n)
    n -= 1

# while with else
n = 2
while n:
    n -= 1
else:
    say('else', n)

# while, broken
n = 0
while True:
    n += 1
    if n == 4:
        break
say(n)

# while, continued
n = 0
while n < 6:
    n += 1
    if n % 2:
        continue
    say(n)

# while in for
for i in range(3):
    n = i
    while n:
        say(i, n)
        n -= 1

# a function's
def f(n):
    for i in range(n):
        if i == 2:
            return i
say(f(9))

# a generator's
def f(n):
    for i in range(n):
        yield i
for a in f(3):
    for b in f(2):
        say(a, b)

# a generator left
def f():
    while True:
        yield 1
for a in f():
    say(a)
    break

# next
def f():
    for i in range(3):
        yield i
g = f()
say(next(g), next(g), list(g))

# an own iterator
class Count:
    def __init__(self):
        self.n = 0
    def __iter__(self):
        return self
    def __next__(self):
        self.n += 1
        if self.n > 3:
            raise StopIteration
        return self.n
for n in Count():
    say(n)

# own items
class Row:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * i
for n in Row():
    say(n)

# a list that grows
a = [1]
for n in a:
    if n < 4:
        a.append(n + 1)
    say(n)

# a dict
for k, v in {'a': 1, 'b': 2}.items():
    say(k, v)

# not iterable
for a in 5:
    say(a)

# an error within
for i in range(4):
    say(i)
    1 / (2 - i)

# names after
for i in range(3):
    pass
say(i)

# a condition that raises
n = 1
while 1 / n:
    say(n)
    n -= 1

# nested breaks
for i in range(3):
    while True:
        for j in range(9):
            if j > i:
                break
            say(i, j)
        break

# a walrus
a = [3, 2, 1]
while (n := a.pop()) < 3:
    say(n)
"""
"""Programs, each below what it is about."""


def split(programs: str) -> list[str]:
    return re.split(r"^(?=# )", programs, flags=re.MULTILINE)[1:]


def run(tree: ast.Module, names: dict) -> list:
    said: list = []
    try:
        names = {**names, "say": lambda *words: said.append(words)}
        exec(compile(tree, "<test>", "exec"), names)  # noqa: S102 - the programs above
    except Exception as error:  # noqa: BLE001 - what it raises is a part of what it does
        said.append((type(error).__name__, str(error), error.__traceback__.tb_next.tb_lineno))
    return said


@pytest.mark.parametrize("source", split(PROGRAMS))
def test_a_loop_does_what_it_did(source):
    loops = Loops()
    assert run(told(ast.parse(source)), loops.names()) == run(ast.parse(source), {})
    assert loops.levels == []


class Listener:
    def __init__(self, loops):
        self.loops = loops
        self.heard: list = []

    def begun(self, level):
        self.heard.append(("begun", level.line, level.rounds, level.left))

    def over(self, level, frame):
        self.heard.append(("over", level.line, level.rounds, frame is not None))

    def left(self):
        self.heard.append(("left", len(self.loops.levels)))


def heard(source: str) -> list:
    loops = Loops()
    listener = loops.watch = Listener(loops)
    run(told(ast.parse(source)), loops.names())
    return listener.heard


def test_each_round_is_told_of_with_what_is_left():
    assert heard("for i in range(2):\n    pass") == [
        ("begun", 1, 0, 2),
        ("over", 1, 1, True),
        ("begun", 1, 1, 1),
        ("over", 1, 2, True),
        ("left", 0),
    ]


def test_a_round_that_is_broken_off_is_over_without_a_frame():
    assert heard("for i in range(9):\n    break")[1:] == [("over", 1, 1, False), ("left", 0)]


def test_a_false_condition_is_no_round():
    rounds = heard("n = 2\nwhile n:\n    n -= 1")
    assert [each[:3] for each in rounds if each[0] == "over"] == [("over", 2, 1), ("over", 2, 2)]


@pytest.mark.parametrize(
    ("head", "left"),
    [
        ("range(7)", 7),
        ("enumerate(range(7))", 7),
        ("zip([1, 2, 3], range(7))", 3),
        ("[1, 2]", 2),
        ("iter([1, 2])", None),
        ("(n for n in [1, 2])", None),
        ("{'a': 1}.items()", 1),
    ],
)
def test_a_length_that_can_be_known_is_known(head, left):
    assert heard(f"for i in {head}:\n    break")[0] == ("begun", 1, 0, left)
