"""Programs in other languages: which one it is, and the same in Python where that is certain.

`language_of(source)` names it by its words. `as_python(source)` rewrites blocks (`function … end`,
`{ … }`), loops over numbers, functions without a name and the signs between; `None` where nothing
is to be done, or where a meaning might change: elements that are counted from 1, products of
matrices. Whether Python reads what comes out is for the caller to see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from viz.errors import N_
from viz.program.notation.foreign import is_unsure, masked

MOST_LINES: Final = 200
LONGEST: Final = 4_000
"""Characters of a program that is rewritten."""

_LANGUAGES: Final = (
    (
        "C",
        r"^[ \t]*(?:#include\b|(?:int|void|double|float)[ \t]+\w+[ \t]*\([^()]*\)[ \t]*\{|std::)",
    ),
    (
        "Java",
        r"^[ \t]*(?:public|private)[ \t]+(?:static|class|void)\b|\bSystem\.out\.",
    ),
    (
        "R",
        r"<-[ \t]*function\b|^[ \t]*library\(|^[ \t]*\w+[ \t]*<-[ \t]|\bfor[ \t]*\(\w+ in\b"
        r"|\bD\(expression\(",
    ),
    (
        "JavaScript",
        r"^[ \t]*(?:const|let|var)[ \t]+\w|\bconsole\.log\b|=>|===|!=="
        r"|^[ \t]*function\b[^\n]*\{|\brequire\(['\"]|\bfor[ \t]*\([^;()\n]*;"
        r"|^[ \t]*(?:def|if|while)\b[^\n{]*\)[ \t]*\{[ \t]*$",
    ),
    (
        "Julia",
        r"^[ \t]*using[ \t]+[A-Z]|\bprintln\(|^[ \t]*function[ \t]+\w+\([^()\n]*\)[ \t]*$"
        r"|^[ \t]*import[ \t]+[A-Z]\w*:|::(?:Float64|Int|Vector)|\bbegin[ \t]*$|^[ \t]*@\w+[ \t]",
    ),
    (
        "MATLAB",
        r"^[ \t]*(?:syms|clc|clear|close all|hold on|figure)\b|^[ \t]*function\b[^\n]*=|@\(\w"
        r"|\bdisp\(|^[ \t]*%[ \t]|\.[*/^]|\.'|\]\s*;[ \t]*$|\bfprintf\(",
    ),
)
LANGUAGE_REMEDIES: Final = {
    "Julia": N_(
        "Write it in Python: def f(x): return x**2, a block by its indentation without end,"
        " elements counted from 0; ForwardDiff.derivative(f, x) and Zygote's gradient are"
        " torch.func.grad(f)(x)."
    ),
    "MATLAB": N_(
        "Write it in Python: def f(x): return x**2, a block by its indentation without end, x[0]"
        " for the first element; * works element by element, @ multiplies matrices."
    ),
    "R": N_(
        "Write it in Python: def f(x): return x**2, x = 3 for x <- 3, x[0] for the first element,"
        " torch.tensor([1.0, 2.0]) for c(1, 2)."
    ),
    "JavaScript": N_(
        "Write it in Python: def f(x): return x**2, a block by a colon and its indentation, print"
        " for console.log."
    ),
    "C": N_(
        "Write it in Python: def f(x): return x**2, a block by a colon and its indentation, names"
        " without types."
    ),
    "Java": N_(
        "Write it in Python: def f(x): return x**2, a block by a colon and its indentation, names"
        " without types."
    ),
}
"""What helps with a program in another language."""


def language_of(source: str) -> str | None:
    """The language whose words a text has, `None` if it may be Python."""
    text = "\n".join(map(masked, source[:LONGEST].split("\n")[:MOST_LINES]))
    return next((name for name, words in _LANGUAGES if re.search(words, text, re.M)), None)


_GIVEN: Final = r"\([ \t]*(?P<given>[\w, \t]*?)[ \t]*\)"
_FUNCTION: Final = re.compile(
    rf"(?:function|def)[ \t]+(?:(?P<result>\w+)[ \t]*=[ \t]*)?(?P<name>\w+)[ \t]*{_GIVEN}[ \t]*"
    r"(?P<brace>\{?)(?P<body>.*)"
)
_NAMED: Final = re.compile(
    r"(?:(?:const|let|var)[ \t]+)?(?P<name>\w+)[ \t]*(?:=|<-)[ \t]*(?:function[ \t]*)?"
    rf"{_GIVEN}[ \t]*(?:=>)?[ \t]*(?P<brace>\{{)(?P<body>.*)(?P<result>)"
)
_SHORT: Final = re.compile(rf"(?P<name>\w+){_GIVEN}[ \t]*=(?!=)[ \t]*(?P<body>.+)")
_BLOCK: Final = re.compile(
    r"(?P<word>if|elseif|else[ \t]+if|elif|while)\b[ \t]*(?P<test>.*?)[ \t]*(?P<end>\{|:|\bthen)?"
)
_LOOP: Final = re.compile(
    r"for\b[ \t]*\(?[ \t]*(?P<name>\w+)[ \t]*(?:=|in|∈)[ \t]*(?P<first>-?\w+)[ \t]*:[ \t]*"
    r"(?P<last>\w+)[ \t]*\)?[ \t]*(?P<brace>\{?)"
)
_COUNTED: Final = re.compile(
    r"for[ \t]*\([ \t]*(?:(?:let|var|int)[ \t]+)?(?P<name>\w+)[ \t]*=[ \t]*(?P<first>-?\w+)[ \t]*;"
    r"[ \t]*(?P=name)[ \t]*<(?P<equal>=?)[ \t]*(?P<last>\w+)[ \t]*;[ \t]*"
    r"(?:(?P=name)\+\+|\+\+(?P=name)|(?P=name)[ \t]*\+=[ \t]*1)[ \t]*\)[ \t]*(?P<brace>\{)"
)
_EACH: Final = re.compile(
    r"for[ \t]*\([ \t]*(?:(?:const|let|var)[ \t]+)?(?P<name>\w+)[ \t]+(?:of|in)[ \t]+"
    r"(?P<all>[\w.]+)[ \t]*\)[ \t]*\{"
)
_ONE_LINE: Final = re.compile(
    r"(?P<head>(?:for|if|while)\b[^{}]*\{)[ \t]*(?P<body>[^{}]*[^{};\s])[ \t;]*\}"
)
_NAMELESS: Final = (
    re.compile(r"\((?P<given>[\w, \t]*)\)[ \t]*(?:=>|->)[ \t]*(?P<body>[^{}]+)"),
    re.compile(r"(?<![\w)])(?P<given>\w+)[ \t]*(?:=>|->)[ \t]*(?P<body>[^{}]+)"),
    re.compile(r"@[ \t]*\((?P<given>[\w, \t]*)\)[ \t]*(?P<body>.+)"),
    re.compile(
        r"(?:\bfunction|\\)[ \t]*\((?P<given>[\w, \t]*)\)[ \t]*\{?[ \t]*(?:return\b)?"
        r"(?P<body>[^{}]+)\}?"
    ),
)
_DECLARED: Final = re.compile(r"(?:const|let|var|local)[ \t]+(?=\w+[ \t]*=)")
_SIGNS: Final = (
    (re.compile(r"\.\^"), "**"),
    (re.compile(r"\.([*/(])"), r"\1"),
    (re.compile(r"&&"), "and"),
    (re.compile(r"(?<=[ \t])\|\|(?=[ \t])"), "or"),
    (re.compile(r"==="), "=="),
    (re.compile(r"!==|~="), "!="),
    (re.compile(r"\bconsole\.log(?=\()|\bprintln(?=\()|\bdisp(?=\()"), "print"),
    (re.compile(r"\bMath\.(?=[a-z])"), "math."),
    (re.compile(r"\b(?:true|TRUE)\b"), "True"),
    (re.compile(r"\b(?:false|FALSE)\b"), "False"),
    (re.compile(r"\b(?:null|NULL|nothing)\b"), "None"),
)
_STEPS: Final = re.compile(
    r"(?P<name>\w+)[ \t]*=[ \t]*\[?(?P<first>-?[\d.]+):(?:(?P<step>[\d.]+):)?(?P<last>-?[\d.]+)\]?"
)
_INCREMENT: Final = re.compile(r"(\w+)(\+\+|--)")
_COMMENTS: Final = {"JavaScript": "//", "MATLAB": "%"}
_WITH_RESULT: Final = frozenset({"Julia", "R"})
"""Languages in which a function gives back what it computed last."""
_SET: Final = re.compile(r"(?P<name>\w+)[ \t]*=(?!=)")


def as_python(source: str) -> str | None:
    """The program in Python's words, `None` where that is not certain or nothing is to be done."""
    lines = source.split("\n")
    language = language_of(source)
    if language in (None, "C", "Java") or len(lines) > MOST_LINES or len(source) > LONGEST:
        return None
    plain = [*map(masked, lines)]
    if language != "JavaScript" and (
        _counts_from_one("\n".join(plain)) or any(map(_is_mixed, plain))
    ):
        return None
    blocks = _Rewriting(language or "")
    if not all(blocks.takes(*each) for each in zip(lines, plain, strict=True)) or blocks.open:
        return None
    text = "\n".join(blocks.out)
    return text if text != source else None


