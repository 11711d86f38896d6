"""Places in a source: columns in characters, what stands there, what stands there instead."""

import pytest

from viz.records import Span, characters

LINES = ["def f(损失):", "    y = 损失 * 2", "    return y"]


@pytest.mark.parametrize("line", LINES)
def test_a_column_in_bytes_is_turned_into_characters(line: str) -> None:
    for column in range(len(line) + 1):
        assert characters(line, len(line[:column].encode())) == column


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span.in_line(2, 8, 10), "损失"),
        (Span(2, 13, 3, 10), "2\n    return"),
        (Span(1, 0, 3, 12), "\n".join(LINES)),
        (Span.in_line(3, 4, 4), ""),
    ],
)
def test_what_stands_in_a_place_and_what_is_put_there(span: Span, text: str) -> None:
    source = "\n".join(LINES)
    assert span.text(LINES) == text
    assert span.replaced(LINES, text) == source
    at = sum(len(line) + 1 for line in LINES[: span.line - 1]) + span.column
    assert span.replaced(LINES, "?") == source[:at] + "?" + source[at + len(text) :]
