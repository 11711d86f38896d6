"""Which powers are written with their exponent, and of what."""

from viz import trace
from viz.drawing import Display, fold
from viz.drawing.picture.cards import operation_text

POWERS = [
    (lambda x: x**2, ["x²"]),
    (lambda y: y**-3 * y, ["y⁻³"]),
    (lambda x, y: x + y**2, ["y²"]),
    (lambda x: (x + 1) ** 2, ["( )²"]),
    (lambda weight_of_all: weight_of_all**2, ["( )²"]),
    (lambda x: (x**2) ** 3, ["x²", "( )³"]),
    (lambda x: x**0.5, ["pow"]),
    (lambda x: 2**x, ["pow"]),
    (lambda x: x**x, ["pow"]),
]


def test_only_a_fixed_exponent_is_written_and_what_it_raises() -> None:
    for function, said in POWERS:
        run = trace(function, *[-2.0] * function.__code__.co_argcount, partial=True)
        cards = [node for node in fold(run).nodes if node.shown.op.startswith("Pow")]
        assert [operation_text(card, Display()) for card in cards] == said
