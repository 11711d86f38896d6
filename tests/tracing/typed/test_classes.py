"""Classes that typed code makes: their objects are the same in every run."""

from __future__ import annotations

import contextlib
import io

import pytest

from viz.program import check
from viz.tracing.runnable import Transcript
from viz.tracing.typed.decided.attributes import decided
from viz.tracing.typed.namespace import namespace


def test_a_set_of_one_s_own_objects_has_one_order() -> None:
    orders = set()
    held = []
    for _ in range(8):
        transcript = Transcript()
        globals_ = namespace(transcript)
        source = (
            "class V:\n    def __init__(self, n): self.n = n\n"
            "print([v.n for v in {V(n) for n in range(40)}])\n"
            "a = V(1)\nprint(a in {a}, V(1) in {a}, len({a, a}))"
        )
        exec(compile(check(source).source, "<program>", "exec"), globals_)  # noqa: S102
        orders.add("".join(transcript.printed))
        held.append((globals_, [object() for _ in orders]))  # so that memory is laid out anew
    assert len(orders) == 1
    assert orders.pop().endswith("True False 1\n")


def printed(source: str) -> str:
    """What a checked program prints, its names decided as in a child."""
    transcript = Transcript()
    tree = decided(check(source).source)
    exec(compile(tree, "<program>", "exec"), namespace(transcript))  # noqa: S102
    return "".join(transcript.printed)


OF_PYTHON = {
    "data classes as keys": """
from dataclasses import dataclass
class Plain: pass
@dataclass(frozen=True)
class Point(Plain):
    x: int
@dataclass
class Open:
    x: int
@dataclass(eq=False)
class Itself:
    x: int
print(len({Point(1), Point(1), Point(2)}), {Point(1): 3}[Point(1)], len({Itself(1), Itself(1)}))
try:
    {Open(1)}
except TypeError as error:
    print(error)
""",
    "private names": """
class Counter:
    __made = 0
    def __init__(self, start):
        self.__count = start
        Counter.__made += 1
    def __twice(self):
        return self.__count * 2
    def shown(self):
        return self.__twice(), self.__made
print(Counter(4).shown(), Counter(5).shown())
""",
    "slots": """
class Point:
    __slots__ = ("x", "mean")
    def __init__(self, x, mean):
        self.x, self.mean = x, mean
point = Point(1, 2)
try:
    point.other = 3
except AttributeError as error:
    print(error)
print(point.x + point.mean, point in {point}, len({point, Point(1, 2), point}))
""",
    "names that are not there": """
class Open:
    def __init__(self):
        self.known = {"first": 1}
    def __getattr__(self, name):
        if name in self.known:
            return self.known[name]
        raise AttributeError(name)
opened = Open()
print(opened.first, hasattr(opened, "second"), torch.is_tensor(opened))
""",
    "whole numbers": """
class Whole:
    def __init__(self, n):
        self.n = n
    def __int__(self):
        return self.n
    def __divmod__(self, other):
        return divmod(self.n, other)
    def __lshift__(self, by):
        return Whole(self.n << by)
    def __round__(self, digits=0):
        return self.n
print(int(Whole(3)), divmod(Whole(7), 2), int(Whole(3) << 2), round(Whole(9)))
""",
}


@pytest.mark.parametrize("title", OF_PYTHON)
def test_a_class_does_what_python_says(title: str) -> None:
    source = "import torch\n" + OF_PYTHON[title]
    plain = io.StringIO()
    with contextlib.redirect_stdout(plain):
        exec(source, {"__name__": "__main__"})  # noqa: S102
    assert printed(source) == plain.getvalue()


def test_what_torch_looks_for_on_any_object_is_not_asked_of_a_class_s_getattr() -> None:
    source = (
        "class A:\n    def __getattr__(self, name):\n        print(name)\n        return print\n"
        "try:\n    torch.add(A(), torch.ones(1))\nexcept TypeError:\n    print('refused')"
    )
    assert "__" not in printed(source)
    assert printed(source).endswith("refused\n")


def test_names_that_are_made_up_may_be_any_on_an_object_of_one_s_own() -> None:
    source = (
        "class Settings:\n    def __init__(self, **given):\n"
        "        for name, value in given.items():\n            setattr(self, name, value)\n"
        "s = Settings(a=1, encode=2)\nprint(s.a, s.encode)\n"
        "try:\n    'text'.encode()\nexcept AttributeError as error:\n    print(error)"
    )
    assert printed(source).startswith("1 2\n'str' object has no attribute 'encode'")
