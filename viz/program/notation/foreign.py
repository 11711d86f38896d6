"""Signs and words of other languages at the place where Python stops reading, and Python's own.

`foreign(line, span, message)` knows `x++`, `else if`, `.^`, `&&`, `!x`, `===`, `if x = 3`, `x!`,
`a ? b : c`, `function`, `new`, `//` and their like; it gives a replacement where one means the
same. `masked(line)` is a line without what stands in its strings and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from viz.errors import N_, problem
from viz.program.notation.notation import LONGEST
from viz.program.slips.inside import inside
from viz.records import MAX_TYPED, Problem, Span

_HIDDEN: Final = re.compile(
    r"""(?P<quoted>'(?:[^'\\\n]|\\.)*+'?|"(?:[^"\\\n]|\\.)*+"?)|(?P<comment>\#.*)"""
)
_NO_SIGN: Final = N_("Python has no {found}.")
_IN_ITS_PLACE: Final = N_("Write {meant} in its place.")


def masked(line: str) -> str:
    """The line, as long as it is, with blanks for comments and for what is quoted."""
    return _HIDDEN.sub(
        lambda found: " " * len(found[0]) if found["comment"] else f'"{"_" * (len(found[0]) - 2)}"',
        line,
    )


class _Foreign(NamedTuple):
    """A pattern (its first group is the sign), what is said, and what stands in its place."""

    pattern: re.Pattern[str]
    meant: str | None
    message: str = _NO_SIGN
    remedy: str = _IN_ITS_PLACE
    anywhere: bool = False


