"""Every lesson runs as it stands in every language and shows what it promises.

Its program, its trials, its questions with their right and wrong answers, and the words that drive
the figure are tried in one sandbox; the gradients written beside them come from calculus. The code
to take along runs as plain PyTorch.
"""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from viz.lessons import GROUPS, KEYS, Lesson, Prose, Task, head, lesson
from viz.lessons.__main__ import praise
from viz.lessons.course import FOLDER, file_of, lacking
from viz.lessons.course import LANGUAGES as WRITTEN
from viz.lessons.examining import faults
from viz.page.code import spoken_of, standalone
from viz.page.session.language import COMPLETE, LANGUAGES
from viz.page.session.state import Session, begun
from viz.page.session.view import FIRST, FIRST_INPUTS, FIRST_LESSON, View
from viz.program import check
from viz.sandbox import Sandbox

TRANSLATED = [
    (key, language)
    for key in KEYS
    for language in sorted(set(LANGUAGES) - {"en"})
    if language in COMPLETE or file_of(key, language).exists()
]
LEAST_QUESTIONS = 2


def of(key: str, language: str = "en") -> Lesson:
    found = lesson(key, language)
    assert found is not None
    return found


@pytest.mark.parametrize("key", KEYS)
def test_a_lesson_keeps_what_it_promises(sandbox: Sandbox, key: str) -> None:
    assert list(faults(of(key), sandbox)) == []


@pytest.mark.parametrize(("key", "language"), TRANSLATED)
def test_a_translation_asks_and_drives_the_same(key: str, language: str) -> None:
    """What is not words is the English file's own: so the runs above hold for it too."""
    english, other = of(key), of(key, language)
    assert file_of(key, language).exists()
    assert (other.source, other.inputs) == (english.source, english.inputs)
    assert [_unworded(task) for task in other.tasks] == [_unworded(task) for task in english.tasks]
    assert sorted(_targets(other)) == sorted(_targets(english))
    assert not set(_words(other)) & set(_words(english)), "a sentence is not translated"


def _unworded(task: Task) -> tuple[object, ...]:
    return (
        task.kind,
        task.answer,
        task.proof,
        task.set,
        task.replace,
        task.hold,
        task.play,
        [wrong.value for wrong in task.wrong],
        [(choice.value, choice.right) for choice in task.choice],
        len(task.hints),
    )


def _targets(of: Lesson) -> list[str]:
    return [run.target for prose in of.prose for run in prose if run.target]


def _words(of: Lesson) -> list[str]:
    """All sentences that a reader reads; formulas and names alone are the same in any language."""
    found = [of.head.learns]
    for task in of.tasks:
        found += [task.ask, task.then, *task.hints]
        found += [wrong.say for wrong in task.wrong]
        found += [choice.say for choice in task.choice if choice.say]
    texts = (*found, *map(_plain, of.prose))
    return [text for text in texts if re.search("[a-z]{3,} [a-z]{2,}", text)]


def _plain(prose: Prose) -> str:
    return "".join(run.text for run in prose)


@pytest.mark.parametrize("key", KEYS)
def test_a_lesson_is_complete(key: str) -> None:
    shown = of(key)
    assert len(shown.tasks) >= LEAST_QUESTIONS
    assert shown.prose
    for task in shown.tasks:
        assert task.hints
        assert task.wrong or task.choice
    assert shown.marked, "its words mark lines of the program"
    earlier = KEYS[: KEYS.index(key)]
    assert set(shown.head.needs) <= set(earlier), "what it needs comes before it"


@pytest.mark.parametrize("key", KEYS)
def test_an_answer_does_not_show_the_next_one(key: str) -> None:
    """Where the figure is set after a question, the next one's result must not stand yet."""
    tasks = of(key).tasks
    for before, after in itertools.pairwise(tasks):
        elsewhere = after.set or after.replace or after.source or after.gradient
        if after.veil and not elsewhere and after.kind != "sketch":
            there = before.set or before.replace or before.gradient
            assert there or before.play != "end", before.ask


