"""The allow-list: every name that typed code may use, one by one.

`names.json` is reviewed data: `modules` (what `torch.…`, `F.…`, `math.…` may reach),
`attributes` (of tensors, layers, lists, … by kind of object), `builtins`, `keywords` (of calls)
and `assignable` (attributes that may be written). It is derived from PyTorch's operator database
and a review; a test fails when a new torch would change it. `taken.txt` has every name that any
object has which typed code might hold: a name that is not there is the program's own and free.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from viz.program.allowlist.words import words

_READ = json.loads((Path(__file__).parent / "names.json").read_text())

ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {kind: frozenset(names) for kind, names in _READ["attributes"].items()}
)
"""What objects of each kind may be asked for; a tensor's are under "Tensor"."""

MODULES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        name: frozenset(names)
        for name, names in (*_READ["modules"].items(), *_READ["stand_ins"].items())
    }
    | {
        "matplotlib.pyplot": ATTRIBUTES["plt"],
        "matplotlib.pylab": ATTRIBUTES["plt"],
        "matplotlib": frozenset(
            words(
                "pyplot animation rcParams rc use pylab cm patches colors ticker lines gridspec"
                " colormaps"
            )
        ),
    }
)
"""What each module may be asked for, by the module's full name."""

MAX_OWN: Final = 60
"""Characters of a name of the program's own behind a dot."""
BUILTINS: Final = frozenset(_READ["builtins"])
KEYWORDS: Final = frozenset(_READ["keywords"])
KEPT_OUT_KEYWORDS: Final = frozenset(_READ["kept_out_keywords"])
"""Keyword arguments that a function of a library takes and typed code may not give it."""
ASSIGNABLE: Final = frozenset(_READ["assignable"])

OF_ARRAYS: Final = frozenset({"shape", "flat"})
"""What numpy's arrays alone may be given anew: whether it is one is decided when it runs."""
OF_GRAPHS: Final = frozenset(words("format engine filename directory name comment"))
"""What a graph that the program draws may be given anew: the same."""
SETTINGS: Final = frozenset(
    words(
        "stride padding padding_mode dilation groups kernel_size in_channels out_channels"
        " in_features out_features num_features num_channels num_groups normalized_shape eps"
        " momentum affine track_running_stats elementwise_affine p inplace ceil_mode"
        " reduction ignore_index label_smoothing"
    )
)
"""What layers of torch's look at whenever they are called, and may be given anew."""

ANSWERED: Final = ATTRIBUTES["answered by stand-ins"]
"""Attributes that are written as of any object and read of none: a stand-in answers for it."""

OBJECT_ATTRIBUTES: Final = frozenset().union(
    *(names for kind, names in ATTRIBUTES.items() if kind not in ("plt", "answered by stand-ins"))
)
"""What may be read of any object: at check time nobody knows which kind it will be."""

TAKEN: Final = frozenset((Path(__file__).parent / "taken.txt").read_text().split())
"""Names that some object has which typed code might come to hold, reviewed or not."""

REAL: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        module: frozenset(names.split())
        for line in (Path(__file__).parent / "kept_out.txt").read_text().splitlines()
        for module, _, names in [line.partition(": ")]
    }
)
"""Names that a module has and that are not allowed: whoever writes one mistyped no other."""

NEVER: Final = frozenset(
    name for name in TAKEN if re.match(r"_?(gi|f|co|tb|cr|ag|func|im)_", name)
) | frozenset(
    words(
        "mro fget fset fdel _varname_from_oparg"
        # what the makers of classes put into them: C takes each for what it was
        " _backward_cls _lazy_backward_cls _forward_cls _abc_impl"
    )
)
"""Names of frames, code, tracebacks, functions and types: not even a class's own may have them."""


def is_free(name: str) -> bool:
    """Whether no real object has the name: whoever uses it means what the program itself put there.

    Names with two underscores in front are Python's own and never free.
    """
    return (
        len(name) <= MAX_OWN
        and name.isidentifier()
        and unicodedata.is_normalized("NFKC", name)
        and not name.startswith("__")
        and name not in TAKEN
        and name not in NEVER
    )


READY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "torch": "torch",
        "nn": "torch.nn",
        "F": "torch.nn.functional",
        "np": "numpy",
        "math": "math",
        "plt": "matplotlib.pyplot",
    }
)
"""Modules that are there without an import, by the name they have."""


ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "d2l.torch.plt": "matplotlib.pyplot",
        "matplotlib.pyplot.cm": "matplotlib.cm",
        "matplotlib.pylab.cm": "matplotlib.cm",
        "d2l.torch.torch": "torch",
        "d2l.torch.nn": "torch.nn",
        "d2l.torch.F": "torch.nn.functional",
    }
)
"""Modules that another module has among its names."""


def submodule(module: str, name: str) -> str | None:
    """The full name of a module's part that is a module itself, else `None`."""
    inside = f"{module}.{name}"
    if inside in ALIASES:
        return ALIASES[inside]
    return inside if name in MODULES.get(module, ()) and inside in MODULES else None


OF_PYTHON: Final = frozenset({"compile"})
"""Names that mean a function of Python's own where they stand bare."""


def _bare() -> dict[str, str]:
    """Where each name that works bare comes from; Python's own functions come first."""
    found = {
        name: f"{module}.{name}"
        for module in ("torch.special", "torch.nn.functional", "torch")
        for name in sorted(MODULES[module])
        if submodule(module, name) is None and name[:2] != "__" and name not in OF_PYTHON
    }
    return found | {name: f"builtins.{name}" for name in sorted(BUILTINS)}


BARE: Final[Mapping[str, str]] = MappingProxyType(_bare())
"""Names that work bare (`sin`, `pi`, `relu`, `len`) with the full name of what they stand for."""

NUMBERS: Final = frozenset({"pi", "e", "inf", "nan", "newaxis"})
"""Bare names that stand for numbers rather than functions."""

TYPES: Final = frozenset(words("bool complex dict float frozenset int list set str tuple"))
"""Python's own types by name; they may stand on both sides of `|`."""

_ELEMENTARY = words(
    "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp expm1 exp2 log log2 log10"
    " log1p sqrt erf erfc"
)
ELEMENTARY: Final[Mapping[str, str]] = MappingProxyType(
    {name: name for name in _ELEMENTARY}
    | {f"arc{name[1:]}": name for name in _ELEMENTARY if name[0] == "a"}
)
"""Functions that, written bare, take a plain number too (`sqrt(2) * x`), with `math`'s name."""

OF_MATH: Final = re.compile(
    rf"\bmath\.({'|'.join(sorted(ELEMENTARY.keys() & MODULES['math'] & MODULES['torch']))})\b"
)
"""A function of `math`, which gives plain numbers, that torch has under the same name."""

DTYPES: Final = frozenset(
    words(
        "float16 float32 float64 bfloat16 double half int8 int16 int32 int64 uint8 short"
        " long complex64 complex128 cfloat cdouble"
    )
)
"""Names of number types, never of variables."""
