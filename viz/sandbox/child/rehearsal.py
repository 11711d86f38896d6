"""Everything that a child might do for the first time is done once in the warm parent.

The first use of many parts of torch imports modules and opens files, which a confined child may
not. So the parent asks itself each question about programs of its own before it forks anyone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from viz.records import TraceQuestion
from viz.sandbox.child.child import Answering
from viz.sandbox.confinement.sealed import seal
from viz.sandbox.wire.answers import KINDS, encoded_job
from viz.tracing.questions import QUESTIONS
from viz.tracing.typed.warm import warm

BRIEF: Final = 2
"""Questions of a brief rehearsal; each takes some 3 ms, and shortens the next run."""


def rehearse(answering: Answering) -> None:
    """Warms torch, then answers each kind of question once; raises if an answer is broken."""
    warm()
    seal()
    for question in (each for kind in QUESTIONS.values() for each in kind.rehearsals):
        answer = answering(encoded_job(question))
        if answer[:1] in KINDS:
            raise RuntimeError(f"the rehearsal of a {type(question).__name__} failed: {answer!r}")


def briefly(answering: Answering) -> Callable[[], object]:
    """What a child rehearses that waits for its job: a trace, which is what most ask for."""
    jobs = [encoded_job(question) for question in QUESTIONS[TraceQuestion].rehearsals[:BRIEF]]
    return lambda: [answering(job) for job in jobs]
