"""What people write on paper and Python does not read, with the text that mends it.

In a line at which the parser stopped, `defined(line, span)` recognises `f(x) = x^2`, `x -> x**2`,
`let y = 3`, `d/dx`; `rewritten(line, span, message)` `2x`, `sin x`, `x y`, `|x|`, a product without
its sign and an operator without its right side.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

from viz.errors import N_, problem
from viz.program.allowlist import allowed
from viz.program.allowlist.words import words
from viz.program.notation.bars import pairs, unbarred
from viz.program.slips.sentences import CHINESE
from viz.records import MAX_TYPED, Problem, Span
from viz.trees import parse

LONGEST: Final = 400
"""Characters of a line that is read as notation: what the patterns do grows with its square."""
_DEFINED = re.compile(
    r"[ \t]*(?:def[ \t]+)?(\w+)[ \t]*\(([\w, ]*)\)[ \t]*=(?!=)[ \t]*(\S.*?)[ \t]*"
)
_ARROW = re.compile(r"[ \t]*(?:(\w+)[ \t]*:)?[ \t]*(\w+)[ \t]*(?:->|=>|↦|→)[ \t]*(\S.*?)[ \t]*")
_IMPLICIT_PRODUCT = re.compile(r"(\d+(?:\.\d*)?(?:[eE]\d+)?)([^\W\d_]\w*)")
_DERIVATIVE = re.compile(
    r"[ \t]*(?:\w{1,20}[ \t]*=)?[ \t]*(d[ \t]?/[ \t]?d\w|∂\w?[ \t]?/[ \t]?∂\w|∂\w|∇\w?"
    r"|\\[dt]?frac\{(?:d|\\partial)\}\{(?:d|\\partial )\w\}"
    r"|(?:(?:[Tt]he )?(?:derivative|gradient) of|[Dd]ifferentiate)\b|求导数?)(?![\w/*+-])"
)
_WORD = re.compile(r"\w+")
_BARS = re.compile(r"\|([^|\n]+)\|")
_FACTOR = re.compile(r"[\w.]*\Z")
_BESIDE = re.compile(r"(?<=[\w)]) +abs\(")
_OPERATOR_LAST = re.compile(
    r"(\*\*|//|<<|>>|[<>=!]=|[-+*/%@<>=&|,.^]|\b(?:and|or|not|in|if|else|is|return))[ \t]*$"
)
NO_FACTORS: Final = frozenset(
    words(
        "if while for def return not and or in is else elif with del assert raise import from"
        " let const var local val function func fn fun elseif elsif end then do begin new using"
        " syms lim choose double int float long auto char void switch case public static final"
        " require Σ"
    )
)
"""Words that are no factors of a product: Python's and those of other languages."""


def rewritten(line: str, span: Span | None, message: str) -> Problem | None:
    """The problem with its replacement, `None` where the notation is none of these, or the line is
    too long to be one of a book's.
    """
    if span is None or len(line) > LONGEST:
        return None
    found = (
        _number_times(line, span, message)
        or _two_words(line, span, message)
        or _bars(line, span, message)
    )
    return found or _missing_side(line, span, message) or _two_operators(line, span, message)


def defined(line: str, span: Span | None) -> Problem | None:
    """The same of a derivative, of a name that is set, of a function that is defined."""
    if span is None or len(line) > LONGEST:
        return None
    return (
        _quotient(line, span)
        or _derivative(line, span)
        or _declared(line, span)
        or _definition(line, span)
    )


NOT_TYPED: Final = N_("The derivative is not typed: it is shown beside the function.")
WITHOUT: Final = N_("Type the function alone, without {found}.")


def _derivative(line: str, span: Span) -> Problem | None:
    """`d/dx x**2`, as the derivative is written on paper."""
    written = _DERIVATIVE.match(line)
    if written is None:
        return None
    found = problem(
        NOT_TYPED,
        WITHOUT,
        span=Span.in_line(span.line, written.start(1), written.end(1)),
        found=written[1],
    )
    behind = line[written.end(1) :]
    if "=" in line or not re.match(r"[ \t]*[(\[]?[ \t]*[\w(√|]", behind):
        return found
    end = len(line) - len(behind.lstrip())
    return msgspec.structs.replace(
        found, span=Span.in_line(span.line, written.start(1), end), replacement=""
    )


