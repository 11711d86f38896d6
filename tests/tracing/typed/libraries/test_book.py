"""The book's library: its text is as harmless as what is typed, and does what the book says."""

from __future__ import annotations

import ast
from typing import Any

import pytest
import torch

from viz.program import check
from viz.program.allowlist import allowed
from viz.tracing.runnable import Transcript
from viz.tracing.typed.decided.attributes import decided
from viz.tracing.typed.libraries.written import WRITTEN
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


def known(text: str) -> str:
    """The definitions of a text, without what they do."""
    body = ast.parse(text).body
    for each in body:
        if isinstance(each, ast.ClassDef):
            each.body = [ast.Pass()]
        if isinstance(each, ast.FunctionDef):
            each.body = [ast.Pass()]
    kept = [each for each in body if isinstance(each, ast.ClassDef | ast.FunctionDef)]
    return ast.unparse(ast.Module([*body[:0], *kept], []))


@pytest.mark.parametrize(
    ("library", "place"), [(each, at) for each in WRITTEN for at in range(len(WRITTEN[each]))]
)
def test_the_text_would_be_taken_if_somebody_typed_it(library: str, place: int) -> None:
    imports = "import collections, math, random, time\nfrom torch import nn\n"
    before = "\n".join(map(known, WRITTEN[library][:place]))
    head = f"def arguments_of_caller(): return {{}}\n{before}\n" + imports * (place > 0)
    assert check(head + WRITTEN[library][place]).function in (None, "bleu")


def test_every_name_is_there() -> None:
    names, _ = run("import einops.layers.torch\nfound = dir(d2l), dir(einops)")
    found = [set(each) for each in names["found"]]
    assert found == [allowed.MODULES[each] for each in ("d2l.torch", "einops")]
    assert set(dir(names["einops"].layers.torch)) >= allowed.MODULES["einops.layers.torch"]


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


def test_attention_takes_the_sizes_of_either_edition() -> None:
    names, _ = run(
        "X, lens = torch.ones(2, 4, 100), torch.tensor([3, 2])\n"
        "late = d2l.MultiHeadAttention(100, 5, 0.5)\n"
        "early = d2l.MultiHeadAttention(100, 100, 100, 100, 5, dropout=0.5).eval()\n"
        "found = [tuple(each(X, X, X, lens).shape) for each in (late, early)]\n"
        "block = d2l.EncoderBlock(24, 24, 24, 24, [100, 24], 24, 48, 8, 0.5).eval()\n"
        "found.append(tuple(block(torch.ones(2, 100, 24), lens).shape))\n"
        "for sizes in ((24, 48, 8, 2, 0.5), (24, 24, 24, 24, [100, 24], 24, 48, 8, 2, 0.5)):\n"
        "    encoder = d2l.TransformerEncoder(200, *sizes).eval()\n"
        "    found.append(tuple(encoder(torch.ones(2, 100, dtype=torch.long), lens).shape))\n"
        "weights = d2l.masked_softmax(torch.zeros(2, 2, 4), torch.tensor([2, 3]))"
    )
    assert names["found"] == [(2, 4, 100)] * 2 + [(2, 100, 24)] * 3
    assert names["weights"][:, 0].tolist() == [[0.5, 0.5, 0, 0], pytest.approx([1 / 3] * 3 + [0])]


def test_a_way_down_a_hill_is_drawn() -> None:
    names, transcript = run(
        "def f(a, b): return a ** 2 + 2 * b ** 2\n"
        "def down(a, b, s, t): return a - 0.2 * a, b - 0.4 * b, 0, 0\n"
        "way = d2l.train_2d(down)\nd2l.show_trace_2d(f, way)"
    )
    assert names["way"][1] == pytest.approx((-4.0, -1.2))
    assert [*transcript.printed] == ["epoch 20, x1: -0.057646, x2: -0.000073\n"]
    assert [mark.kind for mark in transcript.plots[0].axes[0].marks] == ["line", "contour"]


def test_points_are_drawn_as_they_come() -> None:
    _, transcript = run(
        "drawn = d2l.Animator(xlabel='epoch', legend=['a', 'b'])\n"
        "for step in range(3): drawn.add(step, (step ** 2, None))\n"
        "d2l.show_heatmaps(torch.eye(3).reshape((1, 1, 3, 3)), 'key', 'query')"
    )
    assert [len(mark.y) for mark in transcript.plots[0].axes[0].marks] == [3, 0]
    assert transcript.plots[1].axes[0].marks[0].kind == "image"


def test_words_are_counted_and_compared() -> None:
    names, _ = run(
        "vocab = d2l.Vocab(list('banana'), reserved_tokens=['<pad>'])\n"
        "found = (len(vocab), vocab['a', 'z'], vocab.to_tokens([0, 1]), vocab.token_freqs[0])\n"
        "score = d2l.bleu('a b c', 'a b d', k=2)"
    )
    assert names["found"] == (5, [2, 1], ["<pad>", "<unk>"], ("a", 3))
    assert names["score"] == pytest.approx((2 / 3) ** 0.5 * (1 / 2) ** 0.25)
