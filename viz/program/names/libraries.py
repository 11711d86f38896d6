"""Other libraries' words and torch's: which mean the same, which only look like it.

`SAME[library]` has a name of a library by its full name and what it is in torch, where arguments,
result and meaning are the same; `DIFFERENT` says what to write for names that torch has as well and
that mean something else. Facts of numpy 2, jax 0.4 and later, autograd 1.6 and later, tensorflow 2,
held against the libraries themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from viz.errors import N_
from viz.program.allowlist.words import words

_ELEMENTWISE: Final = words(
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp expm1 exp2 log"
    " log1p log2 log10 sqrt square abs sign floor ceil trunc sinc"
)
_SEVERAL: Final = words(
    "maximum minimum logaddexp hypot matmul outer trace isnan isinf isfinite add subtract multiply"
    " divide true_divide reciprocal float_power deg2rad rad2deg remainder fmod fmax fmin copysign"
)
_MADE: Final = words("zeros ones eye zeros_like ones_like stack reshape vstack hstack kron")
_ARRAYS: Final = {
    **{name: f"torch.{name}" for name in (*_ELEMENTWISE, *_SEVERAL, *_MADE)},
    **{name: f"torch.{name}" for name in words("pi e inf nan newaxis")},
    "absolute": "torch.abs",
    "negative": "torch.neg",
    "power": "torch.pow",
    "radians": "torch.deg2rad",
    "degrees": "torch.rad2deg",
    "arctan2": "torch.atan2",
    "concatenate": "torch.cat",
    "dot": "torch.matmul",
    **{f"linalg.{name}": f"torch.linalg.{name}" for name in words("norm inv det solve cholesky")},
}
CALLED_OTHERWISE: Final = MappingProxyType(
    {name: _ARRAYS[name] for name in ("concatenate", "power", "radians", "degrees")}
)
"""Names of numpy's for which torch has other ones that mean the same."""
NUMPY_S: Final = frozenset(_ARRAYS) - CALLED_OTHERWISE.keys() - {"dot", "newaxis"} | {
    *("clip", "where", "sum", "mean", "prod")
}
"""Names by which numpy and torch mean the same, given the same arguments."""
_TENSORFLOW: Final = {
    **{
        name: f"torch.{name}"
        for name in words(
            "sin cos tan sinh cosh tanh exp sqrt square abs sign floor sigmoid maximum minimum pow"
            " matmul zeros ones zeros_like ones_like stack reshape float32 float64 int32 int64"
        )
    },
    **{f"math.{name}": f"torch.{name}" for name in words("sin cos tan tanh exp log sqrt square")},
    **{f"nn.{name}": f"torch.{name}" for name in words("relu sigmoid tanh")},
    **{f"math.{name}": f"torch.{name}" for name in words("pow sigmoid abs maximum minimum")},
    "concat": "torch.cat",
    **dict.fromkeys(words("multiply math.multiply"), "torch.mul"),
    **dict.fromkeys(words("add math.add"), "torch.add"),
    **dict.fromkeys(words("subtract math.subtract"), "torch.sub"),
    **dict.fromkeys(words("divide math.divide"), "torch.div"),
}
SAME: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "jax.numpy": _ARRAYS,
        "autograd.numpy": _ARRAYS,
        "jax": {
            **{name: f"torch.func.{name}" for name in words("grad vmap jacrev jacfwd hessian")},
            "nn.relu": "torch.relu",
            "nn.sigmoid": "torch.sigmoid",
            "nn.softplus": "torch.nn.functional.softplus",
        },
        "autograd": {
            "grad": "torch.func.grad",
            "jacobian": "torch.func.jacrev",
            "hessian": "torch.func.hessian",
        },
        "tensorflow": _TENSORFLOW,
    }
)
REDUCTIONS: Final = MappingProxyType(
    {
        **dict.fromkeys(words("jax.numpy.sum autograd.numpy.sum"), "torch.sum"),
        **dict.fromkeys(words("jax.numpy.mean autograd.numpy.mean"), "torch.mean"),
        **dict.fromkeys(words("tensorflow.reduce_sum tensorflow.math.reduce_sum"), "torch.sum"),
        **dict.fromkeys(words("tensorflow.reduce_mean tensorflow.math.reduce_mean"), "torch.mean"),
    }
)
"""What adds up elements: the same along one dimension, or of all."""

