"""The parser's complaints in the explorer's words: where, what is wrong, and what mends it.

`mended(source, error)` gives the `Problem` of a `SyntaxError`: the parser's own message, the
place in characters, a remedy from a table by message, and a replacement where one is certain.
"""

from __future__ import annotations

import ast
import re
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.notation.foreign import foreign
from viz.program.notation.languages import LANGUAGE_REMEDIES, language_of
from viz.program.notation.notation import defined, of_paper, rewritten
from viz.program.slips import closing
from viz.program.slips.chinese import in_english
from viz.program.slips.equations import equation
from viz.program.slips.heads import head
from viz.program.slips.reserved import renamed
from viz.program.slips.sentences import is_sentence, is_traceback
from viz.program.slips.spelling import misspelt
from viz.records import MAX_TYPED, Problem, Span
from viz.trees import parse

LONG: Final = 4_000
"""Characters of a text in which a mistyped word is looked for."""
REPLACED_CHARACTERS: Final = {
    **dict(zip("，。；：（）［］｛｝＝＋－", ",.;:()[]{}=+-", strict=True)),
    **dict(zip("＊／＜＞！＂＇％＾", "*/<>!\"'%^", strict=True)),
    **dict(zip("×·⋅∗∙•・÷∕⁄−–—‘’“”≤≥≠²³√∞\u00a0\u3000\u202f", [
        *"*******", "/", "/", "/", "-", "-", "-", "'", "'", '"', '"', "<=", ">=", "!=", "**2",
        "**3", "sqrt", "inf", " ", " ", " ",
    ], strict=True)),
    **dict(zip("½¼¾⅓⅔⅛", ["(1/2)", "(1/4)", "(3/4)", "(1/3)", "(2/3)", "(1/8)"], strict=True)),
    "\u200b": "", "\ufeff": "",
}  # fmt: skip
"""Characters of keyboards, books and web pages, and what Python has for them."""

_REMEDIES: Final[tuple[tuple[str, str], ...]] = (
    (r"was never closed", N_("Close it where the bracket ends.")),
    (r"unindent|inconsistent use of tabs", N_("Indent every line of a block by the same spaces.")),
    (r"unmatched|does not match", N_("Take the bracket away, or open it where it belongs.")),
    (
        r"unterminated (triple-quoted )?(f-)?string",
        N_("End the text with the quote that begins it."),
    ),
    (r"expected ':'", N_("End the line with a colon.")),
    (r"expected an indented block", N_("Indent the lines that belong to it by four spaces.")),
    (r"unexpected indent", N_("Take away the spaces at the beginning of the line.")),
    (r"invalid decimal literal", N_("Write the multiplication: 2*x instead of 2x.")),
    (r"leading zeros in decimal", N_("Write the number without zeros in front.")),
    (r"Maybe you meant '=='", N_("To compare write ==; a value is given on a line of its own.")),
    (r"forgot a comma", N_("Put a comma or an operator such as * between the two.")),
    (r"Missing parentheses in call to 'print'", N_("Write print(…) with parentheses.")),
    (r"cannot assign to function call", N_("To define a function write def f(x): return …")),
    (r"cannot (assign to|delete)", N_("The left side of = must be a name, such as y = …")),
    (r"invalid non-printable|invalid character", N_("Type the character again from the keyboard.")),
    (r"Exceeds the limit", N_("Write the number as a power, such as 1e300.")),
    (r"unexpected EOF|was never|EOF", N_("Finish the line.")),
    (r"expected 'else' after 'if'", N_("Say what it is otherwise: x**2 if x > 0 else 0.")),
    (r"positional argument follows", N_("Put the arguments with a name last.")),
    (r"non-default argument follows", N_("Put the parameters with a default value last.")),
)
FALLBACK: Final = N_("Check this place against Python's rules: a typical line is y = sin(x)*x**2")


def mended(source: str, error: SyntaxError) -> Problem:
    """What the parser found wrong, with a remedy."""
    lines = source.split("\n")
    span = _span(lines, error)
    line = lines[span.line - 1] if span else ""
    return (
        _mistyped(source, span, error)
        or _reserved(source, span)
        or _in_chinese(source, span)
        or _in_words(line, span)
        or _odd_character(line, span, str(error.msg))
        or _asynchronous(line, span)
        or _of_the_shell(line, span)
        or defined(line, span)
        or _of_head(line, span)
        or foreign(line, span, str(error.msg))
        or rewritten(line, span, str(error.msg))
        or _printed(line, span, str(error.msg))
        or _with_mend(lines, _by_table(str(error.msg), span, source))
    )


