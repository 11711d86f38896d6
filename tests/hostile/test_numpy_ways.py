"""numpy's own ways out: its files, its modules, its memory; each layer holds them alone."""

import sys

import pytest

from tests.hostile.corpus import DEEDS, blocks
from tests.hostile.test_escapes import _told
from viz.errors import ProgramRejected, RunStopped
from viz.program import check

HEAD = "import numpy as np\nimport torch\n"
linux = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


def _escapes() -> dict[str, str]:
    """Every escape by name; `{marker}` and `{secret}` are still to be filled in."""
    found = {name: HEAD + source for name, source in blocks("numpy_files.txt").items()}
    deeds = list(DEEDS.items())
    for place, (way, source) in enumerate(blocks("numpy_ways.txt").items()):
        deed, code = deeds[place % len(deeds)]
        found[f"{way} {deed}"] = f"{HEAD}{source}\n{code}"
    return found


ESCAPES = _escapes()
MEMORY = {name: HEAD + source for name, source in blocks("numpy_memory.txt").items()}


def test_there_are_many_of_them():
    assert len(ESCAPES) + len(MEMORY) >= 80


@linux
def test_most_get_out_where_nothing_holds_them(nothing_on, outside):
    out = [
        name
        for name, source in ESCAPES.items()
        if outside.touched(_told(nothing_on, outside.filled(source)))
    ]
    assert len(out) >= 0.9 * len(ESCAPES), sorted(set(ESCAPES) - set(out))


@linux
@pytest.mark.parametrize("name", ESCAPES)
def test_the_layers_alone_hold(layers_alone, outside, name):
    assert not outside.touched(_told(layers_alone, outside.filled(ESCAPES[name])))


@linux
@pytest.mark.parametrize("name", ESCAPES)
def test_the_allowlist_alone_holds(allowlist_alone, outside, name):
    assert not outside.touched(_told(allowlist_alone.trace, outside.filled(ESCAPES[name])))


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
