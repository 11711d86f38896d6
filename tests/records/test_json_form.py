"""A trace as JSON and back; that of an earlier version; what is no trace."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest

from viz.records import Edge, Message, Node, Pass, Program, Saved, Span, Step, Tensor, Trace
from viz.records.json_form import FORMAT, UPGRADES, VERSION, schema
from viz.records.trace import Call, Cell, Decision, Failure

HERE = Path(__file__).parent
WILD = (1, True, 2.5, math.inf, -math.inf, math.nan)
RECORD = Trace(
    Program("NaN", "expression"),
    nodes=(
        Node("n0", "leaf", "AccumulateGrad", "NaN", value=Tensor((6,), "float64", WILD)),
        Node(
            "n1",
            "output",
            "SinBackward0",
            call="c0",
            value=Tensor((99,), "float32", None, -math.inf, math.nan, 0.5, True),
            saved=(
                Saved("self", Tensor((), "float32", (math.nan,))),
                Saved("a", math.inf),
                Saved("b", "NaN"),
                Saved("c", None),
                Saved("d", True),
                Saved("e", 3),
            ),
        ),
    ),
    edges=(Edge("n0", "n1", 0, local=Tensor((), "int64", (7,))),),
    calls=(Call("c0", "torch.sin", Span(1, 0, 1, 6)),),
    decisions=(Decision(None, math.nan),),
    passes=(Pass(("n1",), (None,), (Step("n1", (None,), (None,)),)),),
    outputs=("n1",),
    gradients={"Infinity": None, "x": Tensor((), "float32", (-math.inf,))},
    failure=Failure("ValueError", "NaN", hint=Message("{name}", {"name": "Infinity"})),
)


def same(one: Trace, other: Trace) -> bool:
    """Equality to the last bit: NaN is not equal to itself, its bytes are."""
    return msgspec.msgpack.encode(one) == msgspec.msgpack.encode(other)


def test_it_comes_back_to_the_last_bit() -> None:
    text = RECORD.to_json()
    assert same(Trace.from_json(text), RECORD)
    assert same(Trace.from_json(RECORD.to_json(indent=2).encode()), RECORD)


@pytest.mark.parametrize(
    "record",
    [
        Trace(Program("x^2", "expression", notes=(Message("{name}", {"name": "x"}),))),
        Trace(
            Program("1/0", "script"), cells=(Cell(None, failure=Failure("ZeroDivisionError", "")),)
        ),
        Trace(Program("", "function"), frozen=("NaN",)),
    ],
    ids=["a note", "a cell that failed", "a parameter of that name"],
)
def test_a_row_of_one_comes_back(record: Trace) -> None:
    assert Trace.from_json(record.to_json()) == record


def test_every_json_reader_can_read_it() -> None:
    def refuse(constant: str) -> float:
        raise AssertionError(f"{constant} is no JSON")

    plain = json.loads(RECORD.to_json(), parse_constant=refuse)
    assert (plain["format"], plain["version"]) == (FORMAT, VERSION)
    node = plain["trace"]["nodes"][0]
    assert node["value"]["values"] == [1, True, 2.5, "Infinity", "-Infinity", "NaN"]
    assert node["op"] == "AccumulateGrad"


def test_the_first_version_is_read() -> None:
    """Written once by version 1 and never again: every later version reads it."""
    text = (HERE / "trace_v1.json").read_text("utf-8")
    assert same(Trace.from_json(text), RECORD)


def test_the_schema_names_every_field() -> None:
    told = schema(Trace)
    assert set(told["$defs"]["Node"]["properties"]) == set(Node.__struct_fields__)
    assert told["$defs"]["Trace"]["required"] == ["program"]
    json.dumps(told)


def test_a_new_field_is_a_new_version() -> None:
    """An older reader refuses a field that it does not know: whoever adds one raises `VERSION` and
    gives the last one its row in `UPGRADES`.
    """
    fields = sum(len(each["properties"]) for each in schema(Trace)["$defs"].values())
    assert (VERSION, fields) == (5, 171)
    assert sorted(UPGRADES) == list(range(1, VERSION))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no trace"),
        ("{}", "no autograd-explorer trace"),
        ('{"format": "autograd-explorer trace", "version": 99}', "newer release"),
        ('{"format": "autograd-explorer trace", "version": 1, "trace": {"nodes": 3}}', "no trace"),
        (RECORD.to_json().replace('"shape":[6]', '"shape":[7]'), "fill its shape"),
        (RECORD.to_json().replace('"source":"n0"', '"source":"n7"'), "n7"),
    ],
)
def test_what_is_no_trace_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Trace.from_json(text)


@pytest.mark.parametrize("given", [3, None, Path("run.json"), {"format": 1}])
def test_what_is_no_text_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match=f"it is a {type(given).__name__}, not the text"):
        Trace.from_json(given)


@pytest.mark.parametrize("id", ["n", "n²", "nn0", "0", "", "n-1", "n1.0", "n10000"])
def test_a_name_that_no_node_has_is_told_as_such(id: str) -> None:
    with pytest.raises(KeyError):
        RECORD.node(id)
