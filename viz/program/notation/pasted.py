"""The code in a text that was copied with what stands around it: prompts, outputs, fences.

`only_code(source)` gives a text of as many lines, in which every piece of code keeps its line and
column: what is no code becomes blanks, `%time` in front of a statement becomes `if 1:`. A text
without such signs comes back as it is.

| written                                   | becomes                          |
|---|---|
| blanks that only look like blanks         | blanks                           |
| `Copy code`, `python` on top              | blanks                           |
| `>>> x = 1`, `>>>y`, `... y`, `In [3]: x` | the code, indented as it stands  |
| `In [3]:` alone, the code below it        | the code, without what it showed |
| `Out[3]: …` and what follows a prompt     | blanks                           |
| what stands before the next `In [4]:`     | `# %%`: a cell of its own        |
| lines outside of ``` fences               | blanks                           |
| a notebook's file, a diff, a page of docs | its code (`documents`)           |
| `%matplotlib inline`, `!pip …`, `x?`      | blanks                           |
| `%%bash` and the cell below it            | blanks                           |
| sentences around code, a traceback        | blanks                           |
| `%time y = f(x)`, `%timeit -n 9 f(x)`     | the statement                    |
| `1 x = 2`, `2`, `3 y = x`: lines' numbers | the code, indented as it stands  |
"""

from __future__ import annotations

import itertools
import re
import textwrap
from typing import Final

from viz.program.notation.brackets import too_deep
from viz.program.notation.documents import MARK, is_notebook_file, of_document
from viz.program.notation.shown import ShownBelow, only_values
from viz.program.slips.sentences import without_captions, without_prose, without_words
from viz.trees import indent_of, parse

_PROMPT: Final = re.compile(
    r"[ \t]{0,40}(?:In \[(?:[\d ]{0,5}|None)\]: ?|\.\.\.: ?|>>> ?|\.\.\.(?: |$))"
)
_STARTS: Final = re.compile(r"[ \t]{0,40}(?:>>>|In \[(?:[\d ]{0,5}|None)\]:)")
_CELL: Final = re.compile(r"[ \t]{0,40}In ?\[(?:[\d *]{0,5}|None)\]:")
_SHOWN: Final = re.compile(r"[ \t]{0,40}Out ?\[[\d ]{0,5}\]:")
_ALONE: Final = re.compile(r"\s*(?:In ?\[(?:[\d *]{0,5}|None)\]:|>>>|\.\.\.|# ?%%.*|\.\.\.:)\s*$")
MOST_CELLS: Final = 100
_FENCE: Final = re.compile(r"[ \t]{0,40}(?:`{3,9}|~{3,9})[\w{}. +-]{0,40}$")
_TIMED: Final = re.compile(
    r"[ \t]{0,40}(%{1,2}(?:time|timeit|prun))(?:[ \t]+-[A-Za-z]{1,9}[ \t]{0,3}\d{0,9})*"
    r"[ \t]+(?=[^\s-])"
)
_COMMAND: Final = re.compile(
    r"[ \t]{0,40}(?:%{1,2}[A-Za-z]\w*(?:[ \t].*)?|!.*|\?{1,2}[\w.]{1,80}|[\w.*]{1,80}\?{1,2}"
    r"|(?:pip3?|conda) install [^()=]{0,400})$"
)


def only_code(source: str) -> str:
    """The text with nothing but its code, each piece where it stood."""
    lines = _without_labels(_with_plain_blanks(source).split("\n"))
    lines = _without_numbers(_without_other_languages(lines))
    document = of_document(lines)
    if document is not None:
        lines = document
    if any(_FENCE.match(line) for line in lines):
        prompted = any(_CELL.fullmatch(line.rstrip()) for line in lines)
        lines = _without_fences(lines) if prompted else _within_fences(lines)
    first = next((line for line in lines if line.strip()), "")
    if _STARTS.match(first) or _is_told_between(lines) or _begins_within(lines):
        lines = _behind_prompts(lines)
    code = _with_bodies(lines, list(map(_without_command, lines)))
    return "\n".join(_beside_words(code) or code)