def _mistyped(source: str, span: Span | None, error: SyntaxError) -> Problem | None:
    """`retrun x`, `improt torch`."""
    if span is None or len(source) > LONG:
        return None
    stopped = (error.lineno or span.line, error.offset or 1)
    found = misspelt(source, span.line, stopped)
    if found is None:
        return None
    column, word, meant = found
    answer = problem(
        MISTYPED,
        N_("Write {meant} in its place."),
        span=Span.in_line(span.line, column, column + len(word)),
        found=word,
        meant=meant,
    )
    return msgspec.structs.replace(answer, replacement=meant)


def _reserved(source: str, span: Span | None) -> Problem | None:
    """`lambda = 0.1`: another name, wherever it stands."""
    if span is None or (found := renamed(source, span.line)) is None:
        return None
    word, column, meant = found
    answer = problem(
        N_("{word} is a word of Python's own and cannot be a name."),
        N_("Write {meant} wherever it is meant."),
        span=Span.in_line(span.line, column, column + len(word)),
        word=word,
        meant=f"{word}_",
    )
    return msgspec.structs.replace(answer, mended=meant)


def _in_chinese(source: str, span: Span | None) -> Problem | None:
    """`如果 x > 0:`: Python's words, wherever such a word begins a line."""
    if span is None or (found := in_english(source, span.line)) is None:
        return None
    column, word, meant, whole = found
    answer = problem(
        N_("Python's words are English ones: {word} is no word of its own."),
        N_("Write {meant} in its place."),
        span=Span.in_line(span.line, column, column + len(word)),
        word=word,
        meant=meant,
    )
    return msgspec.structs.replace(answer, mended=whole)


def _in_words(line: str, span: Span | None) -> Problem | None:
    """A question in words, or what Python said of an error: no code at all."""
    if span is None:
        return None
    place = Span.in_line(span.line, len(line) - len(line.lstrip()), len(line))
    if is_traceback(line):
        return problem(
            N_("This is what Python said of an error, and no program."),
            N_("Paste the code in which it happened: what helps is told beside its place."),
            span=place,
        )
    if not is_sentence(line):
        return None
    return problem(
        N_("This is written in words, and only Python is read here."),
        N_("Type the function alone, such as sin(x)*x**2, or a program; put # before a remark."),
        span=place,
    )


def _span(lines: list[str], error: SyntaxError) -> Span | None:
    """Where the parser stopped, within the text."""
    if error.lineno is None:
        return None
    line = min(max(error.lineno, 1), len(lines))
    if error.lineno > len(lines):
        return Span.in_line(line, len(lines[-1]), len(lines[-1]))
    column = min(max((error.offset or 1) - 1, 0), len(lines[line - 1]))
    end_line, end_offset = error.end_lineno or line, error.end_offset or 0
    if end_line == line and column < end_offset - 1 <= len(lines[line - 1]):
        return Span.in_line(line, column, end_offset - 1)
    return Span.in_line(line, column, min(column + 1, len(lines[line - 1])))


def _by_table(message: str, span: Span | None, source: str = "") -> Problem:
    remedy = next((text for found, text in _REMEDIES if re.search(found, message)), FALLBACK)
    if remedy == FALLBACK and (language := language_of(source)) is not None:
        return problem(
            N_("This is written in {language}, and only Python is read here."),
            LANGUAGE_REMEDIES[language],
            span=span,
            language=language,
        )
    return problem(
        N_("Python cannot read this: {reason}."),
        remedy,
        span=span,
        reason=message[:300].rstrip("?."),
    )


def _printed(line: str, span: Span | None, message: str) -> Problem | None:
    """`print x` of Python 2, with its parentheses; behind a comma the line goes on."""
    if span is None or not message.startswith("Missing parentheses in call to 'print'"):
        return None
    found = _OF_PYTHON_2.match(line, span.column)
    if found is None:
        return None
    goes_on = ', end=" "' if found[2] else ""
    place = Span.in_line(span.line, span.column, found.end())
    return msgspec.structs.replace(
        _by_table(message, place), replacement=f"print({found[1]}{goes_on})"
    )


