"""What operations are called, compute, and how they differentiate: a table by autograd's name.

In a formula `a`, `b`, `c` are the inputs by `Edge.input_index`, `y` the result, `g` the gradient
that comes back; other names are what autograd saved (`exponent`, `negative_slope`).

- `local`: the derivatives of an elementwise operation, by input.
- `back`: for others, what is passed on to each input (the vector–Jacobian product).
- `where`: saved values for which the formulas hold; for others there is no formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from viz.records import Node


@dataclass(frozen=True)
class Formula:
    """One operation's mathematics, as lines of arithmetic (see `expressions`)."""

    result: str
    local: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    where: Mapping[str, object] = field(default_factory=dict)

    @property
    def derivatives(self) -> tuple[str, ...]:
        """By input: the local derivative, or what is passed on."""
        return self.local or self.back


@dataclass(frozen=True)
class Operation:
    """What an operation is called where a name of its own is friendlier, and its mathematics."""

    sign: str = ""
    formula: Formula | None = None


def _f(result: str, *local: str, sign: str = "", **where: object) -> Operation:
    return Operation(sign, Formula(result, local, where=where))


def _b(result: str, *back: str, sign: str = "", **where: object) -> Operation:
    return Operation(sign, Formula(result, back=back, where=where))


def _named(sign: str) -> Operation:
    return Operation(sign)


