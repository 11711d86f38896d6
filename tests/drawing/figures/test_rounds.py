"""The numbers of a loop over its rounds."""

from viz.drawing.figures.rounds import held, rounds_figure
from viz.records import Rounds, Series

LONG = Rounds(
    7,
    2000,
    ((1, 50), (1998, 2000)),
    (8, 1000, 2000),
    (Series("loss", (100.0, 1.0, 0.01)), Series("<b>", (-1.0, 0.0, 1.0))),
)


def test_steep_numbers_have_an_axis_of_powers_and_names_are_escaped():
    figure = rounds_figure(LONG, title="round").checked()
    assert [(line.name, tuple(line.x), line.yaxis) for line in figure.data] == [
        ("loss", (8, 1000, 2000), "y"),
        ("&lt;b&gt;", (8, 1000, 2000), "y2"),
    ]
    assert figure.layout.yaxis.type == "log"
    assert figure.layout.yaxis2.type == "linear"


def test_the_rounds_that_the_graph_holds_are_shaded():
    shaded = {(shape.x0, shape.x1) for shape in rounds_figure(LONG).checked().layout.shapes}
    assert shaded == {(1, 50), (1998, 2000)}
    assert "shapes" not in rounds_figure(Rounds(1, 3, ((1, 3),), (1, 2, 3), LONG.series)).layout


def test_what_is_not_finite_breaks_nothing():
    odd = Series("loss", (float("nan"), float("inf"), 1.0))
    assert len(rounds_figure(Rounds(1, 3, (), (1, 2, 3), (odd,))).data) == 1
    assert not rounds_figure(Rounds(1, 3, ())).data


def test_series_of_one_colour_have_other_dashes():
    numbers = tuple(Series(f"w{n}", (1.0 * n, 2.0)) for n in range(1, 13))
    figure = rounds_figure(Rounds(1, 2, (), (1, 2), numbers)).checked()
    looks = {
        (n % len(figure.layout.colorway), line.line.dash) for n, line in enumerate(figure.data)
    }
    assert len(looks) == len(numbers)


def test_it_is_said_which_rounds_the_graph_holds():
    assert held(LONG).details["held"] == "1–50, 1,998–2,000"
    assert "all of them" in held(Rounds(1, 3, ((1, 3),))).template
    assert "no room" in held(Rounds(1, 3, ())).template
