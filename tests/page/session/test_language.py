"""A complete language lacks nothing; of any, nothing is stale and every place is kept."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from types import MappingProxyType

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from streamlit.testing.v1 import AppTest

from tests.page.opening import sent
from viz.lessons import GROUPS
from viz.page import masthead
from viz.page.session import language
from viz.page.session.language import (
    COMPLETE,
    FOLDER,
    LANGUAGES,
    catalogue,
    plain,
    preferred,
    speak,
    told,
)
from viz.records import Message

VIZ = Path(__file__).resolve().parents[3] / "viz"
# templates stand in `_()`, `N_()`, and as the first two arguments of `problem(…)`
KEYWORDS = {"_": None, "N_": None}
OTHERS = sorted(set(LANGUAGES) - {"en"})


def templates() -> set[str]:
    found = extract_from_dir(
        str(VIZ), method_map=[("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True
    )
    return {message for _file, _line, message, _comments, _context in found if message}


def places(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


def test_no_message_hides_from_babel() -> None:
    """In an f-string it would not be found, and nobody would miss its translation."""
    written = {
        text.value
        for path in VIZ.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KEYWORDS
        for text in call.args
        if isinstance(text, ast.Constant)
    }
    assert written <= templates()


@pytest.mark.parametrize("code", sorted(set(COMPLETE) - {"en"}))
def test_no_translation_is_missing(code: str) -> None:
    missing = templates() - set(catalogue(code))
    assert not missing, f"translate in {code}: {sorted(missing)}"


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_stale(code: str) -> None:
    stale = set(catalogue(code)) - templates()
    assert not stale, f"remove from {code}: {sorted(stale)}"


@pytest.mark.parametrize("code", OTHERS)
def test_translations_are_reviewed_and_keep_their_places(code: str) -> None:
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as text:
        entries = [entry for entry in read_po(text, locale=code) if entry.id]
    empty = {entry.id for entry in entries if not entry.string}
    assert code not in COMPLETE or not empty
    for entry in entries:
        assert not entry.fuzzy
        assert entry.id in empty or set(places(entry.string)) == set(places(entry.id)), entry.id


TERMS = tomllib.loads((FOLDER / "zh" / "terms.toml").read_text("utf-8"))


def strayed(english: str, chinese: str) -> list[str]:
    """The terms that a translation lacks, and the unwanted words that it has."""
    lacking = [
        term
        for term, wanted in TERMS["terms"].items()
        if re.search(rf"(?<![\w.(]){term}s?(?![\w(=]|\.\w)", english, re.IGNORECASE)
        and wanted not in chinese
    ]
    return lacking + [word for word in TERMS["unwanted"] if word in chinese]


def test_translations_use_the_course_s_terms() -> None:
    found = {english: strayed(english, chinese) for english, chinese in catalogue("zh").items()}
    assert {english: words for english, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("english", "chinese", "words"),
    [
        ("Learning rate", "学习率", []),
        ("The learning rates", "学习速率", ["learning rate"]),
        ("A leaf", "叶子", ["leaf", "叶子"]),
        ("Use y.detach() or gradient=v", "用它", []),
    ],
)
def test_a_strayed_term_is_found(english: str, chinese: str, words: list[str]) -> None:
    assert strayed(english, chinese) == words


@pytest.mark.parametrize(
    ("code", "shown"),
    [("en", "The inputs: x[0, 1], y, z."), ("zh", "输入：x[0, 1]、y、z。")],
)
def test_lists_have_the_commas_of_the_language(code: str, shown: str) -> None:
    speak(code)
    try:
        assert told(Message("The inputs: {names}.", {"names": "x[0, 1], y, z"})) == shown
    finally:
        speak("en")


MARKDOWN = {"button", "caption", "download_button"}
"""What shows its first argument as Markdown, and may show words of others."""
CHOICES = {"pills", "segmented_control"}
"""What shows its choices so."""


def test_words_of_others_reach_no_markdown() -> None:
    """Only what stands in the page's own text goes there as it is, all else through `plain`."""
    known, seen = ("_", "plain"), 0
    for path in (VIZ / "page").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        escaped = {
            name.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and _calls(node.value, ("plain",))
            for name in node.targets
            if isinstance(name, ast.Name)
        }
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and ast.unparse(call.func).startswith("st.")):
                continue
            kind = ast.unparse(call.func)[3:]
            shown = call.args[:1] if kind in MARKDOWN else []
            for each in call.keywords:
                if each.arg == "format_func" and kind in CHOICES:
                    assert isinstance(each.value, ast.Lambda)
                    shown.append(each.value.body)
                elif each.arg == "help":
                    shown.append(each.value)
            for words in shown:
                seen += 1
                told = words.orelse if isinstance(words, ast.IfExp) else words
                fine = _calls(told, known) or getattr(told, "id", "") in escaped
                assert fine, f"{path.name}:{words.lineno}: {ast.unparse(words)}"
    assert seen > 20


def _calls(node: ast.AST, names: tuple[str, ...]) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in names


@pytest.mark.parametrize(
    ("words", "escaped"),
    [
        ("Next: The chain rule: (x + y) · z", "Next: The chain rule: (x + y) · z"),
        ("x_1_ = a*b*c", r"x\_1\_ = a\*b\*c"),
        ("`x` $y$ **z** [a](b) <i> &lt; ~~s~~", None),
        (":smile: :red[hot]", ":\u2060smile: :\u2060red\\[hot\\]"),
        ("a -> b", "a -\u2060> b"),
        ("# head", "\u2060# head"),
        ("    code\nmore", "code more"),
        ("https://a.b www.a.b a@b.c", "https:\u2060//a.b www\u2060.a.b a@\u2060b.c"),
    ],
)
def test_plain_words_stay_what_they_are(words: str, escaped: str | None) -> None:
    assert escaped in (None, plain(words))
    # without what Markdown takes away they are the words
    assert re.sub(r"\\(.)|\u2060", r"\1", plain(words)) == " ".join(words.split())
    assert not re.search(r"(?<!\\)[`$*_\[\]<~]", plain(words))


@pytest.mark.parametrize(
    ("locale", "code"),
    [("zh-CN", "zh"), ("zh_TW", "zh"), ("en-GB", "en"), ("fr", "en"), (None, "en"), ("", "en")],
)
def test_the_browser_s_language_is_taken(locale: str | None, code: str) -> None:
    assert preferred(locale) == code


def test_a_language_just_begun_shows_english_in_its_place(monkeypatch) -> None:
    """One row is all that it takes; what the row's language lacks is English on the page."""
    row = {"eo": language.SpokenLanguage("Esperanto", "eo", complete=False)}
    for module in (language, masthead):
        monkeypatch.setattr(module, "LANGUAGES", MappingProxyType({**LANGUAGES, **row}))
    app = AppTest.from_function(_head).run()
    assert not app.exception
    assert app.get("button_group")[0].value == "eo"
    assert app.selectbox[0].label == "Lessons"
    groups = sent(app, "course")["groups"]
    assert [group["title"] for group in groups] == [group.title["en"] for group in GROUPS]
    assert preferred("eo") == "en"


def _head() -> None:
    """The page's head alone, of somebody who chose the language."""
    from viz.page.masthead import masthead
    from viz.page.session import state
    from viz.page.session.language import speak

    speak("eo")
    masthead(state.session())


def test_a_message_without_translation_stays_english_and_is_filled() -> None:
    speak("zh")
    try:
        assert told(Message("No such template: {name}.", {"name": "x"})) == "No such template: x."
    finally:
        speak("en")