def test_the_course_is_whole() -> None:
    assert len(KEYS) >= 28
    assert len(set(KEYS)) == len(KEYS)
    files = {path.name for path in FOLDER.glob("*.md")}
    whole = {f"{key}.{language}.md" for key in KEYS for language in COMPLETE}
    assert whole <= files
    assert files <= {f"{key}.{language}.md" for key in KEYS for language in LANGUAGES}
    for group in GROUPS:
        assert set(group.title) >= set(COMPLETE)
        assert set(group.about) >= set(COMPLETE)


def test_the_command_names_what_the_course_lacks() -> None:
    files = [path for path in FOLDER.glob("*.md") if path.name != "chain.zh.md"]
    (told,) = lacking([*files])
    assert told.startswith(f"{FOLDER / 'chain.zh.md'}: ")
    (told,) = lacking([*FOLDER.glob("*.md"), FOLDER / "mine.en.md"])
    assert told.startswith(f"{FOLDER / 'mine.en.md'}: ")
    assert set(COMPLETE) <= set(WRITTEN)


def test_the_command_counts_lessons_and_not_files() -> None:
    files = [Path(name) for name in ("a.en.md", "a.zh.md", "b.md")]
    assert praise(files) == "2 lessons are right (en, zh: 3 files)."
    assert praise(files[:1]) == "1 lesson is right (en: 1 file)."


def test_a_head_is_read_without_the_rest() -> None:
    assert head("chain", "zh") == of("chain", "zh").head
    assert head("no-such-lesson") is None
    assert lesson("../../etc/passwd") is None


def test_the_first_screen_is_a_lesson() -> None:
    assert of(FIRST_LESSON).source == FIRST
    assert of(FIRST_LESSON).inputs == dict(FIRST_INPUTS)


@pytest.mark.parametrize("key", ["chain", "vector", "kink"])
def test_the_code_to_take_along_marks_what_the_lesson_speaks_of(key: str) -> None:
    """Of a function, a script and an expression."""
    shown = of(key)
    now = Session(begun(shown))
    now.view = replace(now.view, lesson=key)
    program = check(shown.source)
    text = standalone(program, now.view)
    lines, own = text.splitlines(), shown.source.splitlines()
    found = [lines[at].strip().removeprefix("y = ") for at in spoken_of(now, program, text)]
    assert found == [own[line - 1].strip().removeprefix("y = ") for line in shown.marked]
    now.view = replace(now.view, source=shown.source + "\n# mine")
    assert spoken_of(now, program, text) == ()


@pytest.mark.parametrize("key", KEYS)
def test_the_code_to_take_along_imports_what_it_names(key: str) -> None:
    shown = of(key)
    for source in {shown.source, *map(shown.source_of, shown.trials)}:
        view = View(source=source, texts=MappingProxyType(dict(shown.inputs)))
        program = check(source)
        tree = ast.parse(standalone(program, view))
        taken = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = [alias.name for node in taken if node.module == "torch" for alias in node.names]
        assert {f"torch.{name}" for name in names} <= {"torch.nn", *program.names}


@pytest.mark.parametrize(
    "source",
    ["  x = torch.ones(1)\n  y = x*2\n", "  def f(x):\n    return x\n  f(2.0)", " x*2"],
)
def test_the_code_to_take_along_stands_at_the_margin(source: str) -> None:
    ast.parse(standalone(check(source), View(source=source)))


def test_the_code_to_take_along_gives_the_course_s_numbers(sandbox: Sandbox) -> None:
    source = "2*torch.dot(x, x)"
    code = "\n".join(
        standalone(check(source), View(source=source, texts=MappingProxyType(texts)))
        for source, texts in (
            (source, {"x": "torch.arange(4.0)"}),
            (of("chain").source, dict(of("chain").inputs)),
            (of("square").source, {"x": "0.0"}),
        )
    )
    whole = View(source="x*x", texts=MappingProxyType({"x": "torch.tensor([7,2])"}))
    as_it_ran = sandbox.trace("x*x", {"x": "torch.tensor([7,2])"})
    code += standalone(check("x*x"), whole, as_it_ran)
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert "tensor([ 0.,  4.,  8., 12.])" in run.stdout
    assert "tensor([49,  4])" in run.stdout, "whole numbers stay whole, and have no gradient"
    assert run.stdout.split().count("tensor(-4.)") == 2
    assert "tensor(-12., grad_fn=<MulBackward0>)" in run.stdout
