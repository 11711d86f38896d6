"""A line as it is written on paper, as Python reads it: all of its marks at once.

`as_code(line)` rewrites full-width and curly characters, LaTeX, `√x`, `|x|`, `x²`, `x^2`, `2x`,
`sin x`, `ln`, `∛x`, `⌊x⌋`, `Σx²`, `f(x) = …`. It gives `None` where two readings are possible
(`1/2x`, `sin x^2`, `√x²`, `|a|b|c|`): a mend never changes the meaning. Works in time proportional
to the line.
"""

from __future__ import annotations

import keyword
import re
from typing import Final

from viz.program.allowlist import allowed
from viz.program.notation.bars import NAMES, unbarred
from viz.program.notation.joined import (
    LEFT_OVER,
    apart,
    at_point,
    constants_apart,
    derived,
    either,
    enclosed,
    in_calls,
    in_round_brackets,
    in_signs,
    powered,
    transposed,
    unasked,
)
from viz.program.notation.notation import LONGEST, NO_FACTORS, is_set, may_be_factors
from viz.program.slips.sentences import CHINESE

_UP: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿˣ", "0123456789+-nx", strict=True))
_PLAIN: Final = {
    **dict(zip("，。．；：（）［］｛｝＝＋－＊／＜＞！＾｜", ",..;:()[]{}=+-*/<>!^|", strict=True)),
    **dict(zip("×·⋅∗∙•・÷∕⁄−–—‘’“”π∞", [
        *"*******", "/", "/", "/", "-", "-", "-", "'", "'", '"', '"', "pi", "inf",
    ], strict=True)),
    **dict(zip("½¼¾⅓⅔⅛", ["(1/2)", "(1/4)", "(3/4)", "(1/3)", "(2/3)", "(1/8)"], strict=True)),
    **dict(zip("≤≥≠", ["<=", ">=", "!="], strict=True)),
    **dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)),
    **dict(zip("\u00a0\u3000\u202f\u200b\ufeff", [" ", " ", " ", "", ""], strict=True)),
    **{chr(ord(c) + 0xFEE0): c for c in "0123456789abcdefghijklmnopqrstuvwxyz"},
}  # fmt: skip
_UPPER: Final = re.compile(f"[{''.join(_UP)}]+")
_SIGMOID: Final = re.compile(r"\bσ ?(?=\()")
_FRACTION: Final = re.compile(r"\\[dt]?frac\{([^{}\\]{1,80})\}\{([^{}\\]{1,80})\}")
_OF_DERIVATIVE: Final = re.compile(r"\\[dt]?frac\{d\}\{d(\w)\}")
_ROOT: Final = re.compile(r"\\sqrt\{([^{}]{1,80})\}")
_POWER: Final = re.compile(r"\^\{([^{}]{1,80})\}")
_COMMANDS: Final = re.compile(
    r"\\(?:left|right|cdot|times|pi|sigma|[lr]floor|[lr]ceil|[,;!]|sin|cos|tan|exp|ln|log|tanh)"
)
MOST_NESTED: Final = 5
"""Fractions, roots and powers within each other."""
_SIGNS: Final = {"left": "", "right": "", "cdot": "*", "times": "*", "pi": "pi", "sigma": "σ",
                  "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉"}  # fmt: skip
_TOKEN: Final = re.compile(
    r"(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?(?![\d.])|\d+(?:\.\d*)?|\.\d+)|(?P<name>[^\W\d]\w*)"
    r"|(?P<blank>[ \t]+)|(?P<sign>\*\*|//|[<>=!]=|.)"
)
_DEFINED: Final = re.compile(
    r"(?:def )?([^\W\d]\w{0,20})\(([\w, ]{1,60})\) ?(?::=|=|:(?! ?return)) ?(?!=)(.+)"
)
_DEFINES: Final = re.compile(r"(?:[^\W\d]\w{0,20}(?:\([\w, ]{1,60}\))? ?:?= ?)?")
_BY_ELEMENTS: Final = re.compile(r"(?:\b[^\W\d]\w{0,40}|[)\]])\.[*/^]")
"""`x.^2` and `x.*y` of other languages: no dot at a number's end."""
_TEXTS: Final = "'\"#“”‘’"
_WORD: Final = re.compile(r"[^\W\d]")
_GIVEN: Final = re.compile(r"[^\W\d]\w{0,20} ?= ?(?!=)(.+)")