_QUOTIENT: Final = re.compile(
    r"[ \t]*(?P<name>d(?P<of>\w{1,20})[ ]?/[ ]?d(?P<by>\w{1,20}))[ \t]*=(?!=)"
)


def _quotient(line: str, span: Span) -> Problem | None:
    """`dy/dx = grad(y, x)`: a name is one word."""
    written = _QUOTIENT.match(line)
    if written is None or re.search(r"\bgrad\b|\.grad\b", line) is None:
        return None
    meant = f"d{written['of']}_d{written['by']}"
    found = problem(
        N_("{found} is a quotient to Python, and no name."),
        N_("Write {meant} in its place."),
        span=Span.in_line(span.line, *written.span("name")),
        found=written["name"],
        meant=meant,
    )
    return _mended(found, meant)


def _declared(line: str, span: Span) -> Problem | None:
    """`let y = 3;`, `const y = 3`, `var y = 3` of other languages."""
    written = _DECLARED.match(line)
    if written is None:
        return None
    found = problem(
        N_("Nothing stands before a name that is set by = in Python."),
        N_("Take {word} away."),
        span=Span.in_line(span.line, written.start(1), written.end()),
        word=written[1],
    )
    return _mended(found, "")


_DECLARED: Final = re.compile(
    r"\s{0,40}(let|const|var|local|val|auto|double|float|int|long)[ \t]+(?=[^\W\d]\w{0,40}[ \t]*=)"
)


def _mended(found: Problem, replacement: str) -> Problem:
    return msgspec.structs.replace(found, replacement=replacement[:MAX_TYPED])


def _definition(line: str, span: Span) -> Problem | None:
    """`f(x) = x**2` and `x -> x**2`, as they are written on paper."""
    if written := _DEFINED.fullmatch(line):
        name, parameters, body = written.groups()
        if is_set(name, parameters, body):
            return None
    elif written := _ARROW.fullmatch(line):
        name, parameters, body = written[1] or "f", written[2], written[3]
    else:
        return None
    meant = f"def {name}({parameters}): return {body.replace('^', '**')}"
    found = problem(
        N_("A function is not defined like this in Python."),
        N_("Write it as: {meant}") if _is_python(meant) else N_("Write def {name}(…): return …"),
        span=Span.in_line(span.line, 0, len(line)),
        meant=meant[:900],
        name=name[:100],
    )
    return _mended(found, meant)


def is_set(name: str, parameters: str, body: str) -> bool:
    """Whether torch's own function is no definition's head: `sin(x) = 0.5` is an equation."""
    given = words(parameters.replace(",", " "))
    return name in allowed.ELEMENTARY and not any(
        re.search(rf"\b{each}\b", body) for each in given[:9]
    )


def _is_python(text: str) -> bool:
    try:
        parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _number_times(line: str, span: Span, message: str) -> Problem | None:
    """`2x` for `2*x`."""
    if "invalid decimal literal" not in message:
        return None
    for product in _IMPLICIT_PRODUCT.finditer(line):
        if product.start() <= span.column <= product.end():
            before = line[: product.start()].rstrip()
            if named := _OF_FUNCTION.search(before):
                place = Span.in_line(span.line, named.start(), product.end())
                meant = f"{named[0]}({product[1]}*{product[2]})"
                return _in_brackets(line, place, meant, r"(?:\*\*|[²³^])")
            if before.endswith(("^", "**")):
                return _raised_product(span, product[1], product[2])
            if before.endswith("/"):
                return _two_readings(span, before[-1] + product[0])
            start, number = product.start(), product[1]
            if grouped := _GROUPED.search(before):
                start = grouped.start()
                point = "" if len(product[1]) == len("000") else "."
                number = grouped[1].replace(",", "") + point + product[1]
            place = Span.in_line(span.line, start, product.end())
            return missing_product(place, line[start : product.end()], f"{number}*{product[2]}")
    return None


_OF_FUNCTION: Final = re.compile(rf"(?<![\w.])(?:{'|'.join(allowed.ELEMENTARY)}|ln|lg)\Z")
"""`sin 2x^2`: the whole line is read at once, or not at all."""
_GROUPED: Final = re.compile(r"(?<![\w.,(\[ ])(\d{1,3}(?:,\d{3}){0,3}),\Z")


