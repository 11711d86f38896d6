"""Names that are Python's own words: `lambda = 0.1`, `def f(x, in):`.

`renamed(source, line)` gives the word of a line and the text with another name for it wherever it
stands where only a name can.
"""

from __future__ import annotations

import io
import re
import tokenize
from contextlib import suppress
from typing import Final

from viz.program.allowlist.words import words
from viz.trees import parse

RESERVED: Final = frozenset(words("lambda in from class is as del pass with global assert"))
"""Words that people take as names for what they mean."""
MOST_STRAY: Final = 100
"""Signs that are no token, behind which a text is read no further."""
_BEFORE: Final = frozenset(words("( [ { , = + - * / @ ** // == != < > <= >= & | ^ ~ += -= *= /= :"))
_BEHIND: Final = frozenset(words(") ] } , = + - * / @ ** // == != < > <= >= & | ^ . += -= *= /="))
_WORDS_BEFORE: Final = frozenset(words("return in if and or not while elif else"))
_WORDS_BEHIND: Final = frozenset(words("if else and or for"))
_ENDS: Final = (tokenize.NEWLINE, tokenize.NL, tokenize.ENDMARKER, tokenize.COMMENT)
_STARTS: Final = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT)


def renamed(source: str, line: int) -> tuple[str, int, str] | None:
    """The word on a line (counted from 1) that stands as a name, its column, and the text with
    `lambda_` for `lambda`; `None` where there is none, or the line cannot be read then either.
    """
    if not RESERVED & {*re.findall(r"[a-z]+", source.split("\n")[line - 1])}:
        return None
    tokens = _tokens(source)
    names = [
        token
        for before, token, behind in zip([None, *tokens], tokens, tokens[1:], strict=False)
        if token.string in RESERVED and _is_named(before, behind)
    ]
    here = next((each for each in names if each.start[0] == line), None)
    if here is None or any(each.string == f"{here.string}_" for each in tokens):
        return None
    lines = source.split("\n")
    for token in reversed([each for each in names if each.string == here.string]):
        row, column = token.end
        lines[row - 1] = f"{lines[row - 1][:column]}_{lines[row - 1][column:]}"
    meant = "\n".join(lines)
    try:
        parse(meant)
    except SyntaxError as error:
        if (error.lineno or 0) <= line:
            return None  # what comes later is another mistake
    except (ValueError, RecursionError, MemoryError):
        return None
    return here.string, here.start[1], meant


def _tokens(source: str) -> list[tokenize.TokenInfo]:
    """The tokens of a text as far as it has any: behind each stray quote Python looks through the
    rest of the line, so that a text of nothing else takes seconds.
    """
    found: list[tokenize.TokenInfo] = []
    stray = 0
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            stray += token.type == tokenize.ERRORTOKEN
            if stray > MOST_STRAY:
                break
            found.append(token)
    return found


def _is_named(before: tokenize.TokenInfo | None, behind: tokenize.TokenInfo) -> bool:
    """Whether a word between these two stands where only a name can."""
    first = before is None or before.type in _STARTS
    if not first and not (before.string in _BEFORE or before.string in _WORDS_BEFORE):  # type: ignore[union-attr]
        return False
    if behind.type in _ENDS:
        return not first
    if first and behind.string in ("*", "(", "[", "-", "~"):
        return False
    return behind.string in _BEHIND or behind.string in _WORDS_BEHIND
