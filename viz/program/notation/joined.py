"""Names that were written without what stands between them, and signs that were said in words.

`apart(text)` puts blanks where a formula on paper has none: `sinx`, `xsin(x)`, `sin2x`, `3xy`.
`in_signs(text)` writes `x mod 2`, `x squared`, `x的平方` as Python does, `powered(text)` a
function's power, `sin^2(x)`; `either(text)` gives the parts of `if a then b else c`. To Python
`sinx` is one name: what is read so stands alone in its program. `enclosed(text)` writes `∛x`,
`⌊x⌋`, `⌈x⌉` and `Σx²` as calls, `derived(text)` gives the function of `d(x^2)/dx`, `unasked(text)`
what stands before `, find dy/dx`, and `in_round_brackets` Mathematica's `Sin[x]` as a call.
"""

from __future__ import annotations

import re
from typing import Final

from viz.program.allowlist import allowed
from viz.program.notation.bars import NAMES

_FUNCTIONS: Final = "|".join(sorted({*allowed.ELEMENTARY, *NAMES, "abs"}, key=len, reverse=True))
_NAME: Final = re.compile(r"(?<![^\W\d])(?<!\.)([^\W\d_]\w{1,20})(\s?\()?")
_JOINED: Final = re.compile(rf"([xyzt]?)({_FUNCTIONS})(?:()|(\d{{0,3}}[xyzθφα]|\d{{1,3}}t))")
"""No `cost`, no `expt`: these are names of their own."""
_LETTERS: Final = re.compile(r"(?!.*(.).*\1|[bm]y)(?:[xyz]{2,3}|[abckmwαβγλμωπ][xyz])")
"""Different ones: `xx` is rather a slip of the fingers; `dx`, `by` and `my` are words."""


def apart(text: str) -> str:
    """The text with blanks between the names that are written as one."""
    return _NAME.sub(_parted, text)


def _parted(found: re.Match[str]) -> str:
    name, bracket = found[1], found[2]
    if name in allowed.BARE or name in NAMES:
        return found[0]
    parts = parts_of(name, called=bracket is not None)
    return " ".join(parts) + (bracket or "") if parts else found[0]


def parts_of(name: str, called: bool) -> list[str]:
    """`x`, `sin`, `2x` of `xsin2x`; none where it is one name. A function that is `called` has its
    argument behind the name."""
    if not called and _LETTERS.fullmatch(name):
        return list(name)
    joined = _JOINED.fullmatch(name)
    if joined is None or bool(joined[4]) == called:
        return []
    return [part for part in (joined[1], joined[2], joined[4]) if part]


_OPERAND: Final = r"(?<=[\w)])[ \t]+{}(?=[ \t]+[\w(√|-])"
_SAID: Final = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        *((_OPERAND.format(word), sign) for word, sign in (
            ("plus", " +"), ("minus", " -"), ("times", " *"), ("over", " /"), ("mod", " %"),
        )),
        (r"(?<=[\w)])[ \t]+squared\b", "**2"),
        (r"(?<=[\w)])[ \t]+cubed\b", "**3"),
        (r"(?<![^\W\d])([xyzt])e(?= ?(?:\^|\*\*))", r"\1 e"),
        (r"\b([a-zA-Z])的(?:平方|二次方)", r"\1**2"),
        (r"\b([a-zA-Z])的(?:立方|三次方)", r"\1**3"),
        (r"\b([a-zA-Z])的([a-zA-Z0-9])次方", r"\1**\2"),
    )
)  # fmt: skip
_POWERED: Final = re.compile(
    r"(?<![^\W\d_])(?P<lead>[xyz]?)(?P<name>sin|cos|tan|sinh|cosh|tanh|ln|log)[ ]?"
    r"(?:(?P<small>[²³⁴])|(?:\^|\*\*)[ ]?(?P<power>[234])(?!\d)"
    r"|(?P<less>⁻¹|(?:\^|\*\*)[ ]?(?:-1|\(-1\)|\{-1\})))"
    r"[ ]?(?:\((?P<inside>[^()]{1,80})\)|(?P<of>\d{0,3}[a-zA-Z])(?![\w(^*²³]))"
)
_RECIPROCAL: Final = re.compile(
    r"(?<![^\W\d])(cot|ctg|cotg|sec|csc|cosec|coth|cth|sech|csch)"
    r"(?: ?\(([^()]{1,80})\)| ?(\d{0,3}[a-zθ])(?![\w(^*²³]))"
)
RECIPROCALS: Final = {
    "cot": "tan",
    "ctg": "tan",
    "cotg": "tan",
    "sec": "cos",
    "csc": "sin",
    "cosec": "sin",
    "coth": "tanh",
    "cth": "tanh",
    "sech": "cosh",
    "csch": "sinh",
}
"""What each of torch's functions is one over."""
_AT: Final = re.compile(
    r"(?P<f>.{1,200}?)(?: ?[,;|]|(?<=[\w)]) (?:where|at|for|with)) ?"
    r"(?P<name>[a-zA-Z]) ?= ?(?P<number>-?\d{1,9}(?:\.\d{0,9})?)"
)
_FIRST_AT: Final = re.compile(
    r"(?P<name>[a-zA-Z]) ?= ?(?P<number>-?\d{1,9}(?:\.\d{0,9})?) ?[,;] ?(?P<f>[^=]{1,200})"
)
_EXP: Final = re.compile(r"\bexp ?(?:\^|\*\*) ?(-?\w{1,20}\b(?!\()|\([^()]{1,80}\))")
_EITHER: Final = re.compile(
    r"if (?P<when>[^:]{1,80}?)(?:[ ]?:| then)(?: return)? (?P<so>[^:]{1,80}?)[,;]?"
    r" else[ ]?:?(?: return)? (?P<other>[^:]{1,80})"
)


