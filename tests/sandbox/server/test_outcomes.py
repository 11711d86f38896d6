"""How a child ended → what the one who asked is told; no child is needed for that."""

import signal
from dataclasses import replace

import pytest

from viz.errors import (
    AnswerRejected,
    InputRejected,
    ProgramRejected,
    RunStopped,
    SandboxBusy,
    SandboxUnavailable,
    problem,
)
from viz.records import Program, Span, TraceQuestion
from viz.sandbox.server import limits
from viz.sandbox.server.limits import OWN, RUN_MEMORY, Limits, usual_limits
from viz.sandbox.server.outcomes import Outcome, meant, span_of_line
from viz.sandbox.wire.answers import Broken, Refused, Stopped, encoded
from viz.sandbox.wire.exit_codes import BROKEN, NOT_CONFINED, OUT_OF_MEMORY

SOURCE = "def f(x):\n    while True: x = x\n"
JOB = TraceQuestion(Program(SOURCE, "function", (), "f"), {})
NOTES = (
    'Stack (most recent call first):\n  File "<program>", line 2 in f\n  File "x.py", line 9 in g'
)
CRASH = "Fatal Python error: Segmentation fault\n\n" + NOTES


@pytest.mark.parametrize(
    ("outcome", "error", "words", "line"),
    [
        (
            Outcome("time", notes=NOTES, status=-9, seconds=1.5),
            RunStopped,
            "still going after 1.5",
            2,
        ),
        (Outcome("time", status=-9), RunStopped, "still going", None),
        (Outcome("itself", status=-signal.SIGXCPU), RunStopped, "still going", None),
        (Outcome("itself", notes=CRASH, status=-signal.SIGSYS), RunStopped, "crashed", 2),
        (Outcome("itself", status=-signal.SIGSYS), RunStopped, "no program may do", None),
        (Outcome("itself", status=-signal.SIGKILL), RunStopped, "memory", None),
        (Outcome("itself", status=-signal.SIGSEGV), RunStopped, "crashed", None),
        (Outcome("itself", status=OUT_OF_MEMORY), RunStopped, "memory", None),
        (Outcome("itself", status=BROKEN), RunStopped, "crashed", None),
        (Outcome("itself", status=NOT_CONFINED), SandboxUnavailable, "isolated", None),
        (Outcome("itself", status=0), AnswerRejected, "not a result", None),
        (Outcome("size"), AnswerRejected, "more than 48 MB", None),
        (Outcome("lost"), RunStopped, "ended", None),
        (Outcome("refused"), SandboxBusy, "Many people", None),
    ],
)
def test_an_end_without_an_answer_is_told(outcome, error, words, line):
    with pytest.raises(error, match=words) as told:
        meant(outcome, JOB, Limits())
    span = told.value.problem.span
    assert (span and span.line) == line
    assert told.value.problem.remedy.template


@pytest.mark.parametrize(
    ("claim", "error", "words"),
    [
        (Refused(problem("wrong", "mend", input="x")), InputRejected, "wrong. mend"),
        (Refused(problem("wrong", "mend")), ProgramRejected, "wrong. mend"),
        (Stopped(Span(2, 0, 2, 0)), RunStopped, "line 2, column 5"),
        (Stopped(Span(99, 0, 99, 0)), RunStopped, "still going"),
        (Broken("Traceback /srv/somebody/secret"), RunStopped, "explorer itself"),
    ],
)
def test_an_answer_that_is_no_record_is_told(claim, error, words):
    with pytest.raises(error, match=words) as told:
        meant(Outcome("itself", encoded(claim), status=0), JOB, Limits())
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("line", "span"),
    [(1, Span(1, 0, 1, 9)), (2, Span(2, 4, 2, 21)), (0, None), (4, None), (None, None)],
)
def test_a_line_is_its_text_without_indentation(line, span):
    assert span_of_line(SOURCE, line) == span


@pytest.mark.parametrize(
    "notes",
    [
        'File "<program>", line 999999 in <img onerror=alert(1)>',
        'File "<program>", line -1',
        "\0" * 99,
    ],
)
def test_forged_notes_name_no_line(notes):
    with pytest.raises(RunStopped) as told:
        meant(Outcome("time", notes=notes, status=-9), JOB, Limits())
    assert told.value.problem.span is None
    assert "img" not in str(told.value)


def test_all_children_together_fit_into_the_memory_there_is():
    for together, places in ((400 << 20, 8), (1 << 30, 8), (64 << 30, 4)):
        fitted = Limits(together=together, places=places).fitted()
        assert (fitted.places + fitted.long) * fitted.memory <= together
        more = fitted.large - fitted.memory
        assert (fitted.places + fitted.long) * fitted.memory + fitted.larges * more <= together
        assert fitted.larges <= fitted.places
        assert (fitted.long > 0) is (together > 1 << 30), "only where each has all of its memory"
        assert 1 <= fitted.places <= places
        assert fitted.memory <= Limits().memory


@pytest.mark.parametrize(
    ("together", "places", "large", "larges"),
    [
        (500 << 20, 2, 250, 0),  # a small public host: every run as before
        (1350 << 20, 2, 512, 0),
        (2 << 30, 2, 1024, 1),
        (4 << 30, 2, 2048, 1),
        (7 << 30, 8, 2048, 1),
        (11 << 30, 2, 2048, 2),
    ],
)
def test_a_run_may_be_large_where_the_budget_has_room_for_it(together, places, large, larges):
    fitted = Limits(together=together, places=places, long=4 * places).fitted()
    assert (fitted.large >> 20, fitted.larges) == (large, larges)
    assert fitted.bytes_of(False) == fitted.memory
    assert fitted.bytes_of(True) == fitted.large


def test_a_script_of_one_s_own_has_time_and_a_stranger_s_has_not():
    own, public = usual_limits(public=False), usual_limits()
    assert own.allowed("script") == OWN > 4 * public.allowed("script")
    assert own.processor > OWN + own.hard - own.soft, "the kernel does not end it before"
    assert public.processor > public.allowed("script") + public.hard - public.soft
    for each in (own, public):
        assert each.allowed("function") == each.shared("script", False) == public.soft


def test_the_environment_says_how_large_a_run_may_be(monkeypatch):
    monkeypatch.setenv(RUN_MEMORY, "3000")
    monkeypatch.setattr(limits, "free_memory", lambda: 6 << 30)
    fitted = replace(usual_limits(), places=2).fitted()
    assert fitted.large == 3000 << 20, "though half of what is free would not do"
    assert fitted.larges == 1
    monkeypatch.setattr(limits, "free_memory", lambda: 2 << 30)
    fitted = replace(usual_limits(), places=2).fitted()
    assert fitted.large < 2 << 30, "what the machine does not have nobody gets"
    for wrong in ("lots", "-5", "10"):
        monkeypatch.setenv(RUN_MEMORY, wrong)
        with pytest.raises(ValueError, match="must be a number of MB"):
            usual_limits()