def as_code(line: str, alone: bool = False) -> str | None:
    """The line in Python's signs; `None` where nothing is to be done or the meaning is not sure.

    `alone` tells that nothing else is in the program: of `y = x^2` the right side is what is meant.
    """
    text = line.strip().strip("$").strip()
    if alone:  # the end of a sentence that it was copied from
        text = unasked(text).rstrip("，。；、,; \t")
    text = in_round_brackets(text)
    if not text or len(line) > LONGEST or any(quote in text for quote in _TEXTS):
        return None
    if text.startswith(("//", "%", "/*")):
        return None  # words of another language's comment
    text = constants_apart(transposed(text) if alone else text)
    text = _without_latex("".join(_PLAIN.get(each, each) for each in text))
    if (
        "\\" in text
        or _BY_ELEMENTS.search(text)
        or re.search(r"\bd ?/ ?d\w\b|√[\w.]+(?:\^|[²³ⁿ])", text)
    ):
        return None
    text = enclosed(in_calls(_SIGMOID.sub("sigmoid", text)))
    if LEFT_OVER.search(text) or (alone and derived(text)):
        return None
    if alone and (parts := either(_DEFINES.sub("", text))):
        code = "{} if {} else {}".format(*(as_code(each, alone) or each for each in parts))
        lead = _DEFINES.match(text)
        return _shaped(f"{lead[0]}{code}" if lead else code, alone)
    if alone and (at := at_point(text)):
        return _started(*at)
    text = powered(in_signs(text) if alone else text)
    text = _UPPER.sub(_raised, text)
    called = unbarred(apart(text) if alone else text)
    rewritten = None if called is None else _multiplied(called.replace("^", "**"))
    if rewritten is None or (rewritten == line.strip() and not _DEFINED.fullmatch(rewritten)):
        return None
    return _shaped(rewritten, alone)


def _without_latex(text: str) -> str:
    text = _COMMANDS.sub(lambda found: _SIGNS.get(found[0][1:], _named(found[0][1:])), text)
    text = _OF_DERIVATIVE.sub(r"d/d\1 ", text)
    for _ in range(MOST_NESTED):
        before = text
        text = _POWER.sub(r"^(\1)", _ROOT.sub(r"sqrt(\1)", text))
        text = _FRACTION.sub(r"((\1)/(\2))", text)
        if text == before:
            break
    return text


def _named(command: str) -> str:
    return f" {command} " if command.isalpha() else " "


def _raised(found: re.Match[str]) -> str:
    """A power with its end: of `x²y` and `e²ˣ` nobody asks what is raised."""
    power = "".join(map(_UP.__getitem__, found[0]))
    if re.search(r"[nx][0-9]", power):
        return found[0]  # `e⁻ˣ²` has a power within a power
    after = found.string[found.end() : found.end() + 1]
    apart = " " if after.isalnum() or after in ("(", "√") else ""
    return f"**{power if power.isdigit() or len(power) == 1 else f'({power})'}{apart}"


def _multiplied(text: str) -> str | None:
    """The text with its products' signs and its functions' brackets; `None` if it is not sure."""
    tokens = [(str(each.lastgroup), each[0]) for each in _TOKEN.finditer(text)]
    if any(kind == "name" and keyword.iskeyword(part) for kind, part in tokens):
        return None
    if _is_of_words(tokens):
        return None
    found: list[str] = []
    solid: list[tuple[str, str]] = []
    place = 0
    while place < len(tokens):
        kind, part = tokens[place]
        if kind == "blank":
            found.append(part)
            place += 1
            continue
        part = NAMES.get(part, part)
        if part == "(" and _is_of_attribute([text for _, text in solid]):
            return None  # torch.func.grad(f)(x)
        if solid and _is_product(solid[-1], (kind, part)):
            if _are_words(solid[-1], (kind, part)):
                return None
            before = _before_factor([text for _, text in solid])
            if before == "/" or (before == "**" and not found[-1].isspace()):
                return None
            found[:] = ["".join(found).rstrip() + "*"]
        used, taken = _argument(tokens, place)
        if used < 0:
            return None
        found.append(f"{part.replace('√', 'sqrt')}({'*'.join(taken)})" if taken else part)
        solid.append(("call", "()") if taken else (kind, part))
        place += 1 + used
    return "".join(found).replace("√", "sqrt").strip()


