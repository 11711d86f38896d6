"""What tutorials on autograd do runs here too, and prints what plain PyTorch prints."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

BLOCKS = (Path(__file__).parent / "tutorials.txt").read_text().split("\n---\n")
TUTORIALS = {title: source for title, _, source in (block.partition("\n") for block in BLOCKS)}
WARNING = re.compile(r"^UserWarning: .*\n(  File .*\n)*\n?", re.M)
"""What Python writes elsewhere."""
PLAIN = "import torch\ntorch.manual_seed(0)\n"


@pytest.fixture(scope="module")
def plain() -> dict[str, str]:
    """What each prints in a Python of its own; all of them in one process, torch loads slowly."""
    mark = "=" * 20
    texts = [repr(PLAIN + source) for source in TUTORIALS.values()]
    program = "".join(
        f"exec({text}, {{'__name__': '__main__'}})\nprint({mark!r})\n" for text in texts
    )
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    )
    return dict(zip(TUTORIALS, answer.stdout.split(f"{mark}\n"), strict=False))


@pytest.mark.parametrize("title", TUTORIALS)
def test_a_tutorial_prints_what_plain_torch_prints(sandbox, plain, title):
    trace = sandbox.trace(TUTORIALS[title])
    assert trace.failure is None
    assert all(cell.failure is None for cell in trace.cells)
    assert plain[title]
    assert WARNING.sub("", trace.printed) == plain[title]