def _two_readings(span: Span, found: str) -> Problem:
    """`1/2x`: half of x to Python, one over 2x on paper."""
    return problem(
        N_("A product needs its sign."),
        N_("Write what {found} means with brackets, such as 1/(2*x) or (1/2)*x."),
        span=span,
        found=found[:300],
    )


def _raised_product(span: Span, number: str, name: str) -> Problem:
    """`e^2x`: raised to 2x on paper, or to 2 and then times x."""
    return problem(
        N_("A product needs its sign."),
        N_("Write what is raised with brackets: **({number}*{name}), or **{number}*{name}."),
        span=span,
        number=number[:100],
        name=name[:100],
    )


NO_SIGN: Final = N_("A product needs its sign.")


def missing_product(span: Span, found: str, meant: str) -> Problem:
    """A product that was written without its sign."""
    answer = problem(
        NO_SIGN,
        N_("Write {meant} instead of {found}."),
        span=span,
        meant=meant[:300],
        found=found[:300],
    )
    return _mended(answer, meant)


def _two_words(line: str, span: Span, message: str) -> Problem | None:
    """`sin x` for `sin(x)`, `x y` for `x*y`."""
    second = _WORD.match(line, span.column)
    first = re.search(r"(\w+)[ \t]+$", line[: span.column])
    if message != "invalid syntax" and "forgot a comma" not in message:
        return None
    if first is None or second is None or {first[1], second[0]} & NO_FACTORS:
        return None
    if not may_be_factors(first[1], second[0]):
        return None
    place = Span.in_line(span.line, first.start(1), second.end())
    text = line[first.start(1) : second.end()]
    if first[1].isdigit() and second[0][:1].isdigit():
        return _in_groups(line, place, text)
    if first[1] not in allowed.BARE or first[1] in allowed.NUMBERS:
        return missing_product(place, text, f"{first[1]}*{second[0]}")
    signs = r"[²³^*]" if second[0].isdigit() else r"(?:\*\*|[²³^])"
    return _in_brackets(line, place, f"{first[1]}({second[0]})", signs)


def _in_brackets(line: str, place: Span, meant: str, unsure: str) -> Problem:
    """`sin x` and `sin 2x`; behind which `unsure` signs may belong to the argument: `sin x^2`."""
    text, behind = line[place.column : place.end_column], line[place.end_column :]
    if raised := re.match(rf"[ \t]{{0,9}}{unsure}[ \t]{{0,9}}\w{{0,20}}", behind):
        return problem(
            BRACKETS,
            N_("Write what {found} means with brackets, such as sin(x**2) or sin(x)**2."),
            span=place,
            found=f"{text}{raised[0]}"[:300],
        )
    found = problem(
        BRACKETS,
        N_("Write {meant} instead of {found}."),
        span=place,
        meant=meant[:300],
        found=text[:300],
    )
    return _mended(found, meant)


BRACKETS: Final = N_("A function takes its argument in parentheses.")


def _in_groups(line: str, place: Span, text: str) -> Problem:
    """`1 000`, and two numbers that are no groups of one."""
    whole = re.sub(r"(?<=\d)[ \t](?=\d{3}(?!\d))", "", text)
    found = problem(
        N_("Two numbers stand side by side: {found}."),
        N_("Write one number without blanks, 1000, or put an operator such as * between the two."),
        span=place,
        found=text[:300],
    )
    around = line[: place.column][-1:] + line[place.end_column :][:1]
    is_one = whole.isdigit() and "." not in around and len(text.split()[0]) <= len("000")
    return _mended(found, whole) if is_one else found


def may_be_factors(first: str, second: str) -> bool:
    """Whether two names side by side may be a product: `git clone` is none, nor `的导数 f`."""
    pair = {first, second}
    known = pair & (allowed.ELEMENTARY.keys() | allowed.NUMBERS)
    if CHINESE.search(first + second) or pair & _SPOKEN:
        return False
    return bool(known) or min(len(first), len(second)) < _SHORT


_SPOKEN: Final = frozenset(words("of the is at to what how by with from"))
"""What stands between other words, and between no factors."""
_SHORT: Final = 3
"""Letters from which two words are no factors of a product."""


