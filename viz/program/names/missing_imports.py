"""Names that a cell uses and whose import stood in an earlier one: the line that brings them.

`import_of(name)` gives the line, `None` for a name that is not one of these, or that may mean
several things. `with_import(source, line)` is the text with the line on top, `None` where it
cannot stand there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from viz.program.allowlist.words import words

_MODULES: Final = {
    "np": "import numpy as np",
    "numpy": "import numpy",
    "optim": "from torch import optim",
    "autograd": "from torch import autograd",
    "init": "from torch.nn import init",
    "fwAD": "import torch.autograd.forward_ad as fwAD",
    "lr_scheduler": "from torch.optim import lr_scheduler",
    "d2l": "from d2l import torch as d2l",
    "cudnn": "from torch.backends import cudnn",
    **{
        name: f"import {name}" for name in words("random time copy itertools functools collections")
    },
    **{name: f"import {name}" for name in words("warnings operator datetime contextlib")},
}
_NAMES: Final = {
    "torch.autograd": "Variable Function gradcheck gradgradcheck",
    "torch.autograd.function": "once_differentiable",
    "torch.autograd.functional": "jacobian hvp vhp",
    "torch.autograd.forward_ad": "dual_level make_dual unpack_dual",
    "torch.func": "jacrev jacfwd functional_call grad_and_value",
    "torch.nn": (
        "Module Parameter Sequential ModuleList Linear Conv2d Embedding MSELoss CrossEntropyLoss"
        " BCELoss BCEWithLogitsLoss NLLLoss L1Loss ReLU Sigmoid Tanh BatchNorm1d BatchNorm2d"
        " Dropout LSTM GRU RNN"
    ),
    "torch.nn.utils": "clip_grad_norm_ clip_grad_value_ parameters_to_vector",
    "torch.optim": "SGD Adam AdamW Adagrad RMSprop Adadelta LBFGS Optimizer",
    "torch.optim.lr_scheduler": (
        "StepLR MultiStepLR ExponentialLR CosineAnnealingLR LambdaLR LinearLR ReduceLROnPlateau"
        " OneCycleLR ConstantLR PolynomialLR MultiplicativeLR CosineAnnealingWarmRestarts CyclicLR"
        " SequentialLR ChainedScheduler"
    ),
    "torch.utils.data": "Dataset DataLoader TensorDataset random_split",
    "torch.utils.checkpoint": "checkpoint",
    "torch.distributions": "Normal Categorical Bernoulli MultivariateNormal kl_divergence",
    "collections": "OrderedDict defaultdict deque namedtuple Counter",
    "functools": "partial reduce",
    "itertools": "accumulate chain product combinations permutations",
    "copy": "deepcopy",
    "typing": "List Dict Tuple Optional Callable Union Any Iterable Sequence",
    "dataclasses": "dataclass",
    "tqdm": "tqdm trange",
    "pprint": "pprint",
    "einops": "rearrange pack unpack",
    "einops.layers.torch": "Rearrange",
    "matplotlib.lines": "Line2D",
    "matplotlib.colors": "ListedColormap LinearSegmentedColormap",
    "matplotlib.gridspec": "GridSpec",
}
_OF_THEIR_MODULES: Final = frozenset(words("random time copy datetime"))
"""Functions and classes that are called as the modules are that they lie in."""
_LINES: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: f"from {module} import {name}"
        for module, names in _NAMES.items()
        for name in names.split()
    }
    | _MODULES
)


def import_of(name: str, given: int | None = None) -> str | None:
    """The line that brings a name, as tutorials write it; `given` arguments it is called with,
    `None` where it is not called.
    """
    if name in _OF_THEIR_MODULES and given is not None:  # random() is no module
        return f"from {name} import {name}"
    if name == "hessian" and given:  # hessian(f)(x) or hessian(f, x)
        return f"from torch.{'func' if given == 1 else 'autograd.functional'} import hessian"
    return _LINES.get(name)


def with_import(source: str, line: str) -> str | None:
    """The text with an import as its first line, behind a prompt or a blank as it begins."""
    if "__future__" in source or "```" in source:
        return None
    lines = source.split("\n")
    start = next((number for number, each in enumerate(lines) if each.strip()), 0)
    if _ALONE.match(lines[start]):
        lines.insert(start + 1, line)
    else:
        lead = _LEAD.match(lines[start])
        lines.insert(start, f"{lead[0] if lead else ''}{line}")
    return "\n".join(lines)


_LEAD: Final = re.compile(r"[ \t]*(?:>>> |In ?\[[\d *]{0,5}\]: ?(?=\S))?")
_ALONE: Final = re.compile(r"[ \t]*(?:In ?\[[\d *]{0,5}\]:|# ?%%.*)\s*$")
