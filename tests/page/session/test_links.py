"""Links: every view reads back as written, and no link of a stranger breaks the page."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viz.drawing.display import Display
from viz.page.session.links import packed, parameters_of, unpacked, view_of
from viz.page.session.view import FIRST, View
from viz.records import MAX_NAME, MAX_SOURCE

VIEWS = [
    View(),
    View(source="sin(x)*x**2", texts=MappingProxyType({"x": "1.5"})),
    View(source="x\n" * 2_000, texts=MappingProxyType({})),
    View(source="损失 = x", texts=MappingProxyType({}), language="zh", present=True),
    View(source="x", texts=MappingProxyType({}), start=-1.5, stop=2.0, order=4, along="x[0, 1]"),
    View(display=Display(show=frozenset(), direction="TB", digits=9, friendly=False)),
    View(step=3),
    View(source="", texts=MappingProxyType({}), seed=7, tab="steps", graph_order=2, fold=False),
    View(depth=2),
]


@pytest.mark.parametrize("view", VIEWS, ids=range(len(VIEWS)))
def test_a_view_reads_back_as_written(view: View) -> None:
    again, problems = view_of(parameters_of(view, tuple(view.texts)))
    assert problems == ()
    assert again == view


def test_the_plain_link_is_the_example() -> None:
    assert parameters_of(View(), ("x", "y", "z")) == {}
    assert view_of({})[0].source == FIRST


def test_the_issue_s_link() -> None:
    view, problems = view_of({"f": "sin(x)*x**2", "in.x": "1.5", "order": "1", "lang": "zh"})
    assert (view.source, view.texts["x"], view.order, view.language) == (
        "sin(x)*x**2", "1.5", 1, "zh",
    )  # fmt: skip
    assert problems == ()


def test_texts_of_names_that_are_no_inputs_stay_out() -> None:
    view = View(source="x", texts=MappingProxyType({"x": "1", "old": "2"}))
    assert parameters_of(view, ("x",)) == {"f": "x", "in.x": "1"}


MALFORMED = {
    "order": ["-1", "5", "9" * 5_000, "1.0", "", "٣"],
    "lang": ["fr", "../../etc"],
    "from": ["nan", "inf", "x"],
    "seed": ["-1", str(2**31)],
    "step": ["-1", "1.5", str(2**62), "9" * 5_000],
    "z": ["%%%", "AAAA", packed("x")[:-3], "é"],
    "show": ["value,nothing"],
    "digits": ["0", "13"],
    "depth": ["-1", "4", "x"],
    "in.a b": ["1"],
    "in.": ["1"],
    "in.x": ["1" * 1_001],
    "present": ["yes"],
    "tab": ["<script>"],
    "lesson": ["nosuchlesson", "own", ""],
    "f": ["x" * (MAX_SOURCE + 1)],
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in MALFORMED.items() for text in texts]
)
def test_a_malformed_parameter_is_named_and_left_at_its_default(name: str, text: str) -> None:
    view, problems = view_of({name: text})
    assert view == View()
    assert [problem.message.details["parameter"] for problem in problems] == [name]


def test_a_bomb_is_not_unpacked() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b"x" * 50_000_000, 9)).decode()
    view, problems = view_of({"z": bomb})
    assert view == View()
    assert len(problems) == 1


def test_an_empty_range_is_no_range() -> None:
    assert view_of({"from": "2", "to": "1"})[0] == View()


@given(st.text(max_size=3_000).filter(lambda text: "\r" not in text))
@settings(max_examples=50, deadline=None)
def test_packing_keeps_every_source_that_can_be_encoded(source: str) -> None:
    assert unpacked(packed(source)) == source


@given(st.dictionaries(st.sampled_from([*MALFORMED, "g", "along"]), st.text(max_size=40)))
@settings(max_examples=200, deadline=None)
def test_no_link_raises(parameters: dict[str, str]) -> None:
    view, _problems = view_of(parameters)
    assert replace(view) == view


@pytest.mark.parametrize("name", ["along", "over", "of"])
def test_the_name_of_a_number_is_as_short_as_names_are(name: str) -> None:
    view, problems = view_of({"f": "x * y", name: "x" * (MAX_NAME + 1)})
    assert getattr(view, name) == getattr(View(), name)
    assert len(problems) == 1