def _with_plain_blanks(source: str) -> str:
    """A text of several lines, which Python cannot read as it stands, with plain blanks in place of
    those that pages and documents have, and without characters that nobody sees.
    """
    if source.isascii() or "\n" not in source.strip() or not _LIKE_BLANK.search(source):
        return source
    if too_deep(source) is not None or _reads(source) is not None:
        return source  # they stand in texts and remarks alone
    return source.translate(_BLANKS)


_BLANKS: Final = str.maketrans(
    dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f", " ")
    | dict.fromkeys("\u200b\u200c\u200d\u200e\u2060\ufeff", "")
)
_LIKE_BLANK: Final = re.compile(f"[{''.join(map(chr, _BLANKS))}]")


def _without_labels(lines: list[str]) -> list[str]:
    """The lines without what a page's box of code says above it: its language, and its button."""
    above = list(itertools.takewhile(lambda each: _is_label(lines[each]), range(len(lines))))
    if not any(lines[each].strip() for each in above) or len(above) == len(lines):
        return lines
    rest = _IN_TEXTS.sub("", "\n".join(lines[len(above) :]))
    known = (line.strip() for line in lines[: len(above)])
    if any(word.isidentifier() and re.search(rf"\b{word}\b", rest) for word in known):
        return lines
    return [""] * len(above) + lines[len(above) :]


def _is_label(line: str) -> bool:
    return not line.strip() or _LABEL.fullmatch(line.strip()) is not None


_IN_TEXTS: Final = re.compile(r"#.*|\"[^\"\n]*\"|'[^'\n]*'")
_LABEL: Final = re.compile(
    r"(?:[Pp]ython3?|py|Copied!?|代码"
    r"|(?:[Pp]ython3? ?)?(?:Copy(?: code)?|复制(?:代码)?|複製(?:程式碼)?))"
)


def _beside_words(lines: list[str]) -> list[str] | None:
    """The code between sentences and tracebacks, if Python reads what is left."""
    text = "\n".join(lines)
    if too_deep(text) is not None:
        return None
    ways = (without_words, without_prose) if _reads(text) is None else (without_captions,)
    for way in ways:
        rest = way(lines)
        if rest is None or too_deep("\n".join(rest)) is not None:
            continue
        if _reads("\n".join(rest)):
            return _without_shown(lines, without_captions(rest) or rest)
    return None


def _without_shown(lines: list[str], rest: list[str]) -> list[str]:
    """The code without the values that stand right below words: what it has printed."""
    found, below = list(rest), False
    for number, line in enumerate(lines):
        if line.strip() and not rest[number].strip():
            below = True
            continue
        if below and line.strip() and any(each.strip() for each in found[:number]):
            end = next((n for n in range(number, len(rest)) if not rest[n].strip()), len(rest))
            if only_values(rest[number:end]):
                found[number:end] = [""] * (end - number)
        below = below and not line.strip()
    return found if any(map(str.strip, found)) else rest