def _bars(line: str, span: Span, message: str) -> Problem | None:
    """`|x|` for `abs(x)`; of several the first."""
    if _BARS.search(line) is None or message != "invalid syntax":
        return None
    matched = pairs(line)
    if not matched:
        return _unsure_bars(line, span)
    stop = matched[0][1] + 1
    start = _FACTOR.search(line[: matched[0][0]]).start()  # type: ignore[union-attr]
    if start < matched[0][0] and line[:start].rstrip().endswith(("/", "^", "**")):
        return _two_readings(span, line[start - 1 : stop])
    meant = _BESIDE.sub("*abs(", (unbarred(line[start:stop]) or "").strip())
    found = problem(
        N_("Bars do not mean the absolute value in Python."),
        N_("Write {meant} instead of {found}."),
        span=Span.in_line(span.line, start, stop),
        meant=meant[:300],
        found=line[start:stop][:300],
    )
    return _mended(found, meant)


def _unsure_bars(line: str, span: Span) -> Problem:
    """`|a|b|c|`, which may be read in two ways, and `||x||`, which is a vector's length."""
    return problem(
        N_("Bars do not mean the absolute value in Python."),
        N_("Write abs(x) for |x|, and torch.linalg.norm(x) for the length of a vector."),
        span=Span.in_line(span.line, line.index("|"), line.rindex("|") + 1),
    )


def _missing_side(line: str, span: Span, message: str) -> Problem | None:
    """`x +` with nothing behind it."""
    operator = _OPERATOR_LAST.search(line[: span.column + 1].rstrip())
    if operator is None or message != "invalid syntax" or line[span.column + 1 :].strip():
        return None
    return problem(
        N_("Something is missing after {operator}."),
        N_("Finish the expression, or take {operator} away."),
        span=Span.in_line(span.line, operator.start(1), operator.end(1)),
        operator=operator[1],
    )


_OPERATORS_TOGETHER: Final = re.compile(
    r"(?P<first>\*\*|//|<<|>>|[-+*/%@&^|])[ \t]*(?P<second>\*\*|//|<<|>>|[*/%@&^|])"
)


def _two_operators(line: str, span: Span, message: str) -> Problem | None:
    """`x +* 2`: nobody knows which of the two is meant, or what lacks between them."""
    if message != "invalid syntax":
        return None
    for found in _OPERATORS_TOGETHER.finditer(line):
        if found.start() <= span.column <= found.end():
            return problem(
                N_("Two operators stand side by side: {first} and {second}."),
                N_("Take one of them away, or write what stands between them."),
                span=Span.in_line(span.line, *found.span()),
                first=found["first"],
                second=found["second"],
            )
    return None


_SIGNS_OF_PAPER: Final = {
    "∫": N_("Type what is integrated alone; torch.trapezoid(y, x) adds up samples of it."),
    "∑": N_("Add up with sum(…): sum(x**2) of a tensor, or a loop."),
    "∏": N_("Multiply with prod(…), or a loop."),
    **dict.fromkeys(
        "∛∜",
        N_("Write the root as a power, x**(1/3), with brackets around what it is taken of."),
    ),
    **dict.fromkeys("⌊⌋", N_("Write floor(…) with the brackets around what is rounded down.")),
    **dict.fromkeys("⌈⌉", N_("Write ceil(…) with the brackets around what is rounded up.")),
    "∈": N_("Leave it out: where x lies is not typed; give x a value."),
    "≈": N_("Write torch.isclose(a, b), or a - b to see how far they are apart."),
    "∂": N_("Type the function alone: its derivatives are shown beside it."),
    "∇": N_("Type the function alone: its gradient is shown beside it."),
    **dict.fromkeys("⟨⟩", N_("Write torch.dot(x, y) for the product of two vectors.")),
    **dict.fromkeys("′″", N_("Type the function alone: its derivatives are shown beside it.")),
    "±": N_("Type one of the two, and the other below as the second function."),
    **dict.fromkeys("°", N_("Angles are in radians: 90 degrees are 90*pi/180.")),
}
"""Characters of books that no keyboard's sign stands for."""


def of_paper(sign: str) -> str | None:
    """What helps with a sign of mathematics that Python does not have."""
    known = _SIGNS_OF_PAPER.get(sign)
    if known is None and sign and unicodedata.category(sign) == "Sm" and sign not in _WRITTEN:
        return N_("Write what it stands for as a call, such as torch.outer(x, y).")
    return known


_WRITTEN: Final = frozenset("→↦⇒√∞×÷−≤≥≠⋅∗∙∕⁄＋＝＜＞｜")
"""Signs of mathematics for which something else is written."""
