"""Typed text that tries to get out: no file made or read, no process, no connection, no secret."""

import os
import sys

import pytest

from tests.hostile.corpus import blocks, escapes, foreign, got_out
from viz.errors import ExplorerError
from viz.program import check

ESCAPES = escapes()
FULL = os.environ.get("HOSTILE") == "full"
"""Whether the parts that take minutes run whole: `HOSTILE=full`."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")


def test_the_corpus_is_as_large_as_it_says():
    assert len(ESCAPES) >= 930
    assert len(set(ESCAPES.values())) == len(ESCAPES)


@linux
def test_most_escapes_get_out_where_nothing_holds_them(nothing_on, outside):
    """A corpus that does nothing anywhere would show nothing below."""
    tried = dict(list(ESCAPES.items())[:: 1 if FULL else 5])
    out = got_out(nothing_on, outside, tried)
    assert len(out) >= 0.75 * len(tried), sorted(set(tried) - set(out))


@linux
@pytest.mark.parametrize("name", ESCAPES)
def test_the_layers_alone_hold(layers_alone, outside, name):
    assert not got_out(layers_alone, outside, {name: ESCAPES[name]})


@linux
@pytest.mark.parametrize("name", ESCAPES)
def test_the_allowlist_alone_holds(allowlist_alone, outside, name):
    assert not got_out(allowlist_alone.trace, outside, {name: ESCAPES[name]})


@linux
@pytest.mark.parametrize("way", blocks("escapes/foreign.txt"))
def test_a_foreign_self_is_refused_when_it_is_met(allowlist_alone, way):
    """The check lets these programs pass: it cannot know what a method will be called with."""
    assert all(check(source) for name, source in foreign().items() if name.startswith(way))
    source = f"{blocks('escapes/foreign.txt')[way]}\ndef own(): pass\nprint(V(own))"
    (cell,) = allowlist_alone.trace(source).cells
    assert cell.failure is not None
    assert "state_dict takes a LRScheduler, not a function" in cell.failure.message
    assert cell.printed == ""


@pytest.mark.parametrize("place", ["input", "gradient", "name of an input"])
def test_input_texts_are_held_as_well(everything_on, outside, place):
    for name, source in ESCAPES.items():
        text = outside.filled(source).replace("\n", "; ")
        given = {
            "input": {"inputs": {"x": text}},
            "gradient": {"gradient": text},
            "name of an input": {"inputs": {text: "1.0"}},
        }[place]
        with pytest.raises(ExplorerError):
            everything_on.trace("x * 2", **given)
        assert not outside.touched(), name


@linux
def test_a_good_job_is_served_after_all_of_them(everything_on, layers_alone):
    assert layers_alone("result = 1").printed == "1"
    assert everything_on.trace("x * x", {"x": "3"}).value.values == (9.0,)
