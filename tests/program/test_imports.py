"""What is imported and used nowhere is passed over; `import *` brings what the program reads."""

from __future__ import annotations

import pytest

from viz.errors import ProgramRejected
from viz.program import check
from viz.program.checking import PASSED_OVER

# source, the source that runs, what was passed over
PASSED: list[tuple[str, str, str]] = [
    ("import pandas as pd\nx = 1\nx", "\nx = 1\nx", "pandas"),
    (
        "import torchvision, torch, pickle; y = 2",
        "import torch                     ; y = 2",
        "torchvision, pickle",
    ),
    (
        "from torch.utils.data import (\n    Dataset,\n    DFIterDataPipe,\n)\nDataset",
        "from torch.utils.data import Dataset\n\n\n\nDataset",
        "torch.utils.data.DFIterDataPipe",
    ),
    (
        "def f(x):\n    import seaborn  # drawn\n    return x\nf(1)",
        "def f(x):\n    pass            # drawn\n    return x\nf(1)",
        "seaborn",
    ),
    ("if 1: import os.open\nx = 1", "if 1: pass\nx = 1", "os.open"),
]


@pytest.mark.parametrize("row", PASSED, ids=[row[2] for row in PASSED])
def test_an_import_that_nothing_uses_is_passed_over(row: tuple[str, str, str]) -> None:
    source, runs, names = row
    program = check(source)
    assert program.source == runs
    (note,) = program.notes
    assert (note.template, note.details) == (PASSED_OVER, {"names": names})


# source, the line that runs in its place; nothing is to be said of them
IMPORTS: list[tuple[str, str]] = [
    ("from math import *\nprint(sin(1.0), pi)", "from math import pi, sin"),
    ("from torch.nn import *\nm = Linear(2, 1)", "from torch.nn import Linear"),
    ("from torch import *\nx = 1\nx", "pass"),
    ("from torch import *\nx = nn.Linear(2, 1)", "pass"),
    (
        "import torch.backends.cudnn as cudnn\ncudnn.benchmark = True",
        "from torch.backends import cudnn",
    ),
    ("import torch.backends.cudnn as c\nc.enabled", "from torch.backends import cudnn as c"),
    # what a file of torch's has from elsewhere, or its package has as well
    ("from torch.functional import F\nF.relu", "from torch.nn import functional as F"),
    ("from torch.nn.init import math as m\nm.pi", "import math as m"),
    (
        "from torch.nn.modules.linear import (Linear, F)\nF.relu, Linear",
        "from torch.nn.modules.linear import Linear; from torch.nn import functional as F",
    ),
    (
        "from torch.distributions import transforms as T\nT.TanhTransform()",
        "from torch import distributions as T",
    ),
    (
        "import torch.nn.modules.pooling as p; x = torch.nn.modules.rnn.GRU, p.MaxPool1d",
        "from torch import nn as p           ; x = torch.nn            .GRU, p.MaxPool1d",
    ),
    (
        "import torch; torch.nn.modules.linear.Bilinear",
        "import torch; torch.nn               .Bilinear",
    ),
    ("import torch; torch.torch.ones(2)", "import torch; torch      .ones(2)"),
    ("import torch.nn.modules.rnn\ntorch.nn.modules.rnn.GRU", "import torch.nn"),
]


@pytest.mark.parametrize("row", IMPORTS, ids=[row[0] for row in IMPORTS])
def test_an_import_becomes_one_that_may_stand(row: tuple[str, str]) -> None:
    program = check(row[0])
    assert (program.source.split("\n")[0], program.notes) == (row[1], ())


USED = [
    "import pandas as pd\npd.DataFrame",
    "import os.path.fake\nos.path.fake",
    "from sympy import *\nx = 1",
    "from torch.nn.modules.loss import _Reduction\n_Reduction.get_enum('sum')",
    "import torch\ntorch.optim.sgd.torch.os",
    "from pickle import loads as g\ndef f(x):\n    return g(x)",
    "import pandas as pd",  # nothing would be left
    "import pandas\npandas = 1",
]


@pytest.mark.parametrize("source", USED)
def test_an_import_that_is_used_is_refused(source: str) -> None:
    with pytest.raises(ProgramRejected):
        check(source)