OPERATIONS: Final[Mapping[str, Operation]] = {
    "AddBackward0": _f("a + b", "1", "1", alpha=1, sign="+"),
    "SubBackward0": _f("a - b", "1", "-1", alpha=1, sign="−"),
    "RsubBackward1": _f("b - a", "-1", alpha=1, sign="−"),
    "MulBackward0": _f("a*b", "b", "a", sign="×"),
    "DivBackward0": _f("a/b", "1/b", "-a/b**2", sign="÷"),
    "NegBackward0": _f("-a", "-1", sign="−"),
    "ReciprocalBackward0": _f("1/a", "-1/a**2"),
    "PowBackward0": _f("a**exponent", "exponent*a**(exponent - 1)", sign="pow"),
    "PowBackward1": _f("a**b", "b*a**(b - 1)", "a**b*log(a)", sign="pow"),
    "PowBackward2": _f("self**a", "self**a*log(self)", sign="pow"),
    "SqrtBackward0": _f("sqrt(a)", "1/(2*sqrt(a))", sign="√"),
    "RsqrtBackward0": _f("1/sqrt(a)", "-1/(2*a*sqrt(a))"),
    "ExpBackward0": _f("exp(a)", "exp(a)"),
    "Exp2Backward0": _f("2**a", "2**a*log(2)"),
    "Expm1Backward0": _f("exp(a) - 1", "exp(a)"),
    "LogBackward0": _f("log(a)", "1/a"),
    "Log2Backward0": _f("log(a)/log(2)", "1/(a*log(2))"),
    "Log10Backward0": _f("log(a)/log(10)", "1/(a*log(10))"),
    "Log1PBackward0": _f("log(1 + a)", "1/(1 + a)"),
    "SinBackward0": _f("sin(a)", "cos(a)"),
    "CosBackward0": _f("cos(a)", "-sin(a)"),
    "TanBackward0": _f("tan(a)", "1 + tan(a)**2"),
    "AsinBackward0": _f("asin(a)", "1/sqrt(1 - a**2)"),
    "AcosBackward0": _f("acos(a)", "-1/sqrt(1 - a**2)"),
    "AtanBackward0": _f("atan(a)", "1/(1 + a**2)"),
    "Atan2Backward0": _f("atan2(a, b)", "b/(a**2 + b**2)", "-a/(a**2 + b**2)"),
    "SinhBackward0": _f("sinh(a)", "cosh(a)"),
    "CoshBackward0": _f("cosh(a)", "sinh(a)"),
    "TanhBackward0": _f("tanh(a)", "1 - tanh(a)**2"),
    "AsinhBackward0": _f("asinh(a)", "1/sqrt(1 + a**2)"),
    "AcoshBackward0": _f("acosh(a)", "1/sqrt(a**2 - 1)"),
    "AtanhBackward0": _f("atanh(a)", "1/(1 - a**2)"),
    "HypotBackward0": _f("sqrt(a**2 + b**2)", "a/sqrt(a**2 + b**2)", "b/sqrt(a**2 + b**2)"),
    "ErfBackward0": _f("erf(a)", "2/sqrt(pi)*exp(-a**2)"),
    "SigmoidBackward0": _f("1/(1 + exp(-a))", "sigmoid(a)*(1 - sigmoid(a))"),
    "LogSigmoidBackward0": _f("-log(1 + exp(-a))", "sigmoid(-a)"),
    "LogitBackward0": _f("log(a/(1 - a))", "1/(a*(1 - a))", eps=None),
    "SoftplusBackward0": _f("log(1 + exp(a))", "sigmoid(a)", beta=1),
    "SiluBackward0": _f("a*sigmoid(a)", "sigmoid(a)*(1 + a*(1 - sigmoid(a)))"),
    "GeluBackward0": _f(
        "a/2*(1 + erf(a/sqrt(2)))",
        "1/2*(1 + erf(a/sqrt(2))) + a/sqrt(2*pi)*exp(-a**2/2)",
        approximate="none",
    ),
    "ReluBackward0": _f("max(0, a)", "1 if a > 0 else 0"),
    "LeakyReluBackward0": _f("a if a > 0 else negative_slope*a", "1 if a > 0 else negative_slope"),
    "EluBackward0": _f(
        "a if a > 0 else alpha*(exp(a) - 1)", "1 if a > 0 else alpha*exp(a)", scale=1, input_scale=1
    ),
    "HardtanhBackward0": _f("max(min_val, min(a, max_val))", "1 if min_val < a < max_val else 0"),
    "ClampBackward1": _f(
        "min if a < min else max if a > max else a", "1 if min <= a <= max else 0"
    ),
    "AbsBackward0": _f("abs(a)", "sign(a)"),
    "SgnBackward0": _f("sign(a)", "0"),
    "SignBackward0": _f("sign(a)", "0"),
    "FloorBackward0": _f("floor(a)", "0"),
    "CeilBackward0": _f("ceil(a)", "0"),
    "RoundBackward0": _f("round(a)", "0"),
    "TruncBackward0": _f("trunc(a)", "0"),
    "MaximumBackward0": _f(
        "max(a, b)", "1 if a > b else 1/2 if a == b else 0", "1 if b > a else 1/2 if a == b else 0"
    ),
    "MinimumBackward0": _f(
        "min(a, b)", "1 if a < b else 1/2 if a == b else 0", "1 if b < a else 1/2 if a == b else 0"
    ),
    "LogaddexpBackward0": _f(
        "log(exp(a) + exp(b))", "exp(a)/(exp(a) + exp(b))", "exp(b)/(exp(a) + exp(b))"
    ),
    "XlogyBackward0": _f("a*log(b)", "log(b)", "a/b"),
    "SpecialEntrBackward0": _f("-a*log(a)", "-log(a) - 1"),
    "LerpBackward0": _f("a + weight*(b - a)", "1 - weight", "weight"),
    "AddcmulBackward0": _f("a + b*c", "1", "c", "b", value=1),
    "CloneBackward0": _f("a", "1"),
    "Deg2RadBackward0": _f("a*pi/180", "pi/180"),
    "Rad2DegBackward0": _f("a*180/pi", "180/pi"),
    "SumBackward0": _f("sum(a)", "1"),
    "MeanBackward0": _f("sum(a)/self_sym_numel", "1/self_sym_numel"),
    "ProdBackward0": _f("prod(a)", "y/a"),
    "LogsumexpBackward0": _f("log(sum(exp(a)))", "exp(a)/sum(exp(a))"),
    "LinalgVectorNormBackward0": _f("sqrt(sum(a**2))", "a/y", ord=2.0, sign="norm"),
    "DotBackward0": _b("T(a) @ b", "g*b", "g*a", sign="·"),
    "MmBackward0": _b("a @ b", "g @ T(b)", "T(a) @ g", sign="@"),
    "BmmBackward0": _b("a @ b", "g @ T(b)", "T(a) @ g", sign="@"),
    "MvBackward0": _b("a @ b", "outer(g, b)", "T(a) @ g", sign="@"),
    "AddmmBackward0": _b("a + b @ c", "g", "g @ T(c)", "T(b) @ g", alpha=1, beta=1, sign="linear"),
    "TBackward0": _b("T(a)", "T(g)", sign="transpose"),
    "SoftmaxBackward0": _b("softmax(a)", "y*(g - sum(g*y))"),
    "LogSoftmaxBackward0": _b("log(softmax(a))", "g - exp(y)*sum(g)"),
    "MseLossBackward0": _b(
        "mean((a - b)**2)", "g*2*(a - b)/numel(a)", "g*2*(b - a)/numel(a)", reduction=1
    ),
    "CumsumBackward0": _b("cumsum(a)", "flip(cumsum(flip(g)))"),
    "LinalgInvExBackward0": _b("inverse(a)", "-T(y) @ g @ T(y)"),
    "LinalgDetBackward0": _b("det(a)", "g*y*T(inverse(a))"),
    "TraceBackward0": _b("trace(a)", "g*eye(a)"),
    "AccumulateGrad": _named("leaf"),
    "AddmvBackward0": _named("linear"),
    "CopySlices": _named("y[…] = …"),
    "AsStridedBackward0": _named("view"),
    "UnsafeViewBackward0": _named("view"),
}
"""By autograd's name; what has no `sign` is called by that name in lower case."""
FORMULAS: Final[Mapping[str, Formula]] = {
    op: operation.formula for op, operation in OPERATIONS.items() if operation.formula is not None
}
LETTERS: Final = "abc"


def formula_of(node: Node) -> Formula | None:
    """The node's formula, `None` when there is none in the table for what it saved."""
    found = FORMULAS.get(node.op)
    if found is None:
        return None
    saved = saved_values(node)
    # a value that was not saved cannot be told from the usual one: no formula rather than a wrong
    if any(name not in saved or not _equal(saved[name], found.where[name]) for name in found.where):
        return None
    return found


def saved_values(node: Node) -> dict[str, object]:
    """What autograd saved beside tensors, by name; one-element tensors as their number."""
    values: dict[str, object] = {}
    for saved in node.saved:
        value = saved.value
        name = saved.name.removeprefix("_saved_")
        if value is None or isinstance(value, bool | int | float | str):
            values[name] = value
        elif value.values is not None and len(value.values) == 1:
            values[name] = value.values[0]
    return values


def _equal(value: object, wanted: object) -> bool:
    try:
        return value == wanted or (wanted is not None and str(value) == str(wanted))
    except ValueError:
        return False
