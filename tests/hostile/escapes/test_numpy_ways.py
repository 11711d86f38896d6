"""numpy's own ways out: its files, its modules, its memory; each layer holds them alone."""

import sys

import pytest

from tests.hostile.corpus import DEEDS, blocks, done_by, got_out
from viz.errors import ProgramRejected, RunStopped
from viz.program import check

HEAD = "import numpy as np\nimport torch\n"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


FILES_AND_WAYS = blocks("escapes/numpy_files.txt") | done_by(
    blocks("escapes/numpy_ways.txt"), DEEDS, (0,)
)
ESCAPES = {name: HEAD + source for name, source in FILES_AND_WAYS.items()}
"""Every escape by name; `{marker}` and `{secret}` are still to be filled in."""
MEMORY = {name: HEAD + source for name, source in blocks("escapes/numpy_memory.txt").items()}


def test_there_are_many_of_them():
    assert len(ESCAPES) + len(MEMORY) >= 80


@linux
def test_most_get_out_where_nothing_holds_them(nothing_on, outside):
    out = got_out(nothing_on, outside, ESCAPES)
    assert len(out) >= 0.9 * len(ESCAPES), sorted(set(ESCAPES) - set(out))


@linux
@pytest.mark.parametrize("name", ESCAPES)
def test_the_layers_alone_hold(layers_alone, outside, name):
    assert not got_out(layers_alone, outside, {name: ESCAPES[name]})


@linux
@pytest.mark.parametrize("name", ESCAPES)
def test_the_allowlist_alone_holds(allowlist_alone, outside, name):
    assert not got_out(allowlist_alone.trace, outside, {name: ESCAPES[name]})


@linux
def test_most_of_the_others_end_the_process_where_nothing_holds_them(nothing_on):
    ended = []
    for name, source in MEMORY.items():
        try:
            nothing_on(source)
        except RunStopped:
            ended.append(name)
    assert len(ended) >= 0.75 * len(MEMORY), sorted(set(MEMORY) - set(ended))


@linux
@pytest.mark.parametrize("name", MEMORY)
def test_memory_of_others_is_refused_or_never_asked_for(allowlist_alone, name):
    """Refused by the check, or an error of the program's own: the process lives on."""
    try:
        check(MEMORY[name])
    except ProgramRejected:
        return
    trace = allowlist_alone.trace(MEMORY[name])
    if trace.failure is None:
        assert trace.printed == "<__main__.A object>\n", "taken for an object like any other"
    else:
        assert trace.printed == ""