MISTYPED: Final = N_("{found} is a word of Python's mistyped.")
UNINDENTED: Final = ("expected an indented block", "unindent does not match", "unexpected indent")
NO_BRACKETS: Final = "Missing parentheses in call to 'print'"
TABS: Final = "inconsistent use of tabs"
"""What the parser says of what is wrong in many lines at once."""


def with_brackets(source: str) -> str | None:
    """The text with brackets for each `print x` that begins a line outside of long texts."""
    lines = source.split("\n")
    inside = False
    for number, line in enumerate(lines):
        start = len(line) - len(line.lstrip())
        if not inside and (found := _OF_PYTHON_2.match(line, start)):
            goes_on = ', end=" "' if found[2] else ""
            lines[number] = f"{line[:start]}print({found[1]}{goes_on}){line[found.end() :]}"
        inside ^= (line.count('"""') + line.count("'''")) % 2 == 1
    meant = "\n".join(lines)
    return meant if meant != source else None


def with_blanks(source: str) -> str | None:
    """The text with blanks for the tabs that its lines begin with, if only one reading is possible:
    a tab goes on to the next eighth column to Python, and to the next fourth in many editors.
    """
    trees = {}
    for width in (8, 4):
        text = _expanded(source, width)
        try:
            trees[text] = ast.dump(parse(with_brackets(text) or text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return next(iter(trees)) if len({*trees.values()}) == 1 else None


def _expanded(source: str, width: int) -> str:
    return re.sub(r"^[ \t]+", lambda found: found[0].expandtabs(width), source, flags=re.MULTILINE)


def _of_head(line: str, span: Span | None) -> Problem | None:
    """`return: x`, `def f x:`, `if x => 0:`, `x^2 + y^2 = 1`."""
    if span is None or (found := head(line) or equation(line)) is None:
        return None
    place = Span.in_line(span.line, found.start, found.end)
    answer = problem(
        found.message, N_("Write {meant} in its place."), span=place, meant=found.meant.strip()
    )
    return msgspec.structs.replace(answer, replacement=found.meant)


def _asynchronous(line: str, span: Span | None) -> Problem | None:
    """`x.cuda(async=True)`, as torch wrote it before `async` became a word of Python's."""
    found = None if span is None else _ASYNC.search(line)
    if span is None or found is None:
        return None
    answer = problem(
        N_("async is a word of Python's own, and no argument's name any more."),
        N_("Write {meant} in its place."),
        span=Span.in_line(span.line, found.start(1), found.end(1)),
        meant="non_blocking",
    )
    return msgspec.structs.replace(answer, replacement="non_blocking")


_ASYNC: Final = re.compile(r"[(,]\s{0,9}(async)\s{0,9}=(?!=)")


def _of_the_shell(line: str, span: Span | None) -> Problem | None:
    """`files = !ls`: what a notebook has another program say."""
    found = None if span is None else _OF_SHELL.match(line)
    if span is None or found is None:
        return None
    answer = problem(
        N_("There is no shell here that could run {command}."),
        N_("Give {name} its value in the program itself: what was said, a line each."),
        span=Span.in_line(span.line, found.start(2), len(line)),
        command=found[2][:300],
        name=found[1],
    )
    return msgspec.structs.replace(answer, replacement="[]" if "," not in found[1] else None)


_OF_SHELL: Final = re.compile(r"[ \t]{0,40}([\w, ]{1,80}?)[ \t]{0,9}=[ \t]{0,9}([!%][^\s=].*)")
_OF_PYTHON_2: Final = re.compile(
    r"print[ \t]+((?!>>)[^#;]*[^#;, \t])(?:[ \t]*(,))?(?=[ \t]*(?:[#;]|$))"
)


def _odd_character(line: str, span: Span | None, message: str) -> Problem | None:
    """`，` for a comma, `×` for a product, a space that only looks like one."""
    if span is None or not re.match("invalid (non-printable )?character", message):
        return None
    found = line[span.column : span.column + 1]
    if (remedy := of_paper(found)) is not None:
        return problem(
            N_("Python does not know the character {found} (U+{code})."),
            remedy,
            span=Span.in_line(span.line, span.column, span.column + 1),
            found=found,
            code=f"{ord(found):04X}",
        )
    if found not in REPLACED_CHARACTERS or not found:
        return None
    meant = REPLACED_CHARACTERS[found]
    if found == "√":
        return problem(
            N_("Python does not know the character {found} (U+{code})."),
            N_("Write sqrt(…) and put into the brackets what the root is taken of."),
            span=Span.in_line(span.line, span.column, span.column + 1),
            found=found,
            code=f"{ord(found):04X}",
        )
    answer = problem(
        N_("Python does not know the character {found} (U+{code})."),
        N_("Write {meant} in its place."),
        span=Span.in_line(span.line, span.column, span.column + 1),
        found=found,
        code=f"{ord(found):04X}",
        meant=meant.strip() or N_("a plain space"),
    )
    return msgspec.structs.replace(answer, replacement=meant)


def _with_mend(lines: list[str], found: Problem) -> Problem:
    """The problem with its mend, where only one reading is possible."""
    reason, span = found.message.details.get("reason", ""), found.span
    if span is None:
        return found
    line = lines[span.line - 1]
    meant: str | None = None
    if reason == "expected ':'" and not line[span.column :].strip():
        meant = ":"
    elif reason.endswith("was never closed") and _is_last(lines, span):
        meant = _closed(line[span.column :])
        span = Span.in_line(span.line, span.column, len(line))
    elif reason.endswith("was never closed"):
        ended = closing.ended_by_a_line(lines, span.line, span.column)
        if ended is not None:
            span = Span(span.line, span.column, ended[0], len(lines[ended[0] - 1]))
            meant = ended[1]
    elif rebuilt := _rebalanced(line, span, reason):
        both = enumerate(zip(line[: span.column], rebuilt, strict=False))
        start = next((at for at, (sign, other) in both if sign != other), span.column)
        meant = rebuilt[start:]
        span = Span.in_line(span.line, start, len(line))
    elif "forgot a comma" in reason and (listed := closing.with_commas(lines, span.line)):
        last, meant = listed
        span = Span(span.line, 0, last, len(lines[last - 1]))
    elif reason.startswith("expected an indented block after function definition"):
        span = Span(span.line, 0, len(lines), len(lines[-1]))
        meant = _indented(lines[span.line - 1 :])
    if meant is None or len(meant) > MAX_TYPED:
        return found
    return msgspec.structs.replace(found, span=span, replacement=meant)


def _is_last(lines: list[str], span: Span) -> bool:
    """Whether nothing stands below a bracket, but for the end of a list within another bracket."""
    listed = lines[span.line - 1][span.column : span.column + 1] == "["
    return not listed and not any(map(str.strip, lines[span.line :]))


def _rebalanced(line: str, span: Span, reason: str) -> str | None:
    """The line with its brackets and quotes closed as they were opened."""
    if "does not match opening" in reason:
        return closing.other_closing(line, span.column)
    if reason.startswith("unmatched"):
        few = closing.one_too_many(line, span.column)
        return few or closing.closed_early(line, span.column)
    if reason.startswith("unterminated string"):
        return closing.unended(line, span.column)
    return None


def _closed(text: str) -> str | None:
    """`(x` closed: of one thing alone nobody would close it before its end."""
    inside = text[1:].strip()
    if len(text) > MAX_TYPED or "#" in inside or text[:1] not in _CLOSING:
        return None
    try:
        body = parse(inside).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    match body:
        case [
            ast.Expr(value=ast.Name() | ast.Constant() | ast.Call() | ast.List() | ast.Attribute())
        ]:
            return f"{text.rstrip()}{_CLOSING[text[0]]}"
        case _:
            return None


_CLOSING: Final = {"(": ")", "[": "]"}


def _indented(lines: list[str]) -> str | None:
    """The lines as a function's body: they end in its `return`, and nothing else begins there."""
    starts = [line.split(None, 1)[0] for line in lines if line.strip()]
    if not starts or len(lines) > MOST_INDENTED or not starts[-1].startswith("return"):
        return None
    if {"def", "class", "import", "from"} & set(starts) or starts.count("return") > 1:
        return None
    return "\n".join(f"    {line}" if line.strip() else line for line in lines)


MOST_INDENTED: Final = 40
"""Lines that are looked at as one function's."""
