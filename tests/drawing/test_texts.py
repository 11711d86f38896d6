"""Numbers and tensors as texts, and how wide they are."""

from __future__ import annotations

import math

import pytest
import torch

import viz
from viz.drawing import Display, texts
from viz.drawing.picture.cards import fitted_tensor
from viz.drawing.picture.text_width import fitted, width
from viz.drawing.play.heat import heat
from viz.records import Tensor

INF = math.inf


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (6.0, 4, "6"),
        (6.5, 4, "6.5"),
        (-4.0, 4, "−4"),
        (0.0, 4, "0"),
        (-0.0, 4, "0"),
        (0.10000000149011612, 4, "0.1"),
        (1 / 3, 4, "0.3333"),
        (1 / 3, 7, "0.3333333"),
        (2 / 3, 1, "0.7"),
        (1234.5678, 4, "1235"),
        (102400.0, 4, "102400"),
        (1048576.0, 7, "1048576"),
        (1048576.0, 4, "1048576"),
        (12345678.0, 4, "1.235e7"),
        (1.5e-7, 4, "1.5e−7"),
        (-2.5e30, 3, "−2.5e30"),
        (True, 4, "True"),
        (-7, 4, "−7"),
        (12345678, 4, "1.235e7"),
        (math.nan, 4, "NaN"),
        (INF, 4, "∞"),
        (-INF, 4, "−∞"),
    ],
)
def test_number(value, digits, expected):
    assert texts.number(value, digits) == expected


@pytest.mark.parametrize(
    ("tensor", "expected"),
    [
        (None, ""),
        (Tensor((), "float32", (6.5,)), "6.5"),
        (Tensor((3,), "float32", (0.0, 1.0, -4.0)), "[0, 1, −4]"),
        (Tensor((1,), "float32", (2.0,)), "[2]"),
        (Tensor((0,), "float32", ()), "[]"),
        (Tensor((2, 0), "float32", ()), "[]"),
        (Tensor((2, 2), "int64", (1, 2, 3, 4)), "[[1, 2], [3, 4]]"),
        (Tensor((2,), "bool", (True, False)), "[True, False]"),
        (Tensor((), "complex64", (1.0, -2.0)), "1−2i"),
        (Tensor((), "complex64", (0.0, 2.5)), "0+2.5i"),
        (Tensor((20,), "float32", (0.25,) * 20), "20, mean 0.25"),
        (Tensor((16, 16), "float32", None, -1.0, 1.0, 0.5), "16×16, mean 0.5"),
        (Tensor((16, 16), "complex64", None), "16×16"),
        (Tensor((2,), "float32", (math.nan, INF)), "[NaN, ∞]"),
    ],
)
def test_tensor(tensor, expected):
    assert texts.tensor(tensor) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"), [((4,), "(4,)"), ((2, 3), "2×3"), ((1, 1, 5), "1×1×5")]
)
def test_a_shape_among_numbers_is_no_number(sizes, expected):
    assert texts.extent(sizes) == expected


def test_whole_writes_every_element():
    values = tuple(map(float, range(20)))
    written = texts.whole(Tensor((4, 5), "float32", values))
    assert [float(each) for each in written.replace("[", "").replace("]", "").split(", ")] == list(
        values
    )


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    # advance widths of Helvetica as Adobe published them, of DejaVu Sans and of Noto Sans as their
    # files say, in thousandths of an em: a card provides for the widest, within a few percent
    [
        ("A", 1000, (667, 684, 639)),
        ("i", 1000, (222, 278, 258)),
        ("W", 1000, (944, 989, 930)),
        ("0123456789", 1000, (5560, 6360, 5720)),
        (" ", 1000, (278, 318, 260)),
        ("−", 1000, (584, 838, 572)),
    ],
)
def test_width_of_latin_letters(text, size, expected):
    assert max(expected) <= width(text, size) <= 1.03 * max(expected)


def test_width_of_other_letters():
    assert width("损失", 12) == 24
    assert width("é", 12) == pytest.approx(width("e", 12), rel=0.2)
    assert width("a", 12, bold=True) > width("a", 12)


@pytest.mark.parametrize("text", ["", "x", "a long variable name", "损失损失损失损失", "W" * 80])
@pytest.mark.parametrize("room", [5, 30, 90])
def test_fitted_text_fits(text, room):
    found = fitted(text, 12, room)
    assert width(found, 12) <= max(room + 0.5, width("…", 12))
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


@pytest.mark.parametrize("room", range(40, 240, 8))
@pytest.mark.parametrize("numbers", [(-0.0123, 123456.7, -9.8e-4), (-3.3e12, 6.7e-9), (0.1,) * 12])
def test_no_number_on_a_card_is_cut(numbers, room):
    """`[0.2, −0.0…` would be read as another tensor's."""
    tensor = viz.trace(lambda x: x * 1, torch.tensor(numbers)).nodes[-1].value
    found = fitted_tensor(tensor, Display(), room)
    assert width(found, 12) <= room + 0.5
    assert "…" not in found


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"digits": 0}, "digits"),
        ({"digits": 13}, "digits"),
        ({"direction": "RL"}, "direction"),
        ({"show": frozenset({"colour"})}, "colour"),
    ],
)
def test_display_says_what_is_wrong(choices, words):
    with pytest.raises(ValueError, match=words):
        Display(**choices)


@pytest.mark.parametrize(
    ("tensor", "size"),
    [
        (Tensor((2, 3), "float32", (1.0, -2.0, 0.0, 4.0, math.nan, INF)), (2, 3)),
        (Tensor((3,), "float32", (0.0, 0.0, 0.0)), (1, 3)),
        (Tensor((2, 2, 2), "float32", tuple(map(float, range(8)))), (4, 2)),
        (Tensor((), "float32", (1.0,)), None),
        (Tensor((2, 0), "float32", ()), None),
        (Tensor((9, 9), "float32", None, 0.0, 1.0, 0.5), None),
        (Tensor((2,), "complex64", (1.0, 2.0, 3.0, 4.0)), None),
    ],
)
def test_heat(tensor, size):
    found = heat(tensor)
    assert (found and (found.rows, found.columns)) == size
    if found is not None:
        assert len(found.cells) == len(found.levels) == found.rows * found.columns
        assert all(level is None or -1 <= level <= 1 for level in found.levels)


def test_heat_levels():
    found = heat(Tensor((4,), "float32", (2.0, -4.0, 0.0, math.nan)))
    assert found is not None
    assert found.levels == (0.5, -1.0, 0.0, None)