_OPERAND: Final = r"(?:\w+(?:\.\w+)*(?:\([^()]{0,80}\))?|\([^()]{0,200}\))"
_ENDS: Final = r"(?=[ \t]*(?:$|[:,){]|&&|\|\||and\b|or\b|then\b))"
_ELEMENTWISE: Final = N_("{found} is a sign of another language.")
_EACH: Final = N_("Write {meant} in its place: it works element by element; @ multiplies matrices.")
_SIGNS: Final = (
    *(
        _Foreign(re.compile(pattern), meant, _ELEMENTWISE, _EACH)
        for pattern, meant in (
            (r"(\.\^)", "**"),
            (r"(\.\*\*)", "**"),
            (r"(\.\*)", "*"),
            (r"(\./)", "/"),
        )
    ),
    _Foreign(
        re.compile(r"[ \t]*(?:\}[ \t]*)?(else[ \t]+if|elseif|elsif)\b"), "elif", anywhere=True
    ),
    _Foreign(
        re.compile(r"[ \t]*(?:if|elif|while)\b.*[^ \t]([ \t]+then)(?=[ \t]*:)"),
        "",
        remedy=N_("Take {found} away."),
        anywhere=True,
    ),
    _Foreign(re.compile(r"[ \t]*(?:if|elif|while)\b.*[^ \t]([ \t]+then)\b"), ":", anywhere=True),
    _Foreign(
        re.compile(r"^[ \t]*\w+[ \t]*(:=)"),
        "=",
        N_("A name is set by = in Python on a line of its own."),
    ),
    _Foreign(re.compile(r"(&&)"), "and"),
    _Foreign(re.compile(r"(?<=[ \t])(\|\|)(?=[ \t])"), "or"),
    _Foreign(re.compile(r"(===)"), "=="),
    _Foreign(re.compile(r"(!==|<>|~=)"), "!="),
    _Foreign(re.compile(rf"(?:^|[ \t(=,])(![ \t]*)(?={_OPERAND}{_ENDS})"), "not "),
    _Foreign(
        re.compile(r"(?:^|[ \t(=,])(!)(?=[ \t]*[\w(])"),
        None,
        remedy=N_("Write not, with brackets around the condition: not (x > 0)."),
    ),
    _Foreign(
        re.compile(r"^[ \t]*(//|%|/\*(?!.*\*/[ \t]*[^ \t]))"),
        "#",
        N_("A comment begins with # in Python."),
    ),
    _Foreign(re.compile(r"\b(new[ \t]+)(?=[A-Z]\w*\()"), "", remedy=N_("Take {found} away.")),
)
_OTHERS: Final = (
    _Foreign(
        re.compile(r"(?<![\w.])(function|func|fn|fun)\b(?![ \t]*[=.,)\]])"),
        None,
        remedy=N_("A function is written def f(x): with the lines below it indented, and return."),
        anywhere=True,
    ),
    _Foreign(
        re.compile(r"(?<![\w.])(switch|case)\b(?![ \t]*[=.,)\]])"),
        None,
        remedy=N_("Write if, elif and else."),
        anywhere=True,
    ),
    _Foreign(
        re.compile(r"[ \t]*(for[ \t]*\()[^()]*;"),
        None,
        N_("A loop over numbers is not written like this in Python."),
        N_("Write for i in range(3): and indent the lines of the loop."),
        anywhere=True,
    ),
    _Foreign(
        re.compile(r"(\^T)\b(?![(.])"),
        None,
        N_("{found} does not transpose in Python."),
        N_("Write x.T for the transposed matrix, and x.T @ y for the product."),
        anywhere=True,
    ),
    _Foreign(
        re.compile(r"\b(lim)\b"),
        None,
        remedy=N_(
            "Give x a value near the place: the curve shows what the function comes near to."
        ),
        anywhere=True,
    ),
    _Foreign(
        re.compile(r"(Σ)[ \t]*\w"),
        None,
        remedy=N_("Add up with sum(…): sum(x**2) of a tensor, or a loop."),
        anywhere=True,
    ),
    _Foreign(
        re.compile(r"[ \t]*(?:if|elif|while)\b.*(:=|(?<![=!<>:])=(?!=))"),
        None,
        N_("One = sets a name and compares nothing."),
        N_("To compare write == in its place."),
        anywhere=True,
    ),
    _Foreign(
        re.compile(r"(\+\+|--)"),
        None,
        remedy=N_("Write x += 1, or x -= 1, on a line of its own."),
    ),
    _Foreign(
        re.compile(r"(\?)(?=[^?:]*:)"),
        None,
        remedy=N_("Write a if condition else b in the place of condition ? a : b."),
    ),
    _Foreign(
        re.compile(r"(?:^|[^\\])(\\)(?=[ \t]*\w)"),
        None,
        _ELEMENTWISE,
        N_("Write torch.linalg.solve(A, b) for A \\ b."),
    ),
    _Foreign(
        re.compile(r"(@)[ \t]*\(\w*[, \w]*\)"),
        None,
        _ELEMENTWISE,
        N_("A function without a name is written lambda x: x**2."),
    ),
    _Foreign(
        re.compile(r"(=>|->)"),
        None,
        _ELEMENTWISE,
        N_("A function without a name is written lambda x: x**2."),
    ),
    _Foreign(
        re.compile(r"(?:\)|\belse)[ \t]*(\{)[ \t]*$"),
        None,
        N_("A block does not stand in braces in Python."),
        N_("End the line with a colon, and indent the lines of the block."),
        anywhere=True,
    ),
)
_INCREMENT: Final = re.compile(
    r"[ \t]*((?P<name>[\w.]{1,80})(?P<behind>\+\+|--)|(?P<before>\+\+|--)(?P<other>[\w.]{1,80}))"
    r"[ \t]*;?[ \t]*$"
)
_FACTORIAL: Final = re.compile(r"(?P<of>\d{1,4}|[^\W\d]\w{0,20})!(?!=)")
_CHOICE: Final = re.compile(
    r"(?P<test>[^?:]*[^?:\s])[ \t]*\?[ \t]*(?P<then>[^?:]*[^?:\s])[ \t]*:[ \t]*"
    r"(?P<other>[^?:;]*[^?:;\s])[ \t]*;?[ \t]*$"
)
_COMPARED: Final = re.compile(r"(?<![=!<>:])=(?!=)|:=")
_PRIME: Final = re.compile(r"[\w)\]]('{1,3})(?=[ \t]*(?:[(*+\-/;,)=]|$))")
_ROW: Final = re.compile(r"\[[ \t]*-?[\d.]+(?:[ \t]+-?[\d.]+)+[ \t]*\]")


