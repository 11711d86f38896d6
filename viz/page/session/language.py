"""The page's languages: English templates, and their translations from gettext catalogues.

`speak(code)` chooses the language of this run of the script; `_(template)` is then the translated
template, `told(message)` a `Message` of any room translated and filled. A template without a
translation stays English. Catalogues are read from their `.po` text when first needed, so that
nothing has to be compiled.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from viz.records import ENGLISH, Message


class SpokenLanguage(NamedTuple):
    """A language of the page: its own name, its tag for the browser, and whether it is complete.

    What one that is not complete still lacks is shown in English; tests ask nothing of it but that
    what is there is right, and it is spoken only to those who choose it.
    """

    name: str
    tag: str
    complete: bool = True


LANGUAGES: Final = MappingProxyType(
    {ENGLISH: SpokenLanguage("English", "en"), "zh": SpokenLanguage("简体中文", "zh-CN")}
)
"""What may be chosen, by the code in links; each but English has a catalogue in `locale/<code>`."""
COMPLETE: Final = tuple(code for code, row in LANGUAGES.items() if row.complete)
"""The languages in which every sentence, lesson and title must be there."""

FOLDER: Final = Path(__file__).resolve().parents[2] / "locale"

_MARKS: Final = re.compile(r"[\\`*_\[\]<&~$]")
_PAIRS: Final = re.compile(
    r"^(?=[-#>+=]|\d+[.)])|:(?=\S)|-(?=[->])|<(?=[-=])|[>~](?==)|@(?=\S)|www(?=\.)", re.IGNORECASE
)
"""What Streamlit replaces also behind backslashes (`:smile:`, `->`, links), or at a beginning."""
_JOINER: Final = "\u2060"
"""Takes no room, and is no part of any of these."""

LISTS: Final = frozenset({"allowed", "held", "inputs", "lines", "names"})
"""The places of messages that other rooms fill with lists; the page writes their commas."""
SEPARATOR: Final = re.compile(r", (?![^\[(]*[\])])")
"""Between the items of a list, not within an item such as `x[0, 1]`."""

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


@cache
def catalogue(code: str) -> MappingProxyType[str, str]:
    """Template → translation; empty for English, and for a language that has no file yet."""
    path = FOLDER / code / "LC_MESSAGES" / "messages.po"
    if code == ENGLISH or not path.exists():
        return MappingProxyType({})
    from babel.messages.pofile import read_po  # who reads English needs none of it

    with path.open("rb") as text:
        entries = read_po(text, locale=code)
    return MappingProxyType(
        {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}
    )


def speak(code: str) -> None:
    """From here on, in this thread's context, `_` translates to this language."""
    _spoken.set(code if code in LANGUAGES else ENGLISH)


def spoken() -> str:
    """The code of the language that is spoken now."""
    return _spoken.get()


def _(template: str) -> str:
    """The template in the spoken language."""
    return catalogue(spoken()).get(template, template)


def told(message: Message) -> str:
    """A message of any room, in the spoken language, its places filled."""
    details = {
        name: SEPARATOR.sub(_(", "), text) if name in LISTS else text
        for name, text in message.details.items()
    }
    return Message(message.template, details).filled(_(message.template))


def plain(text: str) -> str:
    """Words that Streamlit's Markdown (buttons, captions, tips) shows as they stand: whatever a
    lesson or a typed name brings along is no emphasis, formula, icon or link there.
    """
    apart = _PAIRS.sub(lambda found: found[0] + _JOINER, " ".join(text.split()))
    return _MARKS.sub(r"\\\g<0>", apart)


def preferred(locale: str | None) -> str:
    """The complete language for a browser that asks for this locale (`zh-CN`, `en-US`, …)."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return code if code in COMPLETE else ENGLISH