_OF_CHINESE: Final = {"如果": "if ", "则": " then ", "那么": " then ", "否则": " else "}
_IN_CHINESE: Final = re.compile(r"\s?(?:如果|则|那么|否则)\s?")


def in_signs(text: str) -> str:
    """The text with signs for what is said in words."""
    for pattern, sign in _SAID:
        text = pattern.sub(sign, text)
    return _RECIPROCAL.sub(_one_over, text)


def _one_over(found: re.Match[str]) -> str:
    return f"(1/{RECIPROCALS[found[1]]}({found[2] or found[3]}))"


_OTHERWISE: Final = re.compile(
    r"\{ ?(?P<so>[^{}]{1,80}?),? (?:if|when|for|当) ?(?P<when>[^{},;]{1,80}?)[,;] ?"
    r"(?P<other>[^{},;]{1,80}?),? ?(?:otherwise|else|elsewhere|其他|否则) ?\}?"
)


def either(text: str) -> tuple[str, str, str] | None:
    """What is if, when, and what else: `x`, `x > 0`, `-x` of `if x > 0 then x else -x` and of
    `{ x if x > 0, -x otherwise }`.
    """
    if found := _OTHERWISE.fullmatch(text):
        return found["so"], found["when"], found["other"]
    found = _EITHER.fullmatch(_IN_CHINESE.sub(lambda each: _OF_CHINESE[each[0].strip()], text))
    return (found["so"], found["when"], found["other"]) if found else None


def at_point(text: str) -> tuple[str, str, str] | None:
    """The formula, the name and the number of `x^2, x = 3` and of `x = 3, x^2`."""
    found = _AT.fullmatch(text) or _FIRST_AT.fullmatch(text)
    return (found["f"], found["name"], str(float(found["number"]))) if found else None


_BESIDE: Final = r"[^\W_⁰-ₜ²³¹]"
_CONSTANT: Final = re.compile(rf"(?<={_BESIDE})(?=[π∞])|(?<=[π∞])(?={_BESIDE})")


def constants_apart(text: str) -> str:
    """The text with blanks around `π` and `∞`, which are no part of a name: `2πx`."""
    return _CONSTANT.sub(" ", text)


_LETTER: Final = r"[a-zA-Zα-ωΑ-Ω](?:ᵀ|ᵗ|\^\{?(?:T|⊤|⊺)\}?(?!\w))?"
_MATRICES: Final = re.compile(rf"(?<![\w.)]){_LETTER}(?:[ ·*@]?{_LETTER})*(?![\w(.^*⁰-ₜ²³¹])")
_TURNED: Final = re.compile(r"ᵀ|ᵗ|\^\{?(?:T|⊤|⊺)\}?")


def transposed(text: str) -> str:
    """The text with `x.T @ A @ x` for `xᵀAx` and `x^T A x`: where one of the factors is turned, all
    are vectors and matrices."""
    return _MATRICES.sub(_matrices, text)


def _matrices(found: re.Match[str]) -> str:
    if _TURNED.search(found[0]) is None:
        return found[0]
    factors = re.findall(_LETTER, found[0])
    return " @ ".join(f"{each[0]}.T" if len(each) > 1 else each for each in factors)


_DEGREES: Final = re.compile(r"(\d{1,9}(?:\.\d{0,9})?|(?<!\w)[^\W\d_]) ?°")
_LENGTH: Final = re.compile(r"‖([^‖]{1,80})‖")
_CUBE: Final = re.compile(r"(?<!\w)cbrt ?(?=\()")


def in_calls(text: str) -> str:
    """The text with calls for `‖x‖` and `cbrt(x)`, a product for `90°` and for `x ⊙ y`."""
    text = _DEGREES.sub(r"(\1*pi/180)", text.replace("⊙", "*"))
    return _CUBE.sub("∛", _LENGTH.sub(r"torch.linalg.norm(\1)", text))


