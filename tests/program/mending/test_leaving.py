"""What is refused can be left out at one click: the rest shows what it shows elsewhere."""

from __future__ import annotations

import contextlib
import io

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from tests.program.test_rejected import REJECTED
from viz.errors import ProgramRejected
from viz.program import check
from viz.program.checking import REPORTED
from viz.program.mending import mendable
from viz.program.mending.mendable import LEFT_OUT_SHIFTS, may_be_left_out
from viz.records import Problem


def refused(source: str) -> Problem:
    with pytest.raises(ProgramRejected) as caught:
        check(source)
    return caught.value.problem


def printed(source: str) -> list[str]:
    """What plain Python prints of a text of this file."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(source, {"torch": torch, "nn": nn, "F": F, "__name__": "__main__"})  # noqa: S102 (this file's own texts)
    return told.getvalue().splitlines()


LEFT = [
    (  # an import, and all that is made with it
        "import torch, fractions, array\nhere = array.array('i')\nprint(here.typecode)\n"
        "x = torch.ones(2)\nprint(x.sum())",
        ["tensor(2.)"],
    ),
    (  # another value of the same name is another one
        "import tempfile\na = tempfile.gettempdir()\na = 3\nprint(a)",
        ["3"],
    ),
    (  # an optimiser changes the layers whose parameters it was given
        "import threading\ntorch.manual_seed(0)\nnet = nn.Linear(1, 1)\n"
        "opt = torch.optim.SGD(net.parameters(), lr=0.5)\nx = torch.ones(1, 1)\n"
        "print(net.weight.shape)\nfor k in range(2):\n    threading.Lock()\n"
        "    loss = net(x).sum()\n"
        "    loss.backward()\n    opt.step()\nprint(net.weight)\nprint(x)",
        ["torch.Size([1, 1])", "tensor([[1.]])"],
    ),
    (  # what a function is called is nothing that it computes
        "def f(x):\n    return x**2\nf.__name__ = 'a'\nprint(f.__name__, f(1))\nprint(f(2))",
        ["4"],
    ),
    (  # a word to torch's compilers changes no number
        "import torch\ntorch._dynamo.config.suppress_errors = True\nprint(torch.ones(2).sum())",
        ["tensor(2.)"],
    ),
    (  # the way back from a result without a name gives gradients, too
        "import socket\nx = torch.tensor(float(len(socket.gethostname())))\n"
        "w = torch.ones(2, requires_grad=True)\nprint(w.sum().item())\n"
        "(w * x).sum().backward()\nprint(w.grad)",
        ["2.0"],
    ),
    (  # what a function changes of what it is given
        "import socket\ndef put(xs):\n    xs.append(socket.gethostname())\nxs = [1]\nprint(xs)\n"
        "put(xs)\nprint(len(xs))\ny = 2\nprint(y)",
        ["[1]", "2"],
    ),
    (  # a function of which nothing is asked but what is left
        "import os\ndef seen(path):\n    return os.scandir(path)\ndef f(x):\n    return x**2\n"
        "print(f(3))",
        ["9"],
    ),
    (  # a method that nobody calls here
        "class Net(nn.Module):\n    def forward(self, x):\n        return 2 * x\n"
        "    def load(self, path):\n        return open(path).read()\nprint(Net()(torch.ones(1)))",
        ["tensor([2.])"],
    ),
    (  # what an `if` asks, and its body
        "import os\nif os.stat('.') is None:\n    print(1)\nelse:\n    print(2)\nprint(3)",
        ["3"],
    ),
    (  # a program's own beginning
        "import socket\ndef main():\n    print(socket.gethostname())\n    x = torch.ones(1)\n"
        "    print(x)\nif __name__ == '__main__':\n    main()",
        ["tensor([1.])"],
    ),
    (  # a name among others of an import, on a line with others
        "from os import path, getppid; a = 1\nprint(a)\nprint(getppid() > 0)",
        ["1"],
    ),
    ("from ctypes import *\nprint(sizeof(c_int))\nprint(2)", ["2"]),
    (  # a name that is taken away again
        "import socket\nhost = socket.gethostname()\nx = 2\ndel host\nprint(x)",
        ["2"],
    ),
    (  # what a program's own beginning calls may be defined below it
        "import socket\ndef main():\n    put('a')\n    print(1)\n"
        "def put(a):\n    socket.gethostname()\nmain()",
        ["1"],
    ),
    ("x = 4; t = 'x + 1'; y = eval(t)\nprint(x)\nprint(y)", ["4"]),
]
"""Programs that plain Python runs, and what of the shown is left."""


@pytest.mark.parametrize(("source", "left"), LEFT, ids=[each[0][:40] for each in LEFT])
def test_what_is_left_shows_what_it_shows_elsewhere(source: str, left: list[str]) -> None:
    found = refused(source)
    assert found.mended is not None
    assert found.further is not None
    check(found.mended)
    assert printed(found.mended) == left
    rest = iter(printed(source))
    assert all(line in rest for line in left), "in the order of the whole"


def test_every_refusal_of_what_runs_elsewhere_has_a_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind of them in front of a program of two lines, which is what is left."""
    monkeypatch.setattr(mendable, "MOST_SECONDS", 10.0)  # what a slow machine reaches is no mend
    behind = "\nkept = torch.ones(2)\nprint(kept)"
    without = []
    for source, *_ in REJECTED:
        found = refused(source)
        if not may_be_left_out(found) or source in ALONE:
            continue
        whole = f"x = a = b = torch.ones(3)\n{source}{behind}"
        found = refused(whole)
        text = found.mended
        if text is None and found.replacement is not None and found.span is not None:
            text = found.span.replaced(whole.split("\n"), found.replacement)
        if text is None or not text.endswith(behind):
            without.append(source)
        else:
            check(text)
    assert without == []