DIFFERENT: Final = MappingProxyType(
    {
        "gradient": N_(
            "torch.gradient gives a tuple with a tensor for each dimension: torch.gradient(x)[0]."
        ),
        **dict.fromkeys(
            ("std", "var"),
            N_("torch divides by n - 1 where numpy divides by n: torch.{name}(x, correction=0)."),
        ),
        **dict.fromkeys(
            words("max min amax amin"),
            N_(
                "Of all elements it is torch.max(x) or torch.min(x); along a dimension torch.amax"
                " or torch.amin, as torch.max gives the indices besides."
            ),
        ),
        **dict.fromkeys(
            ("sort", "median"),
            N_(
                "torch.sort gives the indices besides, and torch.median the lower of two middle"
                " elements: torch.sort(x).values, torch.quantile(x, 0.5)."
            ),
        ),
        "transpose": N_("torch.transpose takes the two dimensions: write x.T for a matrix."),
        "split": N_(
            "torch.split takes the size of a part: torch.tensor_split(x, 3) makes 3 parts."
        ),
        "repeat": N_("torch.repeat_interleave(x, 2) repeats each element; x.repeat all of them."),
        "size": N_("Write x.numel() for the number of elements."),
        "array": N_("Write torch.tensor([1.0, 2.0])."),
        "meshgrid": N_('Write torch.meshgrid(x, y, indexing="xy"), which is numpy\'s order.'),
        "cross": N_("Write torch.linalg.cross(a, b): it takes the last dimension, as numpy does."),
        "dot": N_("torch.dot is for two vectors; write a @ b for matrices, too."),
        "random": N_(
            "Write torch.rand or torch.randn with the shape: torch.randn(2, 3). The numbers are"
            " others than numpy's."
        ),
        **dict.fromkeys(
            words("cumsum cumprod flip"),
            N_("torch asks for the dimension: torch.{name}(x, 0); of flip (0,)."),
        ),
        "concatenate": N_("Write torch.cat([a, b])."),
        "power": N_("Write torch.pow(x, 2), or x**2."),
        "reduce_sum": N_("Write torch.sum(x)."),
        "reduce_mean": N_("Write torch.mean(x)."),
        "constant": N_("Write torch.tensor([1.0, 2.0])."),
        "Variable": N_("Write torch.tensor(2.0, requires_grad=True)."),
        "GradientTape": N_(
            "torch records by itself what is computed from a tensor with requires_grad=True:"
            " write torch.autograd.grad(y, x) for tape.gradient(y, x)."
        ),
    }
)
"""What to write for a name that numpy, jax or tensorflow have, too, and mean otherwise."""
OF_ALL: Final = frozenset(words("max min argmax argmin"))
"""Names that mean the same of all elements, and something else along a dimension."""
NO_SUCH: Final = N_("Write it with others of torch's names.")

