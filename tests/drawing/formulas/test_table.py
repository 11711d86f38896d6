"""Every formula of the table, evaluated at random points, against torch.autograd.

The formula's own text is evaluated with torch's elementary functions; nothing is compared with a
number written down here.
"""

from __future__ import annotations

import ast
import math
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from viz.drawing.formulas import mathml
from viz.drawing.formulas.expressions import typeset, variables
from viz.drawing.formulas.table import FORMULAS, LETTERS, Formula, formula_of
from viz.records import Node, Saved, Tensor


def of(value: Any) -> torch.Tensor:
    return torch.as_tensor(value, dtype=torch.float64)


def joined(name: str) -> Callable[..., torch.Tensor]:
    """torch's function for numbers and tensors alike."""
    return lambda *values: getattr(torch, name)(*map(of, values))


def largest(*values: Any) -> torch.Tensor:
    return torch.stack([of(value) for value in values]).amax(0)


def smallest(*values: Any) -> torch.Tensor:
    return torch.stack([of(value) for value in values]).amin(0)


FUNCTIONS = """
    exp log sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh erf sqrt sigmoid
    floor ceil round trunc sum prod mean abs sign outer
""".split()  # noqa: SIM905 — a list of words reads best as words
WORDS: dict[str, Any] = {name: joined(name) for name in FUNCTIONS} | {
    "pi": math.pi,
    "max": largest,
    "min": smallest,
    "T": lambda matrix: of(matrix).transpose(-2, -1) if of(matrix).dim() > 1 else of(matrix),
    "softmax": lambda vector: torch.softmax(vector, 0),
    "cumsum": lambda vector: torch.cumsum(vector, 0),
    "flip": lambda vector: torch.flip(vector, (0,)),
    "numel": lambda tensor: tensor.numel(),
    "inverse": torch.linalg.inv,
    "det": torch.linalg.det,
    "trace": torch.trace,
    "eye": lambda matrix: torch.eye(matrix.shape[0], dtype=torch.float64),
}

POSITIVE = (0.2, 3.0)
ANY = (-2.0, 2.0)
UNIT = (-0.9, 0.9)
ABOVE = (1.1, 3.0)
INSIDE = (0.1, 0.9)