def powered(text: str) -> str:
    """The text with each function's power behind its brackets."""
    return _POWERED.sub(_of_function, _EXP.sub(r"exp(\1)", text))


def _of_function(found: re.Match[str]) -> str:
    name, inside = found["name"], found["inside"] or found["of"]
    lead = f"{found['lead']} " if found["lead"] else ""
    if found["less"]:
        return f"{lead}a{name}({inside})" if name not in ("ln", "log") else found[0]
    power = found["power"] or "234"["²³⁴".index(found["small"])]
    return f"{lead}{name}({inside})**{power}"


_BRACKETS: Final = {"⌊": (" floor(", "⌋"), "⌈": (" ceil(", "⌉")}
_OPENED: Final = {"(": ")", "[": "]"}
_ROOTED: Final = re.compile(
    r"(?P<sign>[∛∜]) ?(?:(?P<number>\d{1,9}(?:\.\d{1,9})?)"
    r"|(?P<of>[^\W\d](?:(?![⁰¹²³⁴-⁹])\w){0,20}|\([^()]{1,80}\)))(?![\w.(\[^⁰¹²³⁴-⁹]| ?\*\*)"
)
_SUMMED: Final = re.compile(
    r"(?P<lead>(?:[^\W\d]\w{0,20}(?:\([\w, ]{1,40}\))? ?= ?)?)"
    r"(?P<sign>[∑Σ∏]) ?(?P<of>[^\W_].*|\(.+)"
)
_OF_SUMS: Final = {"∑": "sum", "Σ": "sum", "∏": "prod"}
LEFT_OVER: Final = re.compile(r"[∑∏∛∜⌊⌋⌈⌉]|Σ(?=[^\W_])")
"""Signs that `enclosed` could not write as calls: their end is not sure."""


def enclosed(text: str) -> str:
    """The text with calls for signs of paper that hold something: roots, brackets, one sum."""
    return _rounded(_ROOTED.sub(_root, _summed(text)))


def _root(found: re.Match[str]) -> str:
    """The cube root of negative numbers as well, which a power has not."""
    if found["sign"] == "∜":
        return f"{found['number'] or found['of']}**(1/4)"
    if found["number"]:
        return f"{found['number']}**(1/3)"
    inside = found["of"].removeprefix("(").removesuffix(")")
    return f"(sign({inside})*abs({inside})**(1/3))"


def _summed(text: str) -> str:
    """`(x^2).sum()` of `Σx^2`, of one product alone: of `Σx + 1` nobody knows where it ends."""
    found = _SUMMED.fullmatch(text)
    if found is None or (found["sign"] == "Σ" and found["of"].isidentifier()):
        return text
    of, depth = found["of"].strip(), 0
    for sign in of:
        depth += (sign in "([") - (sign in ")]")
        if depth < 0 or (not depth and sign in "+-=<>,;:|"):
            return text
    if depth or re.search(r"[∑Σ∏_]", of):
        return text
    whole = of.isidentifier() or (of.startswith("(") and of.endswith(")") and ")" not in of[:-1])
    return f"{found['lead']}{of if whole else f'({of})'}.{_OF_SUMS[found['sign']]}()"


def _rounded(text: str) -> str:
    """`floor(x)` of `⌊x⌋`, where all brackets close as they were opened."""
    if not _BRACKETS.keys() & set(text):
        return text
    waiting: list[str] = []
    parts: list[str] = []
    for sign in text:
        if sign in _BRACKETS:
            parts.append(_BRACKETS[sign][0])
            waiting.append(_BRACKETS[sign][1])
        elif sign in _OPENED:
            parts.append(sign)
            waiting.append(_OPENED[sign])
        elif sign in ")]⌋⌉":
            if not waiting or waiting.pop() != sign:
                return text
            parts.append(")" if sign in "⌋⌉" else sign)
        else:
            parts.append(sign)
    return text if waiting else re.sub(r"(?<![\w)\]]) +(?=(?:floor|ceil)\()", "", "".join(parts))


_DERIVED: Final = re.compile(
    r"(?:[^\W\d]\w{0,20}'? ?= ?)?(?P<sign>derivative|Derivative|differentiate|deriv|diff|D)"
    r" ?\((?P<of>.{1,300}?)(?:, ?[a-zA-Z])?\)"
)
_QUOTIENT: Final = re.compile(
    r"(?:[^\W\d]\w{0,20}'? ?= ?)?(?P<sign>d) ?\((?P<of>.{1,300})\) ?/ ?d[a-zA-Z]"
)


_IN_WORDS: Final = re.compile(
    r"(?:求 ?|[^\W\d]\w{0,20} ?= ?)?(?P<of>[^求=]{1,300}?) ?(?P<sign>的(?:导数|梯度|微分|导函数))"
)