LIBRARIES: Final = MappingProxyType(
    {
        "jax": N_(
            "Write it with torch: jax.numpy's sin is torch.sin, jax.grad(f)(x) is"
            " torch.func.grad(f)(x), jax.vmap is torch.func.vmap, jax.jit is left out, and"
            " jax.random.normal(key, (2, 3)) is torch.randn(2, 3)."
        ),
        "autograd": N_(
            "Write it with torch: autograd.numpy's sin is torch.sin, grad(f)(x) is"
            " torch.func.grad(f)(x) with a tensor x, jacobian(f) is torch.func.jacrev(f)."
        ),
        "tensorflow": N_(
            "Write it with torch: tf.Variable(2.0) is torch.tensor(2.0, requires_grad=True),"
            " tape.gradient(y, x) is torch.autograd.grad(y, x), tf.reduce_sum is torch.sum, and"
            " optimizer.apply_gradients is loss.backward() with optimizer.step()."
        ),
        "keras": N_(
            "Write it with torch: layers.Dense(8) is nn.Linear(n, 8), a Sequential is"
            " nn.Sequential, and model.fit is a loop with loss.backward() and optimizer.step()."
        ),
        "sympy": N_(
            "Type the function alone, such as sin(x)*x**2: its names need no symbols, and its"
            " derivatives are shown beside it. Of a function f it is torch.func.grad(f)(x)."
        ),
        "mxnet": N_(
            "Write it with torch: x.attach_grad() is x.requires_grad_(), autograd.record() is left"
            " out, nd.array is torch.tensor; y.backward() and x.grad are the same."
        ),
        "mindspore": N_(
            "Write it with torch: mindspore.grad(f)(x) is torch.func.grad(f)(x), nn.Cell is"
            " nn.Module with forward for construct, ops.sin is torch.sin."
        ),
        "paddle": N_(
            "Write it with torch: paddle.to_tensor(x, stop_gradient=False) is"
            " torch.tensor(x, requires_grad=True); y.backward() and x.grad are the same."
        ),
        "theano": N_(
            "Write it with torch: T.dscalar('x') is an input, T.grad(y, x) is"
            " torch.autograd.grad(y, x); nothing is compiled."
        ),
        "casadi": N_("Write it with torch: the function in Python, torch.func.jacrev(f)(x)."),
        "flax": N_("Write it with torch: nn.Dense(8) is nn.Linear(n, 8), optax is torch.optim."),
        "pandas": N_(
            "Give the numbers in the program itself: torch.tensor([[1.0, 2.0], [3.0, 4.0]]), one"
            " row for each row of the table."
        ),
        "sklearn": N_(
            "Make the data in the program itself, such as torch.randn(100, 2); nn.Linear with a"
            " loss is linear regression, torch.sigmoid behind it logistic regression."
        ),
        "scipy": N_(
            "Write that part with torch: torch.special, torch.linalg and torch.fft have many of its"
            " functions, torch.optim.LBFGS is a minimiser."
        ),
        "seaborn": N_("Draw it with plt: plt.plot, plt.scatter, plt.hist, plt.imshow."),
        "plotly": N_("Draw it with plt: plt.plot, plt.scatter, plt.hist, plt.imshow."),
        "torch_geometric": N_(
            "Write that part with torch: torch.sparse.mm multiplies a sparse matrix,"
            " index_add and scatter_add sum over the edges of a graph."
        ),
        "transformers": N_(
            "Nothing can be loaded here: build a small network with nn, such as nn.Transformer."
        ),
    }
)
"""What to write in torch's words in place of a library, by the first word of its name."""
ALIASES: Final = MappingProxyType(
    {
        **dict.fromkeys(words("flax haiku equinox optax objax trax"), "flax"),
        **dict.fromkeys(words("theano aesara pytensor"), "theano"),
        **dict.fromkeys(words("statsmodels xgboost lightgbm"), "sklearn"),
        **dict.fromkeys(words("bokeh altair plotnine ggplot pylab holoviews"), "plotly"),
        **dict.fromkeys(words("mxnet gluon"), "mxnet"),
        **dict.fromkeys(words("datasets tokenizers timm sentence_transformers"), "transformers"),
        **dict.fromkeys(
            words("torch_sparse torch_scatter torch_cluster torch_spline_conv dgl"),
            "torch_geometric",
        ),
        **dict.fromkeys(words("tf_keras tflearn tensorlayer"), "keras"),
    }
)
"""Libraries of which the same is to be said."""


def of_library(module: str) -> str | None:
    """What helps with a library, by its full name or its first word."""
    first = "keras" if module.startswith("tensorflow.keras") else module.split(".")[0]
    return LIBRARIES.get(ALIASES.get(first, first))
