"""Python's words in Chinese: `如果 x > 0:`, `否则:`, `返回 y`, `当 x < 3:`, `对于 i 在 range(3):`.

`in_english(source, line)` gives the word of a line, its place, what it means, and the whole text
with Python's words wherever such a word begins a line. Remarks stay, and so do lines with texts
in quotes.
"""

from __future__ import annotations

import re
from typing import Final

MOST_LINES: Final = 2_000
LONGEST: Final = 400
"""Characters of a line that is looked at."""

_BLOCKS: Final = (
    ("elif", "否则如果|否则若|不然如果|又如果"),
    ("if", "如果|若是|若|假如"),
    ("else", "否则|不然"),
    ("while", "当"),
    ("def", "定义函数|定义|函数"),
)
_LINES: Final = (
    ("return", "返回"),
    ("break", "跳出循环|跳出"),
    ("continue", "继续"),
    ("pass", "跳过"),
)
_HEAD: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:"
    + "|".join(f"(?P<{meant}>{words})" for meant, words in _BLOCKS)
    + r")(?P<rest>.*)(?P<colon>[:：][^:：]*)"
)
_POWERS: Final = {"平方": "2", "二次方": "2", "立方": "3", "三次方": "3"}
_POWER: Final = re.compile(r"\b([a-zA-Z]) ?的 ?(平方|二次方|立方|三次方)")
_LOOP: Final = re.compile(
    r"(?P<indent>[ \t]*)(?P<for>对于每个|对于|对)[ \t]*(?P<name>[a-zA-Z]\w{0,40})[ \t]*(?:在|属于)"
    r"(?P<rest>.*)(?P<colon>[:：][^:：]*)"
)
_LINE: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:"
    + "|".join(f"(?P<{meant}_>{words})" for meant, words in _LINES)
    + r")(?P<rest>(?:[ \t]+(?!=(?!=)).*|(?=[\w(-])[^=]*)?)"
)
_WITHIN: Final = tuple(
    (re.compile(rf"(?<![^\s()\[\],，（）])(?:{words})(?![^\s()\[\],，（）:：])"), meant)
    for words, meant in (
        ("并且|而且|且|与", "and"), ("或者|或", "or"), ("非", "not"),
        ("真", "True"), ("假", "False"), ("空", "None"),
    )
)  # fmt: skip


def in_english(source: str, line: int) -> tuple[int, str, str, str] | None:
    """The column of the word of a line, the word, Python's, and the whole text with Python's
    words; `None` where none begins the line.
    """
    lines = source.split("\n")
    if len(lines) > MOST_LINES or (here := _meant(lines[line - 1])) is None:
        return None
    meant = [found[3] if (found := _meant(each)) is not None else each for each in lines]
    return here[0], here[1], here[2], "\n".join(meant)


def _meant(line: str) -> tuple[int, str, str, str] | None:
    """The place of a line's word, the word, Python's, and the line with it."""
    code = line.partition("#")[0].rstrip()
    if len(line) > LONGEST or _QUOTED.search(code):
        return None
    if found := _LOOP.fullmatch(code):
        word = found["for"]
        rest = _said(found["rest"].strip().rstrip(_LAST))
        text = f"for {found['name']} in {rest}{found['colon']}"
        return found.start("for"), word, "for", found["indent"] + text + line[len(code) :]
    found = _HEAD.fullmatch(code) or _LINE.fullmatch(code)
    if found is None or _SPOKEN.search(found["rest"]):
        return None
    name = next(key for key, text in found.groupdict().items() if text and key not in _PARTS)
    meant = name.rstrip("_")
    rest = _said(found["rest"].strip().removesuffix("的时候").rstrip(_LAST))
    text = f"{meant} {rest}".rstrip() + (found.groupdict().get("colon") or "")
    whole = found["indent"] + text + line[len(code) :]
    return found.start(name), found[name], meant, whole


_QUOTED: Final = re.compile("[\"'“”‘’]")
_SPOKEN: Final = re.compile("[，。？！；、]")
"""What stands in sentences, and in no condition."""
_LAST: Final = "时中里 \t"
"""What stands behind a condition or a list in Chinese, and means nothing more."""
_PARTS: Final = frozenset({"indent", "rest", "colon"})


def _said(text: str) -> str:
    """A condition with Python's words between what it compares."""
    text = _POWER.sub(lambda found: f"{found[1]}**{_POWERS[found[2]]}", text)
    for word, meant in _WITHIN:
        text = word.sub(meant, text)
    return text