def derived(text: str) -> tuple[str, str] | None:
    """What stands for the derivative, and the function: `d`, `x^2` of `d(x^2)/dx`."""
    found = _DERIVED.fullmatch(text) or _QUOTIENT.fullmatch(text) or _IN_WORDS.fullmatch(text)
    if found is None or not _is_closed(found["of"]):
        return None
    return found["sign"], found["of"].strip()


def _is_closed(text: str) -> bool:
    """Whether the brackets of a text close within it, and no comma stands outside of them."""
    depth = 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if depth < 0 or (sign == "," and not depth):
            return False
    return depth == 0


_ASKED: Final = re.compile(
    r"[ ]?[,;，；.。:：]? ?(?:(?:find|compute|calculate|what is|then|求|则)[ ]?)?"
    r"(?:the (?:derivative|gradient)|d ?[a-zA-Z] ?/ ?d ?[a-zA-Z]|[a-zA-Z]['′’](?:\([a-zA-Z]\))?)"
    r" ?(?:=? ?[?？])?"
)
_FIND: Final = re.compile(r"[?？]|find|compute|calculate|what is|求|[,;，；]")


_DOMAIN: Final = re.compile(
    r"(?P<function>[^\W\d]\w{0,20}\([\w, ]{1,60}\) ?:?=(?!=).{1,300}?)"
    r" ?(?:[,，;；]|[,，;；]? ?\b(?:for|where|when|with|on)\b|[,，;；]? ?(?:其中|当)"
    r"|(?=\([^()]{1,9}[≠∈]))"
    r" ?\(?(?:[^\W\d] ?(?:[<>]=?|[≤≥≠]|!=) ?[-−]?[\w.]{1,9}"
    r"|[-−]?[\w.∞]{1,9} ?(?:<=?|≤) ?[^\W\d] ?(?:<=?|≤) ?[-−]?[\w.∞]{1,9}"
    r"|[^\W\d] ?∈ ?[ℝR(\[][-−\w.,∞ ^+]{0,20}[)\]]?)\)?"
)


def unasked(text: str) -> str:
    """The function of `y = x^2, dy/dx = ?`, whose derivative is shown without being asked for, and
    of `f(x) = ln(x), x > 0`: where it is defined is not typed.
    """
    if within := _DOMAIN.fullmatch(text):
        return within["function"]
    for at in _ENDS.finditer(text):
        rest = text[at.start() :]
        if at.start() and _ASKED.fullmatch(rest) and _FIND.search(rest):
            return _GIVEN.sub("", text[: at.start()].rstrip())
    return text


_GIVEN: Final = re.compile(
    r"(?:已知|设|令|若|[Gg]iven|[Ll]et|[Ii]f)(?: the function)?(?:函数)? ?(?=\w)"
)
_ENDS: Final = re.compile(r"(?<=[\w)²³])(?: |(?=[,;，；.。:：求]))")
_SQUARE: Final = re.compile(
    r"(?<![\w.\\])(?:(?P<known>Sin|Cos|Tan|Sinh|Cosh|Tanh|Exp|Log|Sqrt|Abs|ArcTan|ArcSin|ArcCos|D"
    rf"|{_FUNCTIONS}|max|min)(?=[\[{{](?!\d{{1,2}}[\]}}]))"
    r"|[^\W\d]\w{0,9}(?=\[[a-z]\w{0,9}_))[\[{]"
)
_CLOSED: Final = {"]": "[", "}": "{"}


def in_round_brackets(text: str) -> str:
    """`f(x) := x^2 sin(x)` of Mathematica's `f[x_] := x^2 Sin[x]`, `max(x, 0)` of `max{x, 0}`;
    other text as it is."""
    unclosed = any(text.count(one) != text.count(other) for one, other in _CLOSED.items())
    if unclosed or _SQUARE.search(text) is None:
        return text
    parts, waiting, place = list[str](), list[bool](), 0
    while place < len(text):
        if named := _SQUARE.match(text, place):
            name = named[0][:-1]
            parts.append(f"{_OF_MATHEMATICA.get(name, name)}(")
            waiting.append(True)
            place = named.end()
            continue
        sign = text[place]
        if sign in "[{":
            waiting.append(False)
        elif sign in _CLOSED and (not waiting or waiting.pop()):
            sign = ")"
        parts.append(sign)
        place += 1
    return re.sub(r"(?<=\w)_(?=[,)])", "", "".join(parts))


_OF_MATHEMATICA: Final = {
    **{name.capitalize(): name for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "abs")},
    **{name.capitalize(): name for name in ("sinh", "cosh", "tanh")},
    **{f"Arc{name.capitalize()}": f"a{name}" for name in ("sin", "cos", "tan")},
}