ELEMENTWISE: list[tuple[str, Callable[..., torch.Tensor], tuple[tuple[float, float], ...]]] = [
    ("AddBackward0", torch.add, (ANY, ANY)),
    ("SubBackward0", torch.sub, (ANY, ANY)),
    ("RsubBackward1", lambda a: torch.rsub(a, 2.5), (ANY,)),
    ("MulBackward0", torch.mul, (ANY, ANY)),
    ("DivBackward0", torch.div, (ANY, POSITIVE)),
    ("NegBackward0", torch.neg, (ANY,)),
    ("ReciprocalBackward0", torch.reciprocal, (POSITIVE,)),
    ("PowBackward0", lambda a: a**3, (ANY,)),
    ("PowBackward0", lambda a: a**-1.5, (POSITIVE,)),
    ("PowBackward1", torch.pow, (POSITIVE, ANY)),
    ("PowBackward2", lambda a: torch.pow(2.5, a), (ANY,)),
    ("SqrtBackward0", torch.sqrt, (POSITIVE,)),
    ("RsqrtBackward0", torch.rsqrt, (POSITIVE,)),
    ("ExpBackward0", torch.exp, (ANY,)),
    ("Exp2Backward0", torch.exp2, (ANY,)),
    ("Expm1Backward0", torch.expm1, (ANY,)),
    ("LogBackward0", torch.log, (POSITIVE,)),
    ("Log2Backward0", torch.log2, (POSITIVE,)),
    ("Log10Backward0", torch.log10, (POSITIVE,)),
    ("Log1PBackward0", torch.log1p, (POSITIVE,)),
    ("SinBackward0", torch.sin, (ANY,)),
    ("CosBackward0", torch.cos, (ANY,)),
    ("TanBackward0", torch.tan, (UNIT,)),
    ("AsinBackward0", torch.asin, (UNIT,)),
    ("AcosBackward0", torch.acos, (UNIT,)),
    ("AtanBackward0", torch.atan, (ANY,)),
    ("Atan2Backward0", torch.atan2, (ANY, POSITIVE)),
    ("SinhBackward0", torch.sinh, (ANY,)),
    ("CoshBackward0", torch.cosh, (ANY,)),
    ("TanhBackward0", torch.tanh, (ANY,)),
    ("AsinhBackward0", torch.asinh, (ANY,)),
    ("AcoshBackward0", torch.acosh, (ABOVE,)),
    ("AtanhBackward0", torch.atanh, (UNIT,)),
    ("HypotBackward0", torch.hypot, (POSITIVE, POSITIVE)),
    ("ErfBackward0", torch.erf, (ANY,)),
    ("SigmoidBackward0", torch.sigmoid, (ANY,)),
    ("LogSigmoidBackward0", F.logsigmoid, (ANY,)),
    ("LogitBackward0", torch.logit, (INSIDE,)),
    ("SoftplusBackward0", F.softplus, (ANY,)),
    ("SiluBackward0", F.silu, (ANY,)),
    ("GeluBackward0", F.gelu, (ANY,)),
    ("ReluBackward0", torch.relu, (ANY,)),
    ("LeakyReluBackward0", lambda a: F.leaky_relu(a, 0.1), (ANY,)),
    ("EluBackward0", lambda a: F.elu(a, 1.5), (ANY,)),
    ("HardtanhBackward0", lambda a: F.hardtanh(a, -0.7, 0.8), (ANY,)),
    ("ClampBackward1", lambda a: a.clamp(-0.7, 0.8), (ANY,)),
    ("AbsBackward0", torch.abs, (ANY,)),
    ("SignBackward0", torch.sign, (ANY,)),
    ("SgnBackward0", torch.sgn, (ANY,)),
    ("FloorBackward0", torch.floor, (ANY,)),
    ("CeilBackward0", torch.ceil, (ANY,)),
    ("RoundBackward0", torch.round, (ANY,)),
    ("TruncBackward0", torch.trunc, (ANY,)),
    ("MaximumBackward0", torch.maximum, (ANY, ANY)),
    ("MinimumBackward0", torch.minimum, (ANY, ANY)),
    ("LogaddexpBackward0", torch.logaddexp, (ANY, ANY)),
    ("XlogyBackward0", torch.xlogy, (ANY, POSITIVE)),
    ("SpecialEntrBackward0", torch.special.entr, (POSITIVE,)),
    ("LerpBackward0", lambda a, b: torch.lerp(a, b, 0.3), (ANY, ANY)),
    ("AddcmulBackward0", torch.addcmul, (ANY, ANY, ANY)),
    ("CloneBackward0", torch.clone, (ANY,)),
    ("Deg2RadBackward0", torch.deg2rad, (ANY,)),
    ("Rad2DegBackward0", torch.rad2deg, (ANY,)),
]
TENSORS: list[tuple[str, Callable[..., torch.Tensor], tuple[tuple[int, ...], ...]]] = [
    ("SumBackward0", torch.sum, ((4,),)),
    ("MeanBackward0", torch.mean, ((2, 3),)),
    ("ProdBackward0", torch.prod, ((4,),)),
    ("LogsumexpBackward0", lambda a: torch.logsumexp(a, 0), ((4,),)),
    ("LinalgVectorNormBackward0", torch.linalg.vector_norm, ((4,),)),
    ("DotBackward0", torch.dot, ((4,), (4,))),
    ("MmBackward0", torch.mm, ((2, 3), (3, 4))),
    ("BmmBackward0", torch.bmm, ((2, 2, 3), (2, 3, 4))),
    ("MvBackward0", torch.mv, ((2, 3), (3,))),
    ("AddmmBackward0", torch.addmm, ((2, 4), (2, 3), (3, 4))),
    ("TBackward0", torch.t, ((2, 3),)),
    ("SoftmaxBackward0", lambda a: torch.softmax(a, 0), ((4,),)),
    ("LogSoftmaxBackward0", lambda a: torch.log_softmax(a, 0), ((4,),)),
    ("MseLossBackward0", F.mse_loss, ((4,), (4,))),
    ("CumsumBackward0", lambda a: torch.cumsum(a, 0), ((4,),)),
    ("LinalgInvExBackward0", torch.linalg.inv, ((3, 3),)),
    ("LinalgDetBackward0", torch.linalg.det, ((3, 3),)),
    ("TraceBackward0", torch.trace, ((3, 3),)),
]


