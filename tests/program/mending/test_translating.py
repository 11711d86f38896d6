"""Programs of jax, autograd and tensorflow's tape in torch's words compute the same numbers.

What the libraries themselves print of these programs was taken from them (jax 0.10, autograd 1.9);
of the tape it follows from the formula.
"""

from __future__ import annotations

import contextlib
import io
import math
import re

import numpy
import pytest
import torch

from viz.errors import ProgramRejected
from viz.program import check
from viz.program.mending.rewording import LIBRARIES
from viz.program.names.libraries import NUMPY_S, SAME
from viz.records import Problem

JAX = "import jax\nimport jax.numpy as jnp\n"
GRAD = "from autograd import grad\nimport autograd.numpy as np\n"
TAPE = "import tensorflow as tf\n"
PROGRAMS = [
    (JAX + "v, g = jax.value_and_grad(lambda x: x ** 3)(2.0)\nprint(v, g)", [8.0, 12.0]),
    (
        "import autograd.numpy as np\nfrom autograd import elementwise_grad as egrad\n"
        "print(egrad(egrad(np.exp))(np.array([0.0, 1.0])))",
        [1.0, math.e],
    ),
    (JAX + "def f(x):\n    return jnp.sin(x) * x ** 2\nprint(jax.grad(f)(1.5))", [3.15164]),
    (
        "from jax import grad, jit\nimport jax.numpy as jnp\n@jit\ndef f(x):\n"
        "    return jnp.tanh(x)\ndf = grad(f)\nddf = grad(df)\nx = 0.5\nprint(f(x), df(x), ddf(x))",
        [0.462117, 0.786448, -0.726862],
    ),
    (
        JAX + "xs = jnp.linspace(0.0, 1.0, 3)\nprint(jax.vmap(jax.grad(jnp.sin))(xs))",
        [1.0, 0.877583, 0.540302],
    ),
    (
        JAX + "x = jnp.array([1.0, 2.0, 3.0])\ndef loss(w):\n    return jnp.sum((w - x) ** 2)\n"
        "w = jnp.zeros(3)\nfor i in range(2):\n    w -= 0.1 * jax.grad(loss)(w)\nprint(w)",
        [0.36, 0.72, 1.08],
    ),
    (
        JAX + "def f(x, y):\n    return jnp.maximum(x, 0.0) * jnp.exp(y) + jnp.sqrt(2 * jnp.pi)\n"
        "print(jax.grad(f, argnums=(0, 1))(2.0, 0.5))",
        [1.648721, 3.297443],
    ),
    (
        JAX + "f = lambda x: jnp.sum(x ** 3)\nx = jnp.array([1.0, 2.0])\nprint(jax.hessian(f)(x))",
        [6.0, 0.0, 0.0, 12.0],
    ),
    (
        "import jax.numpy as jnp\nfrom jax import grad\ndef f(x):\n    return x ** 2\n"
        "for x in [1.0, 2.0]:\n    print(grad(f)(x))",
        [2.0, 4.0],
    ),
    (GRAD + "def tanh(x):\n    return (1.0 - np.exp(-x)) / (1.0 + np.exp(-x))\n"
     "print(grad(tanh)(1.0))", [0.39322386648296376]),
    (
        GRAD + "x = 3.0\nfor k in range(3):\n    x -= 0.1 * grad(lambda t: t ** 2)(x)\nprint(x)",
        [1.536],
    ),
    (GRAD + "def f(x):\n    return x ** 3\nprint(grad(grad(f))(2.0))", [12.0]),
    (
        TAPE + "x = tf.Variable(3.0)\nwith tf.GradientTape() as tape:\n    y = x ** 2\n"
        "dy_dx = tape.gradient(y, x)\nprint(dy_dx.numpy())",
        [6.0],
    ),
    (
        TAPE + "w = tf.Variable([1.0, 2.0])\nb = tf.Variable(0.5, name='b')\n"
        "with tf.GradientTape(persistent=True) as tape:\n"
        "    loss = tf.reduce_mean(tf.square(w) + b)\n"
        "dw, db = tape.gradient(loss, [w, b])\nprint(dw, db)\nprint(tape.gradient(loss, w))",
        [1.0, 2.0, 1.0, 1.0, 2.0],
    ),
    (
        TAPE + "x = tf.constant(2.0)\nwith tf.GradientTape() as outer:\n    outer.watch(x)\n"
        "    with tf.GradientTape() as inner:\n        inner.watch(x)\n        y = x ** 3\n"
        "    dy = inner.gradient(y, x)\nd2 = outer.gradient(dy, x)\nprint(dy, d2)",
        [12.0, 12.0],
    ),
    (
        TAPE + "x = tf.Variable(4.0)\nfor k in range(2):\n    with tf.GradientTape() as t:\n"
        "        loss = tf.pow(x - 1.0, 2)\n    g = t.gradient(loss, x)\n"
        "    x.assign_sub(0.25 * g)\nprint(x.numpy())",
        [1.75],
    ),
]  # fmt: skip


