"""The parser under several threads: what plain `ast.parse` of CPython 3.11 does not survive."""

import ast
import sys
import threading

import pytest

from viz import trees

SOURCE = "\n".join(f"x{i} = {'(' * (i % 30)}1{')' * (i % 30)}, f(a + b * {i})" for i in range(60))


class Finalized:
    """Something whose end runs Python code: a chance to switch threads inside the parser."""

    def __del__(self):
        sum(range(50))


def below(levels, function):
    return function() if levels == 0 else below(levels - 1, function)


@pytest.fixture
def hasty():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_threads_at_different_depths_do_not_disturb_each_other():
    expected, found, failures = ast.dump(ast.parse(SOURCE)), [], []

    def work(levels):
        for _ in range(20):
            cycle = Finalized()
            cycle.itself = cycle
            del cycle
            try:
                found.append(below(levels, lambda: trees.parse(SOURCE)))
            except SystemError as error:
                failures.append(error)

    threads = [threading.Thread(target=work, args=(7 * place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {ast.dump(tree) for tree in found} == {expected}


def test_a_parser_that_was_disturbed_is_asked_again(monkeypatch):
    asked = []

    def disturbed(source, filename, mode):
        asked.append(source)
        if len(asked) < 3:
            raise SystemError("AST constructor recursion depth mismatch")
        return compile(source, filename, mode, ast.PyCF_ONLY_AST)

    monkeypatch.setattr("viz.trees.ast.parse", disturbed)
    assert isinstance(trees.parse_expression("x + 1"), ast.BinOp)
    assert asked == ["x + 1"] * 3


def test_a_parser_that_is_broken_says_so(monkeypatch):
    def broken(*_):
        raise SystemError("always")

    monkeypatch.setattr("viz.trees.ast.parse", broken)
    with pytest.raises(SystemError, match="always"):
        trees.parse("x")


def test_what_cannot_be_read_is_raised_as_it_is():
    with pytest.raises(SyntaxError):
        trees.parse("x =")