ALONE = {"import torch.os"}
"""What is refused where nothing else stands, as nothing would be left."""


SHIFTED = [
    ("import glob\nd = torch.randn(len(glob.glob('*')))\nx = torch.rand(1)\nprint(x)", True),
    ("import glob\nd = glob.glob('*')\nx = torch.rand(1)\nprint(x)", False),
    (  # a seed between makes them the same again
        "import glob\nd = torch.randn(len(glob.glob('*')))\ntorch.manual_seed(0)\n"
        "x = torch.rand(1)\nprint(x)",
        False,
    ),
    ("import glob\nx = torch.rand(1)\nprint(x)\nd = torch.randn(len(glob.glob('*')))", False),
    (  # what a class draws, it draws where it is made
        "import glob\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.fc = nn.Linear(1, 1)\na = Net(glob.glob('*'))\nb = Net()\nprint(b)",
        True,
    ),
]


@pytest.mark.parametrize(("source", "shifts"), SHIFTED)
def test_other_random_numbers_are_announced(source: str, shifts: bool) -> None:
    found = refused(source)
    assert found.further is not None
    assert (found.further.template in LEFT_OUT_SHIFTS) is shifts


def test_lines_are_named_as_english_does() -> None:
    one = refused("import glob\nprint(1)\nprint(glob.glob('*'))")
    assert str(one.further) == "The corrected version leaves out what needs it, as comments: " + (
        "lines 1, 3."
    )
    assert str(one.further) in str(ProgramRejected(one)), "the library and the command say it too"
    alone = refused("x = 1\nt = 'x'; print(eval(t))\nprint(x)")
    assert str(alone.further).endswith("as comments: line 2.")


def test_of_what_all_needs_nothing_is_left() -> None:
    for source in (
        "import torchvision\nprint(torchvision.__version__)",
        "from models import Net\nnet = Net()\nprint(net)",
        "import optimisers\nw = torch.ones(2, requires_grad=True)\nopt = optimisers.SGD([w])",
        "from models import f\nnet = nn.Linear(2, 1)\nprint(f(net))",
        "from models import Net\nlr, sizes = 0.1, [2, 3 * 4]\nnet = Net(sizes)\nprint(net)",
    ):
        found = refused(source)
        assert found.mended is None
        assert str(found.further) == "It cannot be left out: what the program shows needs it."
        assert str(found.further) in str(ProgramRejected(found))


REPORTS = [
    "import os, sys, json\nsys.path.append('..')\nos.chmod('a', 3) if False else None\nprint(1)",
    "import wandb\nwandb.init(project='a')\nx = torch.ones(1)\nwandb.log({'x': x.item()}, step=1)",
    "from torch.utils.tensorboard import SummaryWriter\nlog = SummaryWriter('a')\n"
    "for k in range(2):\n    log.add_scalar('k', k, k)\nlog.close()",
    "with open('a', 'w') as f:\n    for k in range(3):\n        f.write(str(k))\nx = 1",
    "f = open('a', mode='w')\nf.write('b')\nf.close()\nx = 1",
    "class T:\n    def __init__(self):\n        self.log = SummaryWriter()\n"
    "    def go(self):\n        self.log.flush()\n        return 2\n"
    "from tensorboardX import SummaryWriter\nT().go()",
]
REPORTS += [
    # a model's call is made, and the picture of it written nowhere
    "from torchviz import make_dot\nnet = nn.Linear(8, 1)\ndot = make_dot(net(torch.ones(1, 8)))\n"
    "dot.format = 'png'\ndot.save('a')\ndot",
]
NO_REPORTS = [
    # what is asked of them
    "import wandb\nwandb.init()\nlr = wandb.config.lr",
    "f = open('a', 'w')\nn = f.write('b')\nprint(n)",
    # what changes something, or draws random numbers
    "import wandb\nwandb.log(torch.rand(1))",
    "import wandb\nx = torch.ones(1)\nwandb.log(x.add_(1))",
    "import wandb\nwandb.log((y := 2))\nprint(y)",
    "with open('a', 'w') as f:\n    y = 2\n    f.write('a')\nprint(y)",
    "with open('a') as f:\n    f.read()",
]


@pytest.mark.parametrize("source", REPORTS[1:])
def test_what_only_reports_is_passed_over(source: str) -> None:
    program = check(source)
    assert {*REPORTED} & {each.template for each in program.notes}
    assert program.source.count("\n") == source.count("\n")


def test_what_reports_nothing_elsewhere_shows_the_same_without_it() -> None:
    source = "import sys\nsys.path.append('nowhere')\nx = 2\nprint(x)"
    assert printed(check(source).source) == printed(source) == ["2"]


@pytest.mark.parametrize("source", NO_REPORTS)
def test_what_the_program_needs_is_no_report(source: str) -> None:
    with pytest.raises(ProgramRejected):
        check(source)