def _reads(text: str) -> bool | None:
    """Whether Python finds something in a text; `None` if it cannot read it."""
    try:
        return bool(parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def passed_over(source: str, code: str) -> list[int]:
    """The lines of a text that its code lacks, counted from 1; prompts alone are no loss."""
    pairs = zip(source.split("\n"), code.split("\n"), strict=True)
    return [
        number
        for number, (line, kept) in enumerate(pairs, 1)
        if line.strip() not in ("", kept.strip())
        and kept.strip() in ("", MARK, "pass")
        and not _ALONE.match(line)
    ]


def has_captions(source: str) -> bool:
    """Whether words that Python takes for names stand alone above code or below it: `输出`, or
    `python` on top.
    """
    lines = source.split("\n")
    if not source.isascii() and without_captions(lines) is not None:
        return True
    return _LABEL.match(source.lstrip()) is not None and _without_labels(lines) is not lines


def is_of_a_notebook(source: str) -> bool:
    """Whether the text begins with a notebook's own prompt, `In [1]:`, or is its file."""
    return is_notebook_file(source) or re.match(r"\s{0,80}In \[[\d ]{1,5}\]: ?", source) is not None


_PROMPTED: Final = re.compile(r"[ \t]{0,40}>>> ?\S")
_OTHER_CELL: Final = re.compile(
    r"[ \t]{0,40}%%(?:bash|sh|script|html|HTML|javascript|js|latex|markdown|svg|SVG|perl|ruby|R"
    r"|cmd|writefile|file)\b"
)
_NEXT_CELL: Final = re.compile(r"[ \t]{0,40}(?:# ?%%|# ?In ?\[|In ?\[[\d *]{0,5}\]:|```|~~~)")


def _is_told_between(lines: list[str]) -> bool:
    """Whether prompts stand among words that are no Python: `It works:`, `>>> x = 1`."""
    if not any(_PROMPTED.match(line) for line in _outside_of_texts(lines)):
        return False
    text = "\n".join(_with_bodies(lines, list(map(_without_command, lines))))
    return too_deep(text) is None and _reads(text) is None


def _outside_of_texts(lines: list[str]) -> list[str]:
    """The lines that begin in no text of several lines: a docstring's prompts are its own."""
    found, quotes = [], ""
    for line in lines:
        if not quotes:
            found.append(line)
        for each in _QUOTES.findall(line.partition("#")[0] if not quotes else line):
            quotes = "" if each == quotes else quotes or each
    return found


_QUOTES: Final = re.compile(r'"{3}|\'{3}')


def _begins_within(lines: list[str]) -> bool:
    """Whether the first of a notebook's cells has lost its prompt, and others have theirs."""
    if not any(_CELL.fullmatch(line.rstrip()) for line in lines):
        return False
    text = "\n".join(lines)
    return too_deep(text) is None and _reads(text) is None


def _without_other_languages(lines: list[str]) -> list[str]:
    """The lines without cells that a notebook hands to another program: `%%bash`, `%%html`."""
    found, other = [], False
    for line in lines:
        other = (other and not _NEXT_CELL.match(line)) or _OTHER_CELL.match(line) is not None
        found.append("" if other else line)
    return found


def _without_numbers(lines: list[str]) -> list[str]:
    """The lines without the numbers in front of them, if each that is not blank has the next."""
    written = [line for line in lines if line.strip()]
    numbered = [found for line in written if (found := _NUMBERED.match(line))]
    if len(numbered) < max(LEAST_NUMBERED, len(written)):
        return lines
    first = int(numbered[0][1])
    if [int(each[1]) for each in numbered] != [*range(first, first + len(numbered))]:
        return lines
    cut = [(line, found.end() if (found := _NUMBERED.match(line)) else 0) for line in lines]
    width = min((end for line, end in cut if line[end:].strip()), default=0)
    return [" " * width + line[end:] if line[end:].strip() else "" for line, end in cut]


LEAST_NUMBERED: Final = 3
_NUMBERED: Final = re.compile(r"[ \t]{0,40}(\d{1,5})(?:[.:|)]{0,2}[ \t]|[.:|)]{0,2}$)")
"""A line's number, with the one blank behind it."""


def _within_fences(lines: list[str]) -> list[str]:
    """What stands within fences, but for those of no code: ```text, and what the code has shown
    where other fences say that they are Python's.
    """
    found = [""] * len(lines)
    named = any(_NAMED.match(line) for line in lines)
    begun: int | None = None  # the line behind the fence that is open
    for number, line in enumerate([*lines, "```"]):
        if not _FENCE.match(line) and number < len(lines):
            continue
        if begun is None:
            begun = number + 1
            kept = _NO_CODE.match(line) is None
            told = named and not _NAMED.match(line)
        else:
            block = lines[begun:number]
            if kept and not (told and _is_shown(block)):
                found[begun:number] = block
            begun = None
    return found


def _is_shown(block: list[str]) -> bool:
    """Whether a fence of no name holds what code has shown: values, or nothing that is code."""
    return only_values(block) or _reads(textwrap.dedent("\n".join(block))) is None


def _without_fences(lines: list[str]) -> list[str]:
    """What stands outside of fences: beside a notebook's prompts they are part of its words."""
    found, inside = [], False
    for line in lines:
        fence = _FENCE.match(line) is not None
        inside ^= fence
        found.append("" if inside or fence else line)
    return found


_NAMED: Final = re.compile(
    r"[ \t]{0,40}(?:`{3,9}|~{3,9})[ \t]{0,9}(?:python3?|py|ipython3?)\b", re.I
)
_NO_CODE: Final = re.compile(
    r"[ \t]{0,40}(?:`{3,9}|~{3,9})[ \t]{0,9}(?:text|txt|bash|sh|shell|console|output|out|plaintext"
    r"|plain|latex|tex|math|json|yaml|html|mermaid|diff)\b"
)


def _behind_prompts(lines: list[str]) -> list[str]:
    """What follows the prompts, blanks in their place; the narrowest prompt tells how many."""
    below = _below_prompts(lines)
    cut = [(line, found.end() if (found := _PROMPT.match(line)) else len(line)) for line in lines]
    told = [end for line, end in cut if line[end:].strip()]
    width = min(told, default=0) if not below else 0
    code = [" " * width + line[end:] if line[end:].strip() else "" for line, end in cut]
    code = [below.get(number, line) for number, line in enumerate(code)]
    return _in_cells(lines, code)


def _below_prompts(lines: list[str]) -> dict[int, str]:
    """The code below each `In [1]:` that stands alone, by line; its first line is the prompt's."""
    found: dict[int, str] = {}
    reader = ShownBelow()
    starts = [number for number, line in enumerate(lines) if _CELL.match(line)]
    if starts and _CELL.fullmatch(lines[starts[0]].rstrip()):
        above = [*map(_without_command, lines[: starts[0]])]  # its own prompt is left behind
        if not any(map(_STARTS.match, above)) and not _is_prose(above):
            found |= dict(enumerate(above[: reader.code_of(above)]))
    for start, following in itertools.pairwise([*starts, len(lines)]):
        if lines[start].partition(":")[2].strip():
            continue  # the code stands behind it
        end = next(
            (each for each in range(start, following) if _SHOWN.match(lines[each])), following
        )
        code = [*map(_without_command, lines[start + 1 : end])]
        found |= dict(enumerate(_at_margin(code[: reader.code_of(code)]), start + 1))
    return found


def _is_prose(lines: list[str]) -> bool:
    """Whether lines begin with a sentence, behind headings: `# Autograd`, `A short tour of it.`"""
    told = (line for line in lines if line.strip() and not line.lstrip().startswith("#"))
    return _SENTENCE.match(next(told, "")) is not None


_SENTENCE: Final = re.compile(r"\s*[A-Z][\w'’-]*[,:;]?(?: [\w'’`-]+[,:;.]?){3}")


def _at_margin(cell: list[str]) -> list[str]:
    """A cell's lines without the blanks that its first one begins with, as a notebook runs it."""
    first = next((line for line in cell if line.strip()), "")
    lead = first[: len(first) - len(first.lstrip(" \t"))]
    return [line.removeprefix(lead) for line in cell]


def _in_cells(lines: list[str], code: list[str]) -> list[str]:
    """The code with a mark wherever the text had shown something, or another cell begins."""
    marked = list(code)
    before = 0  # the line behind the last code
    for number, line in enumerate(code):
        if not line.strip():
            continue
        between = [each for each in range(before, number) if lines[each].strip()]
        if _CELL.match(lines[number]) and before < number:
            between.append(number - 1)
        if between and before:
            marked[between[-1]] = MARK
        before = number + 1
    return marked if marked.count(MARK) < MOST_CELLS else code


def _with_bodies(lines: list[str], code: list[str]) -> list[str]:
    """The code with `pass` in the place of a command that was all that a block held."""
    found = list(code)
    opened = ""  # the last line of code, if it opens a block
    for number, (line, kept) in enumerate(zip(lines, code, strict=True)):
        if kept.strip() and not kept.lstrip().startswith("#"):
            opened = kept if kept.split("#")[0].rstrip().endswith(":") else ""
        elif opened and line.strip() and not kept and indent_of(line) > indent_of(opened):
            found[number] = " " * indent_of(line) + "pass"
            opened = ""
    return found


PYLAB: Final = "import numpy as np; from numpy import *"
"""What `%pylab` brings along beside `plt`."""


def _without_command(line: str) -> str:
    if line.lstrip().startswith("%pylab"):
        return PYLAB
    if timed := _TIMED.match(line):
        before, size = line[: timed.start(1)], timed.end() - timed.start(1)
        return f"{before}if 1:".ljust(len(before) + size) + line[timed.end() :]
    return "" if _COMMAND.match(line) else line