def _is_mixed(line: str) -> bool:
    return re.search(r"\.[*/^]", line) is not None and is_unsure(line)


_ELEMENT_SET: Final = (
    r"^[ \t]*for\b[^\n]*?\b(?P<count>\w+)[ \t]*(?:=|in|∈)[^\n]*\n(?:[^\n]*\n){0,20}?"
    r"[ \t]*\w+\((?:[^()\n]*\W)?(?P=count)\b[^()\n]*\)[ \t]*="
)
"""`x(i) = …` in a loop over i: no function that is defined."""


def _counts_from_one(text: str) -> bool:
    """Whether elements are asked for by their number."""
    functions = r"(?![^\n]*(?:@\(|->|function\b))"
    names = re.findall(rf"^[ \t]*(\w+)[ \t]*(?:=|<-)(?![=>]){functions}", text, re.M)
    if re.search(_ELEMENT_SET, text, re.M):
        return True
    called = set(re.findall(r"\b(\w+)\(", text))
    return re.search(r"[\w)]\[", text) is not None or bool(set(names) & called)


@dataclass
class _OpenBlock:
    """A block that is open: how it closes; of a function, what it gives back."""

    closes: str
    is_function: bool = False
    result: str = ""


@dataclass
class _Rewriting:
    """Takes a program line by line; `open` are the blocks around the next one."""

    language: str
    open: list[_OpenBlock] = field(default_factory=list)
    out: list[str] = field(default_factory=list)

    def takes(self, line: str, hidden: str) -> bool:
        """Writes one line, indented by its blocks; whether it was understood."""
        mark = _COMMENTS.get(self.language)
        if mark and (start := hidden.find(mark)) >= 0:
            if hidden[:start].strip() and self.language == "MATLAB" and '"' in hidden:
                return False
            comment = line[start + len(mark) :].strip()
            line, hidden = line[:start], hidden[:start]
            if not hidden.strip():
                self._write(f"# {comment}")
                return True
        line = line[: len(hidden.rstrip())].strip()
        while line.endswith(";"):
            line = line[:-1].rstrip()
        return self._line(line)

    def _write(self, text: str, less: int = 0) -> bool:
        self.out.append("    " * (len(self.open) - less) + text if text else "")
        return True

    def _line(self, line: str) -> bool:
        if line in ("end", "}"):
            return self._closed(line)
        if re.fullmatch(r"(?:\}[ \t]*)?else[ \t]*[{:]?", line):
            return bool(self.open) and self._write("else:", 1)
        line = re.sub(r"^\}[ \t]*(?=else\b)", "", line)
        if written := _ONE_LINE.fullmatch(line):
            parts = [written["head"], *re.split(r"[ \t]*;[ \t]*", written["body"]), "}"]
            return all(self._line(each) for each in parts if each)
        if written := _FUNCTION.fullmatch(line) or _NAMED.fullmatch(line):
            return self._function(written)
        if written := _LOOP.fullmatch(line) or _COUNTED.fullmatch(line):
            return self._loop(written)
        if written := _EACH.fullmatch(line):
            return self._begin(f"for {written['name']} in {written['all']}:", _OpenBlock("}"))
        if written := _BLOCK.fullmatch(line):
            return self._tested(written)
        if (written := _SHORT.fullmatch(line)) and self.language == "Julia":
            head = f"def {written['name']}({written['given']}): return "
            return self._write(head + self._statement(written["body"]))
        return "{" not in line and self._write(self._statement(line))

    def _tested(self, written: re.Match[str]) -> bool:
        word, test = written["word"], self._statement(written["test"].strip())
        if test.startswith("(") and test.endswith(")") and ")" not in test[:-1]:
            test = test[1:-1]
        if word in ("if", "while"):
            return self._begin(
                f"{word} {test}:", _OpenBlock("}" if written["end"] == "{" else "end")
            )
        return bool(self.open) and self._write(f"elif {test}:", 1)

    def _function(self, written: re.Match[str]) -> bool:
        head = f"def {written['name']}({written['given']}):"
        body = written["body"].strip()
        if body and written["brace"]:
            inner = re.fullmatch(r"(return\b)?[ \t]*([^{}]*?);?[ \t]*\}", body)
            if inner is None or ";" in inner[2] or not (inner[1] or self.language == "R"):
                return False
            return self._write(f"{head} return {self._statement(inner[2])}")
        closes = "}" if written["brace"] else "end"
        return not body and self._begin(head, _OpenBlock(closes, True, written["result"]))

    def _loop(self, written: re.Match[str]) -> bool:
        last, parts = written["last"], written.groupdict()
        if parts.get("equal") != "":  # the last one is counted as well
            last = str(int(last) + 1) if last.isdecimal() else f"{last} + 1"
        head = f"for {written['name']} in range({written['first']}, {last}):"
        return self._begin(head, _OpenBlock("}" if written["brace"] else "end"))

    def _begin(self, head: str, block: _OpenBlock) -> bool:
        self._write(head)
        self.open.append(block)
        return True

    def _closed(self, line: str) -> bool:
        if not self.open or self.open[-1].closes != line:
            return False
        block = self.open[-1]
        if block.result:
            self._write(f"return {block.result}")
        elif block.is_function and self.language in _WITH_RESULT and not self._gives_last():
            return False
        else:
            self._write("")
        self.open.pop()
        return True

    def _gives_last(self) -> bool:
        """Makes the last line of a function what it gives back; whether it is one of its own."""
        place = next((n for n in range(len(self.out) - 1, -1, -1) if self.out[n].strip()), 0)
        line = self.out[place]
        text, indent = line.strip(), "    " * len(self.open)
        if text.startswith("return"):
            return True
        if line != indent + text or text.startswith(("#", "def ")):
            return False
        given = _SET.match(text)
        self.out[place] = f"{line}; return {given['name']}" if given else f"{indent}return {text}"
        return True

    def _statement(self, text: str) -> str:
        """The signs of one statement, what is quoted aside."""
        parts = re.split(r"(\"[^\"]*\"|'[^']*')", text)
        return "".join(
            part if number % 2 else self._signs(part) for number, part in enumerate(parts)
        )

    def _signs(self, text: str) -> str:
        text = _DECLARED.sub("", text)
        if self.language == "MATLAB" and (steps := _STEPS.fullmatch(text)):
            return _counted_up(steps)
        if self.language == "R":
            text = re.sub(r"^(\w+)[ \t]*<-[ \t]*", r"\1 = ", text)
        for pattern in _NAMELESS:
            text = pattern.sub(
                lambda each: f"lambda {each['given'].strip()}: {each['body'].strip()}", text
            )
        for sign, meant in _SIGNS:
            text = sign.sub(meant, text)
        if self.language != "JavaScript":
            text = text.replace("^", "**")
        counted = _INCREMENT.fullmatch(text)
        return f"{counted[1]} {counted[2][0]}= 1" if counted else text


def _counted_up(found: re.Match[str]) -> str:
    """`x = torch.arange(0.0, 1.05, 0.1)` for `x = 0:0.1:1`, whose last one is counted as well."""
    first, last, step = (found[each] or "1" for each in ("first", "last", "step"))
    if any(each.count(".") > 1 or not each.strip("-.") for each in (first, last, step)):
        return found[0]
    more = f", {float(step)}" if found["step"] else ""
    end = round(float(last) + float(step) / 2, 12) if more else float(last) + 1
    return f"{found['name']} = torch.arange({float(first)}, {end}{more})"