def foreign(line: str, span: Span | None, message: str) -> Problem | None:
    """The problem with its replacement, where there is one; `None` where no such sign is at the
    place, or the line is too long to have been typed.
    """
    if span is None or len(line) > LONGEST:
        return None
    plain = masked(line)
    made = (
        _increment(plain, span)
        or _factorial(plain, span)
        or _chosen(plain, span)
        or _equals(plain, span, message)
        or _choice(line, plain, span)
        or _row(plain, span)
        or _inside(line, span, message)
        or _prime(line, span, message)
    )
    return made or next(_found(plain, span), None)


def _found(plain: str, span: Span) -> Iterator[Problem]:
    for sign in (*_SIGNS, *_OTHERS):
        for written in sign.pattern.finditer(plain):
            start, end = written.span(1)
            if sign.anywhere or (start - 1 <= span.column <= end):
                yield _said(plain, Span.in_line(span.line, start, end), sign)


def _said(plain: str, place: Span, sign: _Foreign) -> Problem:
    meant = sign.meant
    found, shown = plain[place.column : place.end_column].strip(), (meant or "").strip()
    if sign.remedy == _EACH:
        meant, place = _elementwise(plain, place)
    made = problem(sign.message, sign.remedy, span=place, found=found, meant=shown)
    return made if meant is None else msgspec.structs.replace(made, replacement=meant)


def _elementwise(plain: str, place: Span) -> tuple[str | None, Span]:
    """All such signs of a line at once, from the first to the last; `None` where it is not sure."""
    signs = list(_DOTTED.finditer(plain))
    if not signs:
        return None, place
    start, end = signs[0].start(), signs[-1].end()
    if is_unsure(plain) or '"' in plain[start:end]:
        return None, place
    meant = _DOTTED.sub(lambda each: "**" if each[1] != "*" and each[1] != "/" else each[1], plain)
    longer = len(meant) - len(plain)
    return meant[start : end + longer], Span.in_line(place.line, start, end)


_DOTTED: Final = re.compile(r"(?<=[\w)\] \t])\.(\*\*|[\^*/])")
"""`.^` behind something: a number's point is not meant."""


def is_unsure(plain: str) -> bool:
    """Whether a line with elementwise signs has a `*`, `/` or `^` between what may be matrices."""
    return any(
        not (re.search(r"(?:^|[^\w.])\d[\d.]*[ \t]*$", plain[: each.start()][-40:]))
        and not re.match(r"[ \t]*-?[\d.]", plain[each.end() : each.end() + 20])
        for each in re.finditer(r"(?<![.*])(?:\*\*?|[/^])(?![*])", plain)
    )


def _increment(plain: str, span: Span) -> Problem | None:
    """`x++` on a line of its own."""
    written = _INCREMENT.match(plain)
    if written is None:
        return None
    name = written["name"] or written["other"]
    sign = written["behind"] or written["before"]
    meant = f"{name} {sign[0]}= 1"
    made = problem(
        _NO_SIGN,
        _IN_ITS_PLACE,
        span=Span.in_line(span.line, *written.span(1)),
        found=sign,
        meant=meant,
    )
    return msgspec.structs.replace(made, replacement=meant)


def _factorial(plain: str, span: Span) -> Problem | None:
    """`5!`: of a name nobody knows whether it stands for a whole number."""
    for written in _FACTORIAL.finditer(plain):
        if not written.end() - 2 <= span.column <= written.end():
            continue
        whole = written["of"].isdecimal()
        made = problem(
            N_("Python has no sign for the factorial."),
            N_("Write math.factorial({of}) of a whole number, exp(lgamma({of} + 1)) of a tensor."),
            span=Span.in_line(span.line, *written.span()),
            of=written["of"],
        )
        meant = f"math.factorial({written['of']})"
        return msgspec.structs.replace(made, replacement=meant) if whole else made
    return None


_CHOSEN: Final = re.compile(r"(?P<all>[^\W_]\w{0,20})[ \t]+choose[ \t]+(?P<some>[^\W_]\w{0,20})")