def refused(source: str) -> Problem:
    with pytest.raises(ProgramRejected) as caught:
        check(source)
    return caught.value.problem


def numbers_of(source: str) -> list[float]:
    """The numbers that plain torch prints of a text of this file."""
    told = io.StringIO()
    try:
        with contextlib.redirect_stdout(told):
            exec(source, {"math": math})  # noqa: S102 (this file's own texts)
    finally:
        torch.set_default_dtype(torch.float32)
    text = re.sub(r"\w+=[^,)]*", "", told.getvalue())
    return [float(each) for each in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", text)]


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")
@pytest.mark.parametrize("row", PROGRAMS, ids=[each[0][-40:] for each in PROGRAMS])
def test_the_same_numbers_come_out_in_torch_s_words(row: tuple[str, list[float]]) -> None:
    source, numbers = row
    found = refused(source)
    assert found.mended is not None
    assert found.further is None, "nothing is left out"
    check(found.mended)
    assert not re.search(rf"\b(?:{'|'.join(LIBRARIES)}|jnp|tf|np)\.(?!grad)", found.mended)
    assert numbers_of(found.mended) == pytest.approx(numbers, rel=2e-4)


KEPT_APART = [
    # another meaning, another order, or no word at all
    JAX + "x = jnp.array([1.0, 2.0])\nprint(x.std())",
    JAX + "print(jnp.std(jnp.array([1.0, 2.0])))",
    JAX + "x = jnp.zeros(2)\nx = x.at[0].set(1.0)\nprint(x)",
    JAX + "vg = jax.value_and_grad(jnp.sin)\nprint(vg(1.0))",
    JAX + "key = jax.random.PRNGKey(0)\nprint(jax.random.normal(key))",
    JAX + "print(jax.grad(lambda p: p[0] ** 2)([1.0, 2.0]))",
    JAX + "p = {'w': 1.0}\nprint(jax.grad(lambda p: p['w'] ** 2)(p))",
    JAX + "import numpy as np\nprint(jnp.sin(np.ones(2)))",
    GRAD
    + "from autograd import elementwise_grad as egrad\nprint(egrad(np.sin)(np.linspace(0, 1)))",
    TAPE + "x = tf.Variable(3)\nprint(x)",
    TAPE + "x = tf.Variable(3.0)\nopt = tf.keras.optimizers.SGD(0.1)\nprint(x)",
    TAPE + "x = tf.Variable(3.0)\nx.assign(4.0)\nprint(x)",
]


@pytest.mark.parametrize("source", KEPT_APART)
def test_what_means_something_else_in_torch_is_not_reworded(source: str) -> None:
    found = refused(source)
    assert "torch" in str(found.remedy), "but the words are told"
    assert found.mended is None or "torch." not in found.mended.replace(source, "")


def test_each_word_is_torch_s() -> None:
    for known in SAME.values():
        for name in known.values():
            part: object = torch
            for each in name.split(".")[1:]:
                part = getattr(part, each)


@pytest.mark.parametrize("name", sorted(NUMPY_S))
def test_numpy_s_names_mean_the_same_in_torch(name: str) -> None:
    """One call of each with the same numbers; what a name is given besides stands in `GIVEN`."""
    theirs, ours = numpy, torch
    for each in name.split("."):
        theirs, ours = getattr(theirs, each), getattr(ours, each)
    if not callable(ours):
        assert numpy.array_equal(theirs, ours, equal_nan=True)
        return
    if name in ("stack", "vstack", "hstack"):
        assert ours([*torch.eye(2)]).tolist() == theirs([*numpy.eye(2)]).tolist()
        return
    given = GIVEN.get(name, ([[0.5, 0.25], [0.125, 0.75]],))
    wanted = theirs(*(numpy.array(each) if isinstance(each, list) else each for each in given))
    found = ours(*(torch.tensor(each) if isinstance(each, list) else each for each in given))
    assert numpy.asarray(found) == pytest.approx(numpy.asarray(wanted), rel=1e-5, nan_ok=True)


_PAIR = ([0.5, 2.0], [1.0, 0.25])
GIVEN = {
    **dict.fromkeys(("maximum", "minimum", "logaddexp", "hypot", "arctan2"), _PAIR),
    **dict.fromkeys(("outer", "kron"), _PAIR),
    **dict.fromkeys(("add", "subtract", "multiply", "divide", "true_divide"), _PAIR),
    **dict.fromkeys(("float_power", "remainder", "fmod", "fmax", "fmin", "copysign"), _PAIR),
    "matmul": ([[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0]),
    "linalg.solve": ([[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0]),
    "linalg.cholesky": ([[2.0, 1.0], [1.0, 2.0]],),
    "arccosh": ([1.5, 2.0],),
    "where": ([True, False], [1.0, 2.0], [3.0, 4.0]),
    "clip": ([0.0, 2.0], 0.5, 1.0),
    "reshape": ([1.0, 2.0], (2, 1)),
    **dict.fromkeys(("zeros", "ones"), ((2, 3),)),
    "eye": (2,),
}
