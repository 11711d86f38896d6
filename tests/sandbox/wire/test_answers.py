"""What comes back is hostile: only the record that was asked for gets through."""

import math
import random

import msgspec
import pytest

from viz.errors import AnswerRejected
from viz.records import (
    Block,
    Curve,
    CurveQuestion,
    Edge,
    Jacobian,
    JacobianQuestion,
    LeafGradient,
    Node,
    Pass,
    Port,
    Program,
    Saved,
    Step,
    Surface,
    SurfaceQuestion,
    Tensor,
    Trace,
    TraceQuestion,
)
from viz.sandbox.wire.answers import (
    RECORD,
    Broken,
    Reached,
    Refused,
    SelfTest,
    Stopped,
    decoded,
    decoded_job,
    encoded,
    encoded_job,
)

PROGRAM = Program("x*x", "expression")
TRACE = Trace(
    PROGRAM,
    nodes=(
        Node("n0", "leaf", "AccumulateGrad", "x", value=Tensor((2,), "float32", (1.5, math.inf))),
        Node("n1", "output", "MulBackward0", value=Tensor((2,), "float32", (math.nan, 4.0))),
    ),
    edges=(Edge("n0", "n1", 0), Edge("n0", "n1", 1)),
    outputs=("n1",),
    gradients={"x": None},
)
QUESTION = TraceQuestion(PROGRAM, {})
PAIRS = [
    (QUESTION, TRACE),
    (CurveQuestion(PROGRAM, {}, 0.0, 1.0), Curve((0.0, 1.0), ((0.0, 1.0), (0.0, 2.0)))),
    (
        SurfaceQuestion(PROGRAM, {}, (0.0, 1.0), (0.0, 1.0)),
        Surface((0.0,), (1.0,), ((1.0,),), ((2.0,),), ((3.0,),)),
    ),
    (JacobianQuestion(PROGRAM, {}), Jacobian((1,), ())),
    (SelfTest("file"), Reached(False)),
]
MOST = 1 << 20


@pytest.mark.parametrize(("question", "answer"), PAIRS)
def test_an_answer_comes_through_whole(question, answer):
    assert decoded_job(encoded_job(question)) == question
    there = decoded(encoded(answer), question, MOST)
    assert encoded(there) == encoded(answer), "by bytes: NaN is not equal to itself"


@pytest.mark.parametrize("claim", [Stopped(None), Broken("a report")])
def test_an_end_without_a_record_comes_through(claim):
    assert decoded(encoded(claim), QUESTION, MOST) == claim


@pytest.mark.parametrize(("question", "answer"), PAIRS)
def test_the_answer_to_another_question_is_rejected(question, answer):
    for other, _ in PAIRS:
        if type(other) is not type(question):
            with pytest.raises(AnswerRejected):
                decoded(encoded(answer), other, MOST)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"=",
        b"x" + encoded(TRACE)[1:],
        encoded(TRACE)[:-1],
        encoded(TRACE) + b"\0",
        RECORD + msgspec.json.encode(TRACE),
        RECORD + b"\x91" * 100_000,
        RECORD + b"\xdd\xff\xff\xff\xff",
        RECORD + b"\xc6\xff\xff\xff\xff",
        b"?" + msgspec.msgpack.encode(["no problem"]),
        b"cos\nsystem\n(S'true'\ntR.",
    ],
)
def test_what_is_no_answer_is_rejected(answer):
    with pytest.raises(AnswerRejected):
        decoded(answer, QUESTION, MOST)


def test_the_size_is_capped_before_anything_is_decoded():
    with pytest.raises(AnswerRejected, match="more than 1 MB"):
        decoded(RECORD + bytes(MOST), QUESTION, MOST)


@pytest.mark.parametrize(
    "x", [(1.0, 0.0), (0.0, math.nan), (math.nan, 0.0), (-math.inf, 0.0), (0.0, math.inf)]
)
def test_a_curve_whose_samples_are_out_of_order_is_rejected(x):
    """`Curve` itself would refuse: the bytes are those of a curve in order, with others in it."""
    question, curve = PAIRS[1]
    forged = [*msgspec.msgpack.decode(encoded(curve)[1:])]
    assert tuple(forged[0]) == curve.x
    forged[0] = x
    with pytest.raises(AnswerRejected):
        decoded(RECORD + msgspec.msgpack.encode(forged), question, MOST)


