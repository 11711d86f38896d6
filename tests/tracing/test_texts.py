"""Texts of typed code in records: whole characters, the same in every run, never an error."""

import pytest

from viz import curve, trace
from viz.tracing.texts import own_words, readable


class Silent(Exception):
    """An exception whose text cannot be made."""

    def __str__(self) -> str:
        raise KeyError("no words")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("plain"), "plain"),
        (ValueError(), ""),
        (ValueError("half \ud800"), "half ?"),
        (ValueError("<function f at 0x7f3be94cf060> is none"), "<function f> is none"),
        (ValueError("<function <lambda> at 0x7fb1553d9ee0>"), "<function <lambda>>"),
        (
            ValueError("<generator object <genexpr> at 0x7fb1551a4e10>"),
            "<generator object <genexpr>>",
        ),
        (
            ValueError("of the numbers <list_iterator object at 0x7fb1551a4e10>"),
            "of the numbers <list_iterator object",
        ),
        (ValueError(10**5000), "(ValueError while its message was made)"),
        (KeyError([10**5000]), "(ValueError while its message was made)"),
        (Silent(), "(KeyError while its message was made)"),
        (ValueError("x" * 100), "x" * 50),
    ],
)
def test_an_exceptions_words(error, expected):
    assert own_words(error, 50) == expected


def test_a_number_in_a_text_is_no_address():
    assert readable("look at 0x7f3be94cf060") == "look at 0x7f3be94cf060"


def fails(x):
    raise ValueError(10**5000, x)


def test_a_run_and_a_curve_that_fail_without_words_say_so():
    for failure in (
        trace(fails, 1.0, partial=True).failure,
        curve(fails, 0, 1, partial=True).failure,
    ):
        assert failure.type == "ValueError"
        assert failure.message == "(ValueError while its message was made)"


def test_the_frames_of_a_traceback_are_those_of_the_program():
    text = (
        "Traceback of forward call:\n"
        '  File "<string>", line 1, in <module>\n'
        '  File "/srv/explorer/viz/tracing/scripts.py", line 51, in _run_cells\n'
        '  File "<program>", line 3, in <module>\n'
        '  File "C:\\explorer\\torch\\functional.py", line 9, in norm'
    )
    assert readable(text) == (
        'Traceback of forward call:\n  File "<program>", line 3, in <module>\n'
    )


def test_lines_that_a_traceback_quotes_are_those_of_the_program():
    """From Python 3.13 on, of what `python -c` was given too, and with marks below."""
    text = (
        "Traceback of forward call:\n"
        '  File "<string>", line 1, in <module>\n'
        "    import json, sys; main(sys.argv[1])\n"
        "    ~~~~^^^^^^^^^^^^^\n"
        '  File "<program>", line 3, in <module>\n'
        "    y = x.sqrt()\n"
        '  File "/srv/torch/functional.py", line 9, in norm\n'
        "    return norm(x)\n"
        "(Triggered above)"
    )
    assert readable(text) == (
        'Traceback of forward call:\n  File "<program>", line 3, in <module>\n'
        "    y = x.sqrt()\n(Triggered above)"
    )


def test_words_that_never_end_do_not_take_the_record_along():
    from viz import Sandbox
    from viz.sandbox.server.limits import Limits

    source = (
        "class A:\n    def __repr__(self):\n        while True: pass\n"
        "y = torch.ones(2, requires_grad=True)\nz = (y * 2).sum()\nz.backward()\n"
        "raise ValueError(A())"
    )
    with Sandbox(limits=Limits(scripts=1.0)) as sandbox:
        run = sandbox.trace(source)
    assert run.failure.type == "ValueError"
    assert run.failure.message == "(TimeIsUp while its message was made)"
    assert run.gradients["y"].values == (2.0, 2.0)
