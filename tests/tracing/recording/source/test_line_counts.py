"""How often each line ran, where Python itself comes to a line more often than that."""

from viz.tracing.recording.source.line_counts import LineCounter
from viz.tracing.source_map import SourceMap


def counts(sandbox, text):
    return {line.number: line.count for line in sandbox.trace(text).lines}


def test_what_stands_around_a_function_is_not_told_as_skipped(sandbox):
    text = "import torch\nw = torch.tensor(3.0)\ndef f(x=1.0):\n    return w * x\n"
    assert counts(sandbox, text) == {4: 1}


def test_a_call_over_several_lines_ran_once(sandbox):
    text = "x = torch.ones(2)\ny = torch.add(\n    x,\n    x,\n)\n"
    assert counts(sandbox, text) == {1: 1, 2: 1}


def test_a_call_over_several_lines_in_a_loop(sandbox):
    text = "x = torch.ones(2)\nfor i in range(3):\n    x = x * (\n        2)\n"
    assert counts(sandbox, text)[3] == 3


def test_a_with_line_is_not_counted_again_at_its_end(sandbox):
    text = "x = torch.ones(2)\nwith torch.no_grad():\n    y = x * 2\nz = 1\n"
    assert counts(sandbox, text) == {1: 1, 2: 1, 3: 1, 4: 1}


def test_a_comprehension_is_one_statement(sandbox):
    assert counts(sandbox, "x = torch.ones(3)\ny = [v * 2 for v in x]\nz = 1\n")[2] == 1


def test_a_with_in_a_loop_is_counted_in_each_round(sandbox):
    text = "x = torch.ones(2)\nfor i in range(3):\n    with torch.no_grad():\n        y = x * 2\n"
    assert counts(sandbox, text) == {1: 1, 2: 4, 3: 3, 4: 3}


def test_rounds_of_a_while_are_its_tests(sandbox):
    text = "def f(x=1.0):\n    while x < 8:\n        x = x * (\n            2)\n    return x\n"
    assert counts(sandbox, text) == {2: 4, 3: 3, 5: 1}


def test_a_branch_that_was_not_taken_is_told(sandbox):
    text = "def f(x=1.0):\n    if x > 0:\n        return x\n    else:\n        return -x\n"
    assert counts(sandbox, text) == {2: 1, 3: 1, 5: 0}


def test_what_an_instruction_stands_in_is_looked_up_once(monkeypatch):
    """From 3.12 on that takes as long as the whole code: a loop in one line would never end."""
    asked: list[int] = []
    monkeypatch.setattr(SourceMap, "comprehends", lambda *place: bool(asked.append(place[-1])))
    text = "i = 0\nwhile i < 1000: i = i + 1\n"
    counter = LineCounter(SourceMap(text, "<program>"))
    with counter:
        exec(compile(text, "<program>", "exec"), {})  # noqa: S102 - the text above
    assert counter.counts[2] == 1000
    assert 0 < len(asked) == len(set(asked))