def _chosen(plain: str, span: Span) -> Problem | None:
    """`5 choose 2`: of names nobody knows whether they stand for whole numbers."""
    written = _CHOSEN.search(plain)
    if written is None or not written.start() <= span.column <= written.end():
        return None
    every, some = written["all"], written["some"]
    made = problem(
        N_("Python has no sign for choosing {some} of {all}."),
        N_("Write math.comb({all}, {some}) of whole numbers."),
        span=Span.in_line(span.line, *written.span()),
        all=every,
        some=some,
    )
    whole = every.isdecimal() and some.isdecimal()
    return (
        msgspec.structs.replace(made, replacement=f"math.comb({every}, {some})") if whole else made
    )


def _equals(plain: str, span: Span, message: str) -> Problem | None:
    """`if x = 3:`, if there is one `=` alone."""
    head = re.match(r"[ \t]*(?:if|elif|else[ \t]+if|while|assert)\b", plain)
    signs = list(_COMPARED.finditer(plain))
    brackets = plain.count("(") + plain.count("[")
    said = "==" in message or (head is not None and head[0].strip() == "assert")
    if head is None or len(signs) != 1 or not said or signs[0][0] != "=" or brackets:
        return None
    made = problem(
        N_("One = sets a name and compares nothing."),
        N_("To compare write == in its place."),
        span=Span.in_line(span.line, *signs[0].span()),
    )
    return msgspec.structs.replace(made, replacement="==")


def _choice(line: str, plain: str, span: Span) -> Problem | None:
    """`y = c ? a : b`, if nothing else stands on the right."""
    lead = re.match(
        r"[ \t]*(?:return\b|(?:(?:const|let|var)[ \t]+)?[^\W\d]\w*[ \t]*=(?!=))?[ \t]*", plain
    )
    start = lead.end() if lead else 0
    written = _CHOICE.match(plain, start)
    if written is None or any(map(_is_open, written.groups())):
        return None
    test, then, other = (line[slice(*written.span(part))] for part in ("test", "then", "other"))
    meant = f"{then} if {test} else {other}"
    made = problem(
        _NO_SIGN,
        _IN_ITS_PLACE,
        span=Span.in_line(span.line, start, written.end()),
        found="? :",
        meant=meant[:300],
    )
    return msgspec.structs.replace(made, replacement=meant[:MAX_TYPED])


def _is_open(text: str) -> bool:
    return any(text.count(a) != text.count(b) for a, b in ("()", "[]", "{}")) or "," in text


def _prime(line: str, span: Span, message: str) -> Problem | None:
    """`f'(x)`, `x' * y`: a quote that begins no text."""
    written = _PRIME.search(line, max(span.column - 1, 0))
    if "unterminated string" not in message or written is None or written.start() > span.column:
        return None
    return problem(
        N_("{found} does not mean the derivative in Python, nor the transposed matrix."),
        N_("Type f alone: its derivative is shown beside it. The transposed matrix is x.T."),
        span=Span.in_line(span.line, *written.span(1)),
        found=written[1],
    )


def _inside(line: str, span: Span, message: str) -> Problem | None:
    """A slip inside of brackets or quotes."""
    if (found := inside(line, span.column, message)) is None:
        return None
    place = Span.in_line(span.line, found.start, found.end)
    remedy = N_("Write {meant} in its place.")
    made = problem(found.message, remedy, span=place, meant=found.meant[:300])
    return msgspec.structs.replace(made, replacement=found.meant)


def _row(plain: str, span: Span) -> Problem | None:
    """`[1 2 3]` of numbers alone: a list needs its commas."""
    for written in _ROW.finditer(plain):
        if written.start() <= span.column < written.end():
            meant = "[" + ", ".join(written[0][1:-1].split()) + "]"
            made = problem(
                N_("Commas are missing between the numbers."),
                _IN_ITS_PLACE,
                span=Span.in_line(span.line, *written.span()),
                meant=meant[:300],
            )
            return msgspec.structs.replace(made, replacement=meant[:MAX_TYPED])
    return None
