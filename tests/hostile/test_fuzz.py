"""Random programs through the checker and the sandbox, random answers into the decoder.

Nothing crashes, nothing hangs; an answer is a record that the page can draw, or a typed error.

By default a sample; `HOSTILE=full` checks 50,000 programs, runs 2,000 and decodes 100,000 answers.
"""

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.hostile.bombs.bombs import BOMBS
from tests.hostile.corpus import escapes
from tests.hostile.grammar import Grower, mutated
from tests.hostile.limits import LIMITS
from tests.sandbox.wire.test_answers import mutated as with_other_bytes
from viz import draw, plot
from viz.errors import AnswerRejected, ProgramRejected, RunStopped
from viz.program import check
from viz.records import (
    CurveQuestion,
    JacobianQuestion,
    Program,
    Question,
    SurfaceQuestion,
    Trace,
    TraceQuestion,
)
from viz.sandbox.server.client import Sandbox
from viz.sandbox.wire.answers import EXPECTED, Broken, Refused, Stopped, decoded, encoded

FULL = os.environ.get("HOSTILE") == "full"
PARTS = range(20 if FULL else 2)
CHECKED = 2_500
RUN = 2_000 if FULL else 80
ANSWERS = 5_000 if FULL else 1_000
"""Mutated answers in each of the parts."""

LOOP = "def f(a):\n    b = a * 2\n    while b.norm() < 100:\n        b = b * 2\n    return b.sum()"
SCRIPT = (
    "x = torch.arange(4.0, requires_grad=True)\ny = x * x\nprint(y)\ny.sum().backward()\nx.grad"
)
QUESTIONS: list[Question] = [
    TraceQuestion(check(LOOP), {}),
    TraceQuestion(check(SCRIPT), {}),
    TraceQuestion(check("sin(x)*x**2"), {}, order=2),
    CurveQuestion(check("x.abs()/x"), {}, -1.0, 1.0, points=20),
    SurfaceQuestion(check("x*y"), {}, (0.0, 1.0), (0.0, 1.0), points=5),
    JacobianQuestion(check("x*x"), {"x": "torch.arange(3.0)"}),
]

KNOWN = [*escapes().values(), *(source for source in BOMBS.values() if len(source) < 500)]


def programs(seed: int, count: int) -> list[str]:
    dice = random.Random(seed)
    grower = Grower(dice)
    return [
        grower.program() if dice.random() < 0.6 else mutated(dice.choice(KNOWN), dice)
        for _ in range(count)
    ]


def accepted(source: str) -> Program | None:
    try:
        return check(source)
    except ProgramRejected as error:
        rejection = error
    assert str(rejection)
    assert rejection.problem.remedy.template
    return None


@pytest.mark.parametrize("seed", PARTS)
def test_the_checker_answers_every_text_in_time(seed):
    slowest = 0.0
    for source in programs(seed, CHECKED):
        began = time.process_time()
        program = accepted(source)
        slowest = max(slowest, time.process_time() - began)
        assert program is None or program.source
    assert slowest < 2.0


def _run(sandbox: Sandbox, source: str) -> str:
    try:
        trace = sandbox.trace(source)
    except (ProgramRejected, RunStopped, AnswerRejected) as error:
        words = str(error)
    else:
        assert isinstance(trace, Trace)
        return trace.failure.type if trace.failure else "answered"
    return words


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_accepted_programs_run_and_are_answered(everything_on: Sandbox):
    """Only what the checker lets through is worth a child."""
    process = everything_on._backend.parents
    assert everything_on.level
    on_duty = process._on_duty
    dice, chosen = 1_000, []
    while len(chosen) < RUN:
        dice += 1
        chosen += [source for source in programs(dice, 500) if accepted(source) is not None]
    with ThreadPoolExecutor(LIMITS.places) as pool:
        outcomes = list(pool.map(lambda source: _run(everything_on, source), chosen[:RUN]))
    assert len(outcomes) == RUN
    assert outcomes.count("answered") > 0
    defects = [
        source
        for source, words in zip(chosen, outcomes, strict=False)
        if "explorer itself failed" in words or "not a result" in words
    ]
    assert not defects
    assert process._on_duty is on_duty, "no program brought the warm parent down"
    assert everything_on.trace("x * x", {"x": "3"}).value.values == (9.0,)


@pytest.fixture(scope="module")
def answers(everything_on: Sandbox) -> list[tuple[Question, bytes]]:
    """Real answers of every kind, as a child writes them."""
    return [(question, encoded(everything_on.ask(question))) for question in QUESTIONS]


@pytest.mark.parametrize("seed", PARTS)
def test_an_answer_with_other_bytes_is_refused_or_can_be_drawn(answers, seed):
    dice, drawn = random.Random(seed), 0
    for _ in range(ANSWERS):
        question, answer = dice.choice(answers)
        try:
            got = decoded(with_other_bytes(answer, dice), question, 1 << 20)
        except AnswerRejected:
            continue
        assert isinstance(got, EXPECTED[type(question)] | Refused | Stopped | Broken)
        if isinstance(got, Trace):
            drawn += draw(got).dot.source.startswith("digraph")
        elif isinstance(got, EXPECTED[type(question)]):
            drawn += plot(got) is not None
    assert 0 < drawn < ANSWERS / 2, "most mutations are noticed, and some are harmless"
