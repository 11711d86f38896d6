"""Objects say what they are, never where: not in a whole text, and so not in a part of one."""

from __future__ import annotations

import functools
import itertools
import re
import subprocess
import sys
import warnings
from collections import Counter
from typing import Any

import pytest
import torch

from tests.tracing.typed.test_namespace_crawl import everything_reached
from viz.sandbox.child.reprs import say_no_addresses


class MadeBefore:
    """A class that was there before anything changed."""


say_no_addresses()


class MadeAfter:
    def method(self) -> None: ...


def running() -> Any:
    yield 1


EXPECTED = {
    MadeBefore(): f"<{__name__}.MadeBefore object>",
    MadeAfter(): f"<{__name__}.MadeAfter object>",
    MadeAfter().method: f"<bound method MadeAfter.method of <{__name__}.MadeAfter object>>",
    object(): "<object object>",
    running: "<function running>",
    running(): "<generator object running>",
    (lambda: 0): "<function <lambda>>",
    functools.partial(running): "functools.partial(<function running>)",
    len: "<built-in function len>",
    torch.sin: "<built-in function sin>",
    [].append: "<built-in method append of list object>",
    (1).__add__: "<method-wrapper '__add__' of int object>",
    iter([]): "<list_iterator object>",
    map(len, []): "<map object>",
    zip(): "<zip object>",
    itertools.chain(): "<itertools.chain object>",
    torch.no_grad(): "<torch.autograd.grad_mode.no_grad object>",
    torch.ones(1, requires_grad=True).exp().grad_fn: "<ExpBackward0 object>",
    torch.Generator(): "<torch._C.Generator object>",
    property(): "<property object>",
}


@pytest.mark.parametrize("value", EXPECTED, ids=EXPECTED.get)
def test_an_object_says_what_it_is(value: Any) -> None:
    text = EXPECTED[value]
    assert [repr(value), str(value), f"{value}", format(value), repr([value])[1:-1]] == [text] * 5


def test_what_has_words_of_its_own_keeps_them() -> None:
    class Own:
        def __repr__(self) -> str:
            return "mine"

    values: list[Any] = [Own(), 1, "a", [1], {2: 3}, range(2), int, torch.ones(1), KeyError("x")]
    expected = "mine|1|'a'|[1]|{2: 3}|range(0, 2)|<class 'int'>|tensor([1.])|KeyError('x')"
    assert "|".join(map(repr, values)) == expected


def test_nothing_that_typed_code_can_reach_tells_an_address() -> None:
    told: Counter[type] = Counter()
    found = []
    for way, value in everything_reached():
        told[type(value)] += 1
        if told[type(value)] <= 20 and not isinstance(value, torch.Tensor):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if re.search("0x[0-9a-fA-F]{5}", f"{value!r} {value!s}"):
                    found.append(way)
    assert found == []


def test_doing_it_twice_changes_nothing_and_a_process_ends_well() -> None:
    program = (
        "import gc\nfrom viz.sandbox.child.reprs import say_no_addresses\n"
        "assert ' at 0x' in repr(object())\nsay_no_addresses()\nsay_no_addresses()\n"
        "class A: pass\ngc.collect()\nprint(A(), A, iter([]), object.__repr__(A()))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    told = "<__main__.A object> <class '__main__.A'> <list_iterator object> <__main__.A object>\n"
    assert (ended.stdout, ended.stderr) == (told, "")
