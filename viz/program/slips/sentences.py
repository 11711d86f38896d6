"""Words of people around the code that they ask about, and what Python said when it failed.

`is_sentence(line)` tells a line of words; `without_words(lines)` gives as many lines, blank where
there were words or a traceback, or `None` where there are neither. `without_prose` also knows the
words of other languages by their letters and their form, and `without_captions` such a line alone.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from typing import Final

from viz.program.allowlist.words import words
from viz.trees import reads

_WORD: Final = re.compile(r"[A-Za-z][a-z]*(?:['’][a-z]{1,3})?(?![\w(\[=])")
_COMMON: Final = frozenset(
    words(
        "a about after all also am an and any are as at be because but by can code could did do"
        " does error example for from get gets give given has have hello help here hi how i if in"
        " is it its let like me my need not of on one or our out please should so some such that"
        " the their them then there these they thing this to two us use used using want was we"
        " what when where which who why will with work works would you your thanks thank following"
        " below above question problem anyone derivative gradient function find compute calculate"
        " times squared plus minus respect where"
    )
)
_STARTS_CODE: Final = re.compile(
    r"\s*(?://|%|/\*|(?:import|from)\s+[\w.]+(?:\s+(?:import|as)\b.*|\s*)$|(?:def|class)\s+\w+\s*[(:]"
    r"|(?:for|if|while|with|elif|else|try|except)\b.*:\s*(?:#.*)?$|return\b|print\b|@\w|#"
    r"|for\s+\w+(?:\s*,\s*\w+)*\s+in\s+[\w.]+\s*[(\[]|(?:if|while|elif)\s+[\w.]+\s*[<>=!]"
    r"|[\w.]+(?:\[[^\]]*\])?(?:\s*,\s*\w+)*\s*[-+*/]?=|[\w.]+\()"
)
_TALKS: Final = re.compile(r"[A-Z][\w'’ ,;-]{0,60}[.!?:,]\s*$")
"""`Hi all,` and `Thanks!`: said beside sentences, no line of code."""
CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_SPOKEN: Final = re.compile(r"[\u3400-\u9fff，。？！：；、“”]")
LEAST_COMMON: Final = 2
MOST_LINES: Final = 400
LONGEST: Final = 2_000
_TRACEBACK: Final = re.compile(r"\s*Traceback \(most recent call last\)")
_RAISED: Final = re.compile(
    r"\s*(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Warning|Interrupt)\b(?::|\s*$)"
)
_OF_TRACEBACK: Final = re.compile(r"\s*File \"[^\"\n]{1,200}\", line \d|\s*-{4,}>? ?\d|\s*\^+\s*$")


def is_sentence(line: str) -> bool:
    """Whether a line is written for people: common words side by side, and no code."""
    text = line.strip()
    if not text or len(text) > LONGEST or _STARTS_CODE.match(text):
        return False
    if _is_chinese(text):
        return True
    signs = _CODE.search(text.replace("'", ""))
    return _says(text, LEAST_COMMON if signs is None else LEAST_COMMON + 1)


def _is_chinese(text: str) -> bool:
    """Whether Chinese words stand outside of quotes and comments, and are no names of a program."""
    bare = re.sub(r"#.*|\"[^\"]*\"|'[^']*'", "", text)
    return len(CHINESE.findall(bare)) > 2 and (
        re.match(r"[\w.]+\s*=|[A-Za-z_][\w.]*\(", bare) is None
        and len(_SPOKEN.findall(bare)) * 3 > len(bare)
    )


_CODE: Final = re.compile(r"[\"#]|\w\(\w*\)|(?<![<>=!])=")


def _says(text: str, least: int) -> bool:
    """Whether so many common words stand in a text, some of its words side by side."""
    found = _WORD.findall(text)
    common = [each for each in found if each.lower() in _COMMON]
    beside = re.search(r"\b[A-Za-z]{1,20}['’a-z]{0,3},? [a-z]{1,20},? [A-Za-z]{1,20}\b", text)
    return len(common) >= least and len(found) > LEAST_COMMON and beside is not None


def is_traceback(text: str) -> bool:
    """Whether a line begins what Python says of an error, or is its last."""
    return _TRACEBACK.match(text) is not None or _RAISED.match(text) is not None


def without_words(lines: Sequence[str]) -> list[str] | None:
    """The lines with blanks for sentences and tracebacks; `None` where there are none."""
    found = _without_tracebacks(lines)
    told = [is_sentence(line) and not _is_code(line) for line in found[:MOST_LINES]]
    told += [False] * (len(found) - len(told))
    if any(told):
        said = [_TALKS.match(line) is not None and " = " not in line for line in found]
        found = [
            "" if spoken or talks else line
            for line, spoken, talks in zip(found, told, said, strict=True)
        ]
    return found if found != list(lines) else None


def _is_code(line: str) -> bool:
    """Whether Python reads the line: `a is not b and c`."""
    return reads(line.strip())


def _without_tracebacks(lines: Sequence[str]) -> list[str]:
    found, inside = [], False
    for line in lines:
        inside = inside or _TRACEBACK.match(line) is not None
        raised = _RAISED.match(line) is not None
        found.append("" if inside or raised or _OF_TRACEBACK.match(line) else line)
        inside = inside and not raised
    return found


_HARDLY_CODE: Final = re.compile(r"[=\[\]{}<>*/+^|\\\"#_@]|\w\(")
_ENDS_TALK: Final = re.compile(r"[.:!?…。：？！]\s*$")
_PLAIN_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_GREEK: Final = re.compile(r"[\u0370-\u03ff]")
LEAST_WORDS: Final = 3


def without_prose(lines: Sequence[str]) -> list[str] | None:
    """The lines with blanks for what is written for people in any language; `None` if nothing is.

    No line that is indented, none that Python reads: `возьмём x` may stand in the middle of code.
    """
    found = without_words(lines) or _without_tracebacks(lines)
    told = [_is_prose(line) and not _is_code(line) for line in found[:MOST_LINES]]
    told += [False] * (len(found) - len(told))
    if any(told):
        found = [
            "" if prose or _TALKS.fullmatch(line) else line
            for line, prose in zip(found, told, strict=True)
        ]
        found = without_captions(found) or found
    return found if found != list(lines) else None


def _is_prose(line: str) -> bool:
    """Whether a line is written in words: most of its letters are no Latin ones, or several plain
    words stand side by side, as a sentence begins and ends.
    """
    text = line.strip()
    if not text or line[:1].isspace() or len(text) > LONGEST:
        return False
    code = _STARTS_CODE.match(text)
    if code is not None and (text[0].isascii() or "=" in code[0]):
        return False
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", text)
    letters = [each for each in bare if each.isalpha()]
    foreign = [each for each in letters if ord(each) > LATIN and not _GREEK.match(each)]
    if len(foreign) >= LEAST_WORDS and len(foreign) * 2 > len(letters):
        return True
    if _HARDLY_CODE.search(bare) or keyword.iskeyword(re.split(r"\W", text)[0]):
        return False
    accented = any(ord(each) > ASCII and not _GREEK.match(each) for each in letters)
    ends = _ENDS_TALK.search(text) is not None
    count = len(_PLAIN_WORD.findall(bare))
    begins = text[0].isupper() or text[0] in "¿¡"
    return ends and (accented or (begins and count >= LEAST_WORDS))


ASCII: Final = 0x7F
LATIN: Final = 0x36F
"""Letters of Latin and its accents end here."""
_CAPTION: Final = re.compile(r"[^\W\d]\w{1,40}\s*$")


def without_captions(lines: Sequence[str]) -> list[str] | None:
    """The lines without a name that is none in Latin letters, stands alone and nowhere else, as a
    heading does: `输出`; `None` where no such line is, or the code has names of that kind.
    """
    if all(line.isascii() for line in lines):
        return None
    found = [_is_caption(line) for line in lines]
    rest = "\n".join(line for line, is_one in zip(lines, found, strict=True) if not is_one)
    bare = re.sub(r"#.*|\"[^\"\n]*\"|'[^'\n]*'", "", rest)
    own = any(each.isalpha() and ord(each) > LATIN and not _GREEK.match(each) for each in bare)
    if own or not any(found):
        return None
    return ["" if is_one else line for line, is_one in zip(lines, found, strict=True)]


def _is_caption(line: str) -> bool:
    return _CAPTION.match(line) is not None and not any(
        each.isascii() or ord(each) <= LATIN or _GREEK.match(each) for each in line.strip()
    )