BAD = Tensor((3,), "float32", (1.0,))
REPLACE = msgspec.structs.replace


@pytest.mark.parametrize(
    "change",
    [
        {"nodes": (REPLACE(TRACE.nodes[0], value=BAD), *TRACE.nodes[1:])},
        {"nodes": (REPLACE(TRACE.nodes[0], gradient=BAD), *TRACE.nodes[1:])},
        {"nodes": (REPLACE(TRACE.nodes[0], saved=(Saved("self", BAD),)), *TRACE.nodes[1:])},
        {"nodes": (REPLACE(TRACE.nodes[0], more=(Port(None, BAD),)), *TRACE.nodes[1:])},
        {"edges": (Edge("n0", "n0", 0, local=BAD),)},
        {"edges": (Edge("n0", "n0", 0, contribution=BAD),)},
        {"passes": (Pass(("n0",), (BAD,), ()),)},
        {"passes": (Pass(("n0",), (), (Step("n0", (BAD,), ()),)),)},
        {"passes": (Pass(("n0",), (), (Step("n0", (), (BAD,)),)),)},
        {"passes": (Pass(("n0",), (), (), (LeafGradient("n0", "x", BAD),)),)},
        {"passes": (Pass(("n0",), (), (), (), (LeafGradient("n0", "x", BAD),)),)},
        {"gradients": {"x": BAD}},
    ],
)
def test_a_trace_with_a_tensor_whose_values_do_not_fill_it_is_rejected(change):
    forged = REPLACE(TRACE, **change)
    assert BAD in forged.tensors()
    with pytest.raises(AnswerRejected, match="do not fill"):
        decoded(encoded(forged), QUESTION, MOST)


@pytest.mark.parametrize("place", ["value", "vector", "summary", "product"])
def test_a_jacobian_with_such_a_tensor_is_rejected(place):
    block = Block("x", (1, 1), (), ((1.0,),))
    if place in ("value", "vector"):
        forged = Jacobian((), (block,), **{place: BAD})
    else:
        forged = Jacobian((), (REPLACE(block, **{place: BAD}),))
    with pytest.raises(AnswerRejected, match="do not fill"):
        decoded(encoded(forged), JacobianQuestion(PROGRAM, {}), MOST)


@pytest.mark.parametrize(
    ("tensor", "consistent"),
    [
        (Tensor((), "float32", (1.0,)), True),
        (Tensor((2,), "float32", (1.0, 2.0)), True),
        (Tensor((2, 1), "complex64", (1.0, 0.0, 2.0, 0.0)), True),
        (Tensor((0,), "float32", ()), True),
        (Tensor((100,), "float32", None, 0.0, 1.0, 0.5), True),
        (Tensor((), "float32", ()), False),
        (Tensor((2,), "float32", (1.0,)), False),
        (Tensor((2,), "complex64", (1.0, 0.0)), False),
        (Tensor((), "complex64", (1.0,)), False),
    ],
)
def test_consistency_of_a_tensor(tensor, consistent):
    assert tensor.consistent is consistent


def test_a_trace_about_another_program_is_rejected():
    other = msgspec.structs.replace(TRACE, program=Program("y", "expression"))
    with pytest.raises(AnswerRejected, match="another program"):
        decoded(encoded(other), QUESTION, MOST)


def mutated(answer: bytes, dice: random.Random) -> bytes:
    """A few bytes flipped, cut out, doubled or thrown in."""
    text = bytearray(answer)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(text) + 1)
        match dice.randrange(4):
            case 0 if at < len(text):
                text[at] = dice.randrange(256)
            case 1:
                del text[at : at + dice.randint(1, 8)]
            case 2:
                text[at:at] = text[at : at + dice.randint(1, 16)]
            case _:
                text[at:at] = dice.randbytes(dice.randint(1, 5))
    return bytes(text)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_answers_give_a_record_or_a_typed_error(seed):
    dice = random.Random(seed)
    kept = 0
    for _ in range(2_000):
        question, answer = dice.choice(PAIRS)
        try:
            got = decoded(mutated(encoded(answer), dice), question, MOST)
        except AnswerRejected:
            continue
        kept += 1
        assert isinstance(got, type(answer) | Refused | Stopped | Broken)
    assert kept < 2_000, "most mutations are noticed"
