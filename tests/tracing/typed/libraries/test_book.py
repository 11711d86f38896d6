"""The book's library: its text is as harmless as what is typed, and does what the book says."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from viz.program import check
from viz.program.allowlist import allowed
from viz.tracing.runnable import Transcript
from viz.tracing.typed.decided.attributes import decided
from viz.tracing.typed.libraries.book import BOOK
from viz.tracing.typed.namespace import namespace


def run(
    source: str, head: str = "from d2l import torch as d2l"
) -> tuple[dict[str, Any], Transcript]:
    """The globals and the transcript after a checked script ran, its names decided."""
    transcript = Transcript()
    names = namespace(transcript)
    text = check(f"{head}\n{source}").source
    exec(compile(decided(text), "<program>", "exec"), names)  # noqa: S102
    return names, transcript


def test_the_text_would_be_taken_if_somebody_typed_it() -> None:
    assert check(f"def arguments_of_caller(): return {{}}\n{BOOK}").kind == "script"


def test_every_name_is_there() -> None:
    names, _ = run("found = dir(d2l)")
    assert set(names["found"]) == allowed.MODULES["d2l.torch"]


@pytest.mark.parametrize("head", ["import d2l.torch", "import d2l.torch as book", "import d2l"])
def test_it_is_the_same_however_it_is_imported(head: str) -> None:
    names, _ = run("from d2l import torch as found", head)
    assert names["found"] is names.get("book", getattr(names.get("d2l"), "torch", None))


def test_plot_draws_lines_and_says_what_they_are() -> None:
    _, transcript = run(
        "x = torch.arange(0, 3, 0.5)\n"
        "d2l.plot(x, [x ** 2, 2 * x], 'x', 'f(x)', legend=['f', 'g'], xlim=[0, 3])"
    )
    [axes] = transcript.plots[0].axes
    assert [mark.y[2] for mark in axes.marks] == [1.0, 2.0]
    assert [mark.label for mark in axes.marks] == ["f", "g"]
    assert (axes.xlabel, axes.ylabel, axes.xlim, axes.legend) == ("x", "f(x)", (0, 3), True)


def test_data_of_a_line_can_be_fitted() -> None:
    torch.manual_seed(0)
    names, _ = run(
        "true = torch.tensor([2, -3.4])\nX, y = d2l.synthetic_data(true, 4.2, 400)\n"
        "w = torch.zeros(2, 1, requires_grad=True)\nb = torch.zeros(1, requires_grad=True)\n"
        "for _ in range(5):\n    for part, target in d2l.data_iter(10, X, y):\n"
        "        d2l.squared_loss(d2l.linreg(part, w, b), target).sum().backward()\n"
        "        d2l.sgd([w, b], 0.03, 10)"
    )
    assert names["w"].flatten().tolist() == pytest.approx([2, -3.4], abs=0.05)
    assert names["b"].item() == pytest.approx(4.2, abs=0.05)


def test_the_book_s_classes_train_and_draw() -> None:
    names, transcript = run(
        "model = d2l.LinearRegressionScratch(2, lr=0.03)\n"
        "data = d2l.SyntheticRegressionData(w=torch.tensor([2, -3.4]), b=4.2)\n"
        "d2l.Trainer(max_epochs=3).fit(model, data)"
    )
    assert names["model"].w.flatten().tolist() == pytest.approx([2, -3.4], abs=0.2)
    assert {mark.label for mark in transcript.plots[0].axes[0].marks} == {"train_loss", "val_loss"}


def test_arguments_become_attributes_and_methods_are_added() -> None:
    names, transcript = run(
        "class B(d2l.HyperParameters):\n    def __init__(self, a, mean, c):\n"
        "        self.save_hyperparameters(ignore=['c'])\n"
        "b = B(1, mean=2, c=3)\nfound = (b.a, b.mean, hasattr(b, 'c'))\n"
        "@d2l.add_to_class(B)\ndef twice(self): print(self.a * 2)\nb.twice()"
    )
    assert names["found"] == (1, 2, False)
    assert [*transcript.printed] == ["2\n"]


def test_the_frames_of_others_are_not_looked_into() -> None:
    source = (
        "class B(d2l.HyperParameters): pass\n"
        "b = B()\nnn.Linear(1, 1).register_forward_hook(lambda *given: b.save_hyperparameters())\n"
        "torch.utils.checkpoint.checkpoint(b.save_hyperparameters, use_reentrant=False)"
    )
    with pytest.raises(TypeError, match="in a method of your own"):
        run("import torch.utils.checkpoint\n" + source)


def test_each_run_has_classes_of_its_own() -> None:
    names, _ = run("d2l.Module.note = 1\nmine = d2l.Module")
    other, _ = run("mine = d2l.Module")
    assert not hasattr(other["mine"], "note")
    assert names["mine"] is not other["mine"]
