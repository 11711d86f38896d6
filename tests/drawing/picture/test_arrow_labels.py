"""Where the texts of arrows stand: beside their lines, never on a card."""

import xml.etree.ElementTree as ET

import pytest

from tests.drawing.making import Made, loop
from viz.drawing import Display, fold, svg
from viz.drawing.picture.arrow_labels import Cards, stand
from viz.drawing.picture.cards import FLOWING, flowing_width
from viz.drawing.picture.positions import Route

FREE = Cards([], (1000.0, 1000.0))


def line(start, end):
    """A straight route."""
    (x, y), (u, v) = start, end
    inner = ((x + (u - x) * share, y + (v - y) * share) for share in (1 / 3, 2 / 3))
    return Route((start, *inner, end), end)


LEVEL = line((100.0, 100.0), (200.0, 110.0))


def test_a_text_is_above_a_level_line():
    found = stand(LEVEL, (0.0, 0.0), FREE, 40.0)
    assert (found.x, found.anchor, found.on) == (150.0, "middle", False)
    assert found.y < 105


@pytest.mark.parametrize(("down", "above"), [(-8.0, True), (8.0, False)])
def test_the_texts_of_parallel_lines_are_on_their_outer_sides(down, above):
    assert (stand(LEVEL, (0.0, down), FREE, 40.0).y < 105) == above


def test_a_text_is_below_where_a_card_or_the_edge_of_the_picture_is_above():
    card = Cards([((150.0, 85.0), 60.0, 20.0)], (1000.0, 1000.0))
    assert stand(LEVEL, (0.0, 0.0), card, 40.0).y > 105 + FLOWING
    highest = line((100.0, 5.0), (200.0, 5.0))
    assert stand(highest, (0.0, 0.0), FREE, 40.0).y > 5 + FLOWING


def test_a_text_is_on_the_line_where_cards_are_on_both_sides():
    cards = Cards([((150.0, 85.0), 60.0, 20.0), ((150.0, 125.0), 60.0, 20.0)], (1000.0, 1000.0))
    assert stand(LEVEL, (0.0, 0.0), cards, 40.0).on


@pytest.mark.parametrize(("across", "anchor"), [(0.0, "start"), (5.0, "start"), (-5.0, "end")])
def test_a_text_is_beside_an_upright_line(across, anchor):
    found = stand(line((100.0, 100.0), (110.0, 200.0)), (across, 0.0), FREE, 40.0)
    assert (found.anchor, found.on) == (anchor, False)
    assert (found.x > 105) == (anchor == "start")


def test_a_text_stays_within_the_picture():
    found = stand(line((980.0, 100.0), (980.0, 200.0)), (0.0, 0.0), FREE, 40.0)
    assert (found.anchor, found.on) == ("end", False)


def squares():
    """x·x·x·x with its parallel and its long arrows."""
    made = Made()
    x = made.leaf("x")
    square = made.op("MulBackward0", x, x)
    cube = made.op("MulBackward0", square, x)
    return made.trace(made.op("MulBackward0", cube, x))


@pytest.mark.parametrize("direction", ["LR", "TB"])
@pytest.mark.parametrize("trace", [loop(6), squares()])
def test_no_text_in_a_picture_is_on_a_card(trace, direction):
    display = Display(direction=direction)
    drawn = ET.fromstring(svg(fold(trace, display=display), display))
    elements = [(set(each.get("class", "").split()), each) for each in drawn.iter()]
    cards = [each for kinds, each in elements if "card" in kinds]
    texts = [each for kinds, each in elements if "contribution" in kinds and "on" not in kinds]
    assert len(cards) > 2
    assert texts
    room = flowing_width(display)
    for text in texts:
        start = {"start": 0.0, "middle": room / 2, "end": room}[text.get("text-anchor")]
        left, top = float(text.get("x")) - start, float(text.get("y")) - FLOWING
        for card in cards:
            x, y, width, height = (float(card.get(each)) for each in ("x", "y", "width", "height"))
            beside = left + room <= x + 0.1 or x + width <= left + 0.1
            assert beside or top >= y + height - 0.1 or top + FLOWING <= y + 0.1
