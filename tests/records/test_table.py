"""What a trace says of itself at the prompt."""

from __future__ import annotations

import msgspec
import pandas

from tests.records.test_json_form import RECORD
from viz.records import Failure, Node, Port, Program, Tensor, Trace
from viz.records.table import SHOWN, Table, table_of, told

RUN = Trace(
    Program("x*2", "expression"),
    nodes=(
        Node("n0", "leaf", "AccumulateGrad", "x", gradient=Tensor((), "float32", (2.0,))),
        Node("n1", "output", "MulBackward0", value=Tensor((2, 1), "float32", (1.0, 2.5))),
        Node("n2", "constant", "", value=Tensor((70,), "float32", None, -1.0, 1.0, 0.25)),
        Node("n3", "constant", "", value=Tensor((), "complex64", (1.0, -2.0))),
    ),
    outputs=("n1",),
    gradients={"x": Tensor((), "float32", (2.0,)), "w": None},
)


def test_the_prompt_shows_two_lines() -> None:
    assert repr(RUN).splitlines() == [
        "Trace of expression: 1 operation, 0 backward passes → [1, 2.5]",
        "  gradients: x 2, w None",
    ]
    failed = Trace(Program("", "script"), failure=Failure("ValueError", "no\n\n more"))
    assert repr(failed).splitlines()[1] == "  ValueError: no more"
    many = Trace(Program("", "script"), gradients={f"layer{i}.weight": None for i in range(99)})
    assert len(repr(many).splitlines()) == 2
    assert repr(many).endswith("and 95 more")


def test_the_table_has_a_row_for_each_node() -> None:
    table = table_of(RUN)
    assert table.column("node") == ("n0", "n1", "n2", "n3")
    assert table.column("value") == (None, "[1, 2.5]", "-1 … 1, mean 0.25", "[1-2i]")
    assert table.column("gradient") == (2.0, None, None, None)
    assert table.column("shape") == (None, "2×1", "70", "scalar")
    assert repr(table).splitlines()[0].split() == list(table.columns)


def test_of_a_few_long_numbers_none_is_left_out_or_told_twice() -> None:
    parts = (-1.234e-05, -5.678e-05)
    few = Tensor((3,), "complex64", parts * 3)
    assert told(few) == f"[{', '.join(['-1.234e-05-5.678e-05i'] * 3)}]"
    assert str(told(Tensor((5,), "complex64", parts * 5))).count("i") == 4


def test_a_frozen_parameter_is_said_to_be() -> None:
    run = Trace(Program("", "function"), (Node("n0", "constant", "", "w", frozen=True),))
    run = msgspec.structs.replace(run, frozen=("w", "unused.weight"))
    assert table_of(run).column("gradient") == ("frozen",)
    assert repr(run).splitlines()[1] == "  gradients: none; frozen: w, unused.weight"
    assert Trace.from_json(run.to_json()) == run


def test_a_long_table_shows_its_beginning_and_escapes_what_it_shows() -> None:
    table = Table(("a",), (("<b>",),) * (SHOWN + 5))
    assert "5 more rows" in repr(table)
    assert table._repr_html_().count("&lt;b&gt;") == SHOWN
    assert "<b>" not in table._repr_html_()


def test_pandas_gets_the_same_cells() -> None:
    frame = RUN.table()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.loc["n0", "gradient"] == 2.0
    assert list(frame.index) == ["n0", "n1", "n2", "n3"]
    assert len(RECORD.table()) == len(RECORD.nodes)


def test_of_many_outputs_those_are_told_that_are_used() -> None:
    ports = tuple(Port(Tensor((), "float32", (float(i),)), None) for i in range(1, 8))
    first = Node("n0", "output", "UnbindBackward0", value=Tensor((), "float32", (0.0,)), more=ports)
    run = Trace(Program("", "function"), (first,), outputs=("n0",), output_indices=(5,))
    assert table_of(run).column("value") == ("5: 5 | and 7 more",)
    unused = msgspec.structs.replace(run, outputs=(), output_indices=())
    assert table_of(unused).column("value") == ("0 | 1 | 2 | 3 | and 4 more",)
