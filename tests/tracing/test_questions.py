"""The kinds of question: each has an answer, a function, a rehearsal, and a tab that shows it."""

from typing import get_args

import pytest

from viz import lessons
from viz.page.lower import TABS
from viz.records import ANSWERS, Answer, Question, TraceQuestion
from viz.records.shown import MAKERS
from viz.sandbox import Sandbox
from viz.tracing.questions import QUESTIONS

KINDS = get_args(Question)


def test_every_kind_of_question_has_its_row_in_every_table() -> None:
    assert set(ANSWERS) == set(QUESTIONS) == set(KINDS)
    assert set(ANSWERS.values()) == set(get_args(Answer))
    assert {record.__name__ for record in get_args(Answer)} <= set(MAKERS), "in a notebook"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_question_can_be_asked_of_a_sandbox(kind: type) -> None:
    assert callable(getattr(Sandbox, kind.__struct_config__.tag))


def test_the_tabs_are_those_that_lessons_and_links_name() -> None:
    assert tuple(TABS) == lessons.TABS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_question_is_rehearsed_by_questions_of_its_own(kind: type) -> None:
    assert QUESTIONS[kind].rehearsals
    assert {type(question) for question in QUESTIONS[kind].rehearsals} == {kind}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_question_has_what_a_run_needs(kind: type) -> None:
    assert {"program", "inputs", "seed"} <= set(kind.__struct_fields__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_question_names_the_record_that_answers_it(kind: type) -> None:
    (asks,) = kind.__orig_bases__
    assert get_args(asks) == (ANSWERS[kind],)


def test_every_kind_of_question_but_the_graph_s_own_has_a_tab_of_its_name() -> None:
    shown = {kind.__struct_config__.tag for kind in KINDS if kind is not TraceQuestion}
    assert shown <= set(TABS)