def saved(node: Any) -> dict[str, Any]:
    names = (name for name in dir(node) if name.startswith("_saved_"))
    return {name.removeprefix("_saved_"): getattr(node, name) for name in names}


def evaluated(line: str, **names: Any) -> torch.Tensor:
    # what a formula calls is torch's function, what it names is a value
    called = {node.func.id for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call)}
    words = {name: WORDS[name] for name in called | {"pi"}}
    return of(eval(line, {"__builtins__": {}}, names | words))  # noqa: S307 — the table's own line


def near(left: torch.Tensor, right: torch.Tensor) -> bool:
    return torch.allclose(left.expand_as(right), right, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("op", "function", "ranges"), ELEMENTWISE)
def test_elementwise_formula_is_what_autograd_computes(op, function, ranges):
    draw = torch.Generator().manual_seed(1)
    formula = FORMULAS[op]
    for _ in range(20):
        inputs = [
            (
                low + (high - low) * torch.rand((), generator=draw, dtype=torch.float64)
            ).requires_grad_()
            for low, high in ranges
        ]
        result = function(*inputs)
        assert result.grad_fn.name() == op
        names = saved(result.grad_fn) | {"b": of(2.5)}  # rsub's second operand is not saved
        names |= dict(zip(LETTERS, (each.detach() for each in inputs), strict=False))
        assert near(evaluated(formula.result, **names), result.detach())
        derivatives = torch.autograd.grad(result, inputs)
        assert len(formula.local) == len(inputs)
        for line, derivative in zip(formula.local, derivatives, strict=True):
            assert near(evaluated(line, **names), derivative), line


@pytest.mark.parametrize(("op", "function", "shapes"), TENSORS)
def test_tensor_formula_is_what_autograd_passes_on(op, function, shapes):
    draw = torch.Generator().manual_seed(2)
    formula = FORMULAS[op]
    inputs = [
        torch.randn(shape, generator=draw, dtype=torch.float64).requires_grad_() for shape in shapes
    ]
    result = function(*inputs)
    node = result.grad_fn
    assert node.name() == op
    upstream = torch.randn(result.shape, generator=draw, dtype=torch.float64)
    names = saved(node) | dict(zip(LETTERS, (each.detach() for each in inputs), strict=False))
    names |= {"y": result.detach(), "g": upstream}
    assert near(evaluated(formula.result, **names), result.detach())
    passed = torch.autograd.grad(result, inputs, upstream)
    assert len(formula.derivatives) == len(inputs)
    for line, expected in zip(formula.derivatives, passed, strict=True):
        found = evaluated(line, **names)
        assert near(found * upstream if formula.local else found, expected), line


def test_each_formula_is_checked():
    checked = {op for op, *_ in ELEMENTWISE} | {op for op, *_ in TENSORS}
    assert checked == set(FORMULAS)
    assert len(FORMULAS) >= 50


@pytest.mark.parametrize("op", sorted(FORMULAS))
def test_formulas_are_set(op):
    formula = FORMULAS[op]
    assert formula.derivatives
    for text in (formula.result, *formula.derivatives):
        assert ET.fromstring(mathml.math(typeset(text))).tag == "math"


@pytest.mark.parametrize(
    ("op", "saved_values", "expected"),
    [
        ("AddBackward0", (("alpha", 1),), True),
        ("AddBackward0", (("alpha", 2),), False),
        ("AddBackward0", (), False),
        ("GeluBackward0", (("approximate", "tanh"),), False),
        ("LinalgVectorNormBackward0", (("ord", 2.0),), True),
        ("LinalgVectorNormBackward0", (("ord", 1.0),), False),
        ("SinBackward0", (), True),
        ("NoSuchBackward0", (), False),
    ],
)
def test_formula_only_where_it_holds(op, saved_values, expected):
    node = Node("n0", "operation", op, saved=tuple(Saved(*each) for each in saved_values))
    assert (formula_of(node) is not None) == expected


def test_saved_numbers_may_come_as_tensors():
    one = Tensor((), "int64", (1,))
    assert formula_of(Node("n0", "operation", "AddBackward0", saved=(Saved("alpha", one),)))


def test_letters_of_a_formula_are_inputs_or_saved():
    for formula in FORMULAS.values():
        assert isinstance(formula, Formula)
        assert variables(formula.result) - {"y", "g"}, formula
