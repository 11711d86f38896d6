"""A lesson's file is read strictly: every fault is told with its line and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from viz.errors import LessonRejected
from viz.lessons import LONGEST, TextRun, read, words
from viz.lessons.__main__ import main
from viz.lessons.lesson import Task

HEAD = '+++\ntitle = "A square"\nlearns = "Squares."\nminutes = 3\ninputs.x = "3.0"\n+++\n'
PROGRAM = "```python\nx * x\n```\n"
ASK = '```ask\nkind = "number"\nask = "How steep?"\nthen = "2x"\nanswer = "gradient of x"\n```\n'
GOOD = f"{HEAD}\n{PROGRAM}\nSome [words](end).\n\n{ASK}"


def test_a_good_file_is_read() -> None:
    lesson = read("square", GOOD)
    assert (lesson.title, lesson.source, lesson.inputs) == ("A square", "x * x", {"x": "3.0"})
    prose, task = lesson.parts
    assert prose == (TextRun("Some "), TextRun("words", target="end"), TextRun("."))
    assert isinstance(task, Task)
    assert task.answer == "gradient of x"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("no head", 1, "head is missing"),
        (GOOD.replace('title = "A square"', "title ="), 2, "not TOML"),
        (GOOD.replace("minutes = 3", 'minutes = "3"'), 4, "minutes"),
        (GOOD.replace("minutes = 3", "minuts = 3"), 4, "minuts"),
        (GOOD.replace("minutes = 3\n", ""), 2, "Write minutes = …"),
        (GOOD.replace("(end)", "(nowhere)"), 12, "drives nothing"),
        (GOOD.replace("[words](end)", "`words"), 12, "not closed"),
        (GOOD.replace(PROGRAM, ""), 2, "one program"),
        (GOOD + PROGRAM, 21, "one program"),
        (GOOD.replace("```ask", "```asked"), 14, "not known"),
        (GOOD.removesuffix("```\n"), 14, "no end"),
        (GOOD.replace('answer = "gradient of x"\n', ""), 15, "has an answer"),
        (GOOD.replace('"number"', '"choice"'), 15, "at least two answers"),
        (GOOD.replace('"number"', '"sketch"'), 15, "sketch"),
        (GOOD.replace('"number"', '"guess"'), 15, "guess"),
        (GOOD.replace('then = "2x"', 'then = "2x"\nreplace = { "y" = "x" }'), 15, "to replace"),
        (GOOD.replace('then = "2x"', 'then = "2x"\nthen = "3x"'), 18, "not TOML"),
        (GOOD + "x" * LONGEST, 1, "too long"),
        (GOOD.replace("minutes", "inputs." + "a." * 9_000 + "a = 1\nminutes"), 2, "too deeply"),
        (GOOD.replace("minutes", "inputs={" + "a . " * 4_000 + "a=1}\nminutes"), 2, "too deeply"),
        (GOOD.replace("minutes", f"of = {'9' * 5_000}\nminutes"), 2, "not TOML"),
        (GOOD + "word\n\n" * 100, 1, "too many parts"),
        (GOOD.replace("minutes = 3", "minutes = " + "[" * 5000), 2, "nested"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(LessonRejected) as raised:
        read("square", text)
    problem = raised.value.problem
    assert problem.span is not None
    assert (problem.span.line, said in str(raised.value)) == (line, True), str(raised.value)
    assert problem.remedy.template


def test_a_translation_says_only_words() -> None:
    over = (
        '+++\ntitle = "平方"\nlearns = "…"\n+++\n字。\n```ask\nask = "多陡？"\nthen = "2x"\n```\n'
    )
    lesson = read("square", over, GOOD)
    assert (lesson.title, lesson.source, lesson.head.minutes) == ("平方", "x * x", 3)
    assert lesson.tasks[0].answer == "gradient of x"
    with pytest.raises(LessonRejected, match="same questions"):
        read("square", over.split("```ask")[0], GOOD)


def test_what_a_text_cannot_do_is_make_markup() -> None:
    assert words("<script>alert(1)</script>") == (TextRun("<script>alert(1)</script>"),)
    with pytest.raises(LessonRejected):
        words("[click](javascript:alert)")


def test_the_command_says_file_line_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, far, wrong, good = (tmp_path / f"{name}.en.md" for name in ("bad", "far", "wrong", "good"))
    bad.write_text(GOOD.replace("(end)", "(nowhere)"), "utf-8")
    far.write_text(GOOD.replace("(end)", "(line:1-2)"), "utf-8")
    wrong.write_text(GOOD.replace("gradient of x", "gradient of y"), "utf-8")
    good.write_text(GOOD, "utf-8")
    assert main(["check", str(bad), str(far), str(wrong), str(good)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{bad}:12: The link “nowhere” drives nothing. Write start")
    assert lines[1] == f"{far}: “line:1-2”: the program has no such line, or it is empty"
    assert lines[2] == f"{wrong}: question 1: The run has no node named “y”."
    assert len(lines) == 3
    assert main(["check", str(good)]) == 0
