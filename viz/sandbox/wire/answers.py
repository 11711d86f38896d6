"""What travels between the page and a child: a job there, an answer back, both msgpack.

An answer is hostile: the child that wrote it ran typed text. So its size is capped before it is
looked at, its first byte says what it claims to be, and the rest is decoded strictly into the one
record that was asked for. Nothing is ever unpickled.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from viz.errors import N_, AnswerRejected, problem
from viz.records import ANSWERS, Answer, Problem, Question, Record, Span, Trace

Probe = Literal["file", "network", "process", "signal", "code", "memory"]


class SelfTest(Record, frozen=True, tag="selftest"):
    """The question of the sandbox to itself: can a child do this? Answer: `Reached`."""

    probe: Probe


class Reached(Record, frozen=True):
    """Whether a child managed to do what it must not."""

    reached: bool


class Refused(Record, frozen=True):
    """The child could not begin: an input's text or the code outside the function failed."""

    problem: Problem


class Stopped(Record, frozen=True):
    """The run was ended by its own timer after it had swallowed `TimeIsUp` many times."""

    span: Span | None


class Broken(Record, frozen=True):
    """The explorer's own code failed in the child: a defect, told to the log."""

    report: str


Job = Question | SelfTest
Claim = Answer | Reached | Refused | Stopped | Broken
"""What an answer's bytes may claim to be."""

EXPECTED: Final[dict[type, type]] = {**ANSWERS, SelfTest: Reached}
"""Question → the record that answers it."""

HEADER: Final = 8
"""Bytes of the length in front of an answer."""
RECORD: Final = b"="
KINDS: Final[dict[bytes, type[Refused] | type[Stopped] | type[Broken]]] = {
    b"?": Refused,
    b"!": Stopped,
    b"#": Broken,
}
"""The first byte of an answer that is not the record."""

_encoder = msgspec.msgpack.Encoder()
_jobs: msgspec.msgpack.Decoder[Job] = msgspec.msgpack.Decoder(Job)
_decoders: Final[dict[type, msgspec.msgpack.Decoder[Any]]] = {
    kind: msgspec.msgpack.Decoder(kind) for kind in (*EXPECTED.values(), *KINDS.values())
}


def encoded_job(job: Job) -> bytes:
    """The bytes a child reads."""
    return _encoder.encode(job)


def decoded_job(job: bytes) -> Job:
    """What is asked; raises `msgspec.DecodeError`."""
    return _jobs.decode(job)


def encoded(answer: Claim) -> bytes:
    """The bytes a child writes."""
    for kind, type_ in KINDS.items():
        if isinstance(answer, type_):
            return kind + _encoder.encode(answer)
    return RECORD + _encoder.encode(answer)


def framed(answer: bytes) -> bytes:
    """The answer with its length in front, so that its reader need not wait for the end."""
    return len(answer).to_bytes(HEADER, "little") + answer


def decoded(answer: bytes, job: Job, most: int) -> Claim:
    """The answer to a job; raises `AnswerRejected` for anything else, and nothing else."""
    if len(answer) > most:
        raise too_large(most)
    kind = answer[:1]
    wanted = EXPECTED[type(job)] if kind == RECORD else KINDS.get(kind)
    if wanted is None:
        raise _malformed("it begins with no known mark")
    try:
        record: Claim = _decoders[wanted].decode(memoryview(answer)[1:])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _malformed(type(error).__name__) from error
    if isinstance(record, Trace) and record.program != getattr(job, "program", None):
        raise _malformed("it is about another program")
    if not all(each.consistent for each in getattr(record, "tensors", tuple)()):
        raise _malformed("a tensor's values do not fill its shape")
    return record


def too_large(most: int) -> AnswerRejected:
    """The refusal of an answer of more than `most` bytes."""
    return AnswerRejected(
        problem(
            N_("The run recorded more than {most} MB."),
            N_("Use fewer operations, smaller tensors or less printed text."),
            most=str(most >> 20),
        )
    )


def _malformed(why: str) -> AnswerRejected:
    return AnswerRejected(
        problem(
            N_("What came back from the run was not a result ({why})."),
            N_("Run it again; if it stays so, the program disturbs its own process."),
            why=why,
        )
    )
