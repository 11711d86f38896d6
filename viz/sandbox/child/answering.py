"""In the child: a job's bytes → the answer's bytes.

What is done here is all that a confined process does for its keep: decode the job, compile it,
ask the tracing room, encode the record.
"""

from __future__ import annotations

import gc
import traceback
from typing import Final

from viz.errors import ProgramRejected
from viz.records import Answer, Question
from viz.sandbox.child.changing import hold_lists, hold_sets
from viz.sandbox.child.compiled import gradient, runnable
from viz.sandbox.child.probes import reached
from viz.sandbox.child.reprs import say_no_addresses
from viz.sandbox.wire.answers import (
    Broken,
    Refused,
    SelfTest,
    decoded_job,
    encoded,
)
from viz.tracing.questions import answer
from viz.tracing.stopping import on_the_clock
from viz.tracing.typed.libraries.layers import begin_weights_at_zero
from viz.tracing.typed.namespace import guard_named_classes, namespace

RESERVE: Final = 8 << 20
"""Bytes kept free for writing the answer down: msgspec dies where there is not one. Nothing is
written there, so that they are no more than addresses.
"""


def answering(job: bytes) -> bytes:
    """The answer to a job. Raises nothing that an answer can tell."""
    try:
        asked = decoded_job(job)
        if isinstance(asked, SelfTest):
            return encoded(reached(asked))
        reserve = bytearray(RESERVE)
        found = _answered(asked)
        del reserve
        if getattr(found, "failure", None) is not None:
            gc.collect()  # what holds itself in a circle may hold all the memory there is
        return encoded(found)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a defect of the explorer is told to the page's log
        return encoded(Broken(traceback.format_exc(limit=-8)[-4_000:]))


def _answered(question: Question) -> Answer | Refused:
    try:
        on_the_clock()
        guard_named_classes()
        begin_weights_at_zero()
        say_no_addresses()
        hold_lists()
        if "class" in question.program.source:  # no __eq__ of the program's own without one
            hold_sets()
        ready = runnable(question, namespace)
        return answer(question, ready, gradient(question, ready.namespace))
    except ProgramRejected as error:
        return Refused(error.problem)