def _is_of_words(tokens: list[tuple[str, str]]) -> bool:
    """Whether a word of other languages stands before something: `let x`, `lim x`, `x^T y`."""
    solid = [each for each in tokens if each[0] != "blank"]
    return any(
        (kind == "name" and part in NO_FACTORS and following[0] in ("name", "number"))
        or ((kind, part) == ("name", "T") and before[1] == "**" and following[0] == "name")
        for before, (kind, part), following in zip(
            [("", ""), *solid], solid, [*solid[1:], ("", "")], strict=False
        )
    )


def _before_factor(parts: list[str]) -> str:
    """What stands before the factor that the parts end in: `/` of `1/x`, of `1/(x+1)`, of
    `1/sin(x)`; empty where nothing does."""
    first, depth = len(parts) - 1, 0
    for place in range(len(parts) - 1, -1, -1):
        depth += (parts[place] == ")") - (parts[place] == "(")
        if depth <= 0:
            first = place
            break
    if first and parts[first] == "(" and _WORD.match(parts[first - 1]):
        first -= 1
    return parts[first - 1] if first else ""


def _is_of_attribute(parts: list[str]) -> bool:
    """Whether the parts end in a call of a name behind a dot: what it gives may be called again."""
    depth = 0
    for place in range(len(parts) - 1, -1, -1):
        depth += (parts[place] == ")") - (parts[place] == "(")
        if depth <= 0:
            return parts[-1] == ")" and place > 1 and parts[place - 2] == "."
    return False


def _is_product(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """Whether two things that stand side by side are multiplied: `2x`, `x y`, `2(`, `)(`, `)x`."""
    if right[0] in ("name", "number") and left[0] == "name":
        return left[1] not in allowed.BARE or left[1] in allowed.NUMBERS
    ends = left[0] in ("number", "call") or left[1] == ")" or left[1] in allowed.NUMBERS
    return ends and (right[0] == "name" or right[1] in ("(", "√"))


def _are_words(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """Whether two things side by side are words: `derivative of x`, `怎么计算 sin(x)`."""
    if CHINESE.search(left[1] + right[1]):
        return True
    return left[0] == right[0] == "name" and not may_be_factors(left[1], right[1])


def _argument(tokens: list[tuple[str, str]], place: int) -> tuple[int, list[str]]:
    """How many tokens behind a function without brackets are what it is taken of, and these:
    `sin x`, `√x`, `sin 2x`; -1 where that is not sure.
    """
    kind, part = tokens[place]
    is_root = part == "√"
    if not is_root and not (kind == "name" and NAMES.get(part, part) in allowed.ELEMENTARY):
        return 0, []
    rest = tokens[place + 1 : place + 5]
    used = 1 if rest and rest[0][0] == "blank" else 0
    taken: list[str] = []
    for following, text in rest[used : used + 2]:
        if following == "number" and not taken:
            taken.append(text)
        elif following == "name" and text not in allowed.ELEMENTARY:
            taken.append(text)
            break
        else:
            break
    if not taken:
        return 0, []
    used += len(taken)
    after = rest[used][1] if used < len(rest) else ""
    unsure = after in ("**", "(", "[", ".") or (is_root and len(taken) > 1)
    unsure |= after == "*" and taken[0][0].isdigit()  # `sin 2*x`
    return (-1, []) if unsure else (used, taken)


def _shaped(text: str, alone: bool) -> str:
    """`f(x) = …` as a function, `y = …` that stands alone as its right side."""
    written = _DEFINED.fullmatch(text)
    if written and not is_set(*written.groups()):
        return f"def {written[1]}({written[2]}): return {written[3].strip()}"
    given = _GIVEN.fullmatch(text) if alone else None
    return given[1].strip() if given and _WORD.search(given[1]) else text


def _started(formula: str, name: str, number: str) -> str:
    """The formula as a function whose input starts at a number."""
    code = as_code(formula, alone=True) or formula
    if (written := _FUNCTION.fullmatch(code)) is None:
        return f"def f({name}={number}): return {code}"
    parameters = re.sub(rf"\b{name}\b", f"{name}={number}", written[2])
    return f"def {written[1]}({parameters}): return {written[3]}"


_FUNCTION: Final = re.compile(r"def (\w+)\(([\w, ]+)\): return (.+)")
