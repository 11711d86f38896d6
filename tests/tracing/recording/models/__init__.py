"""Small models of every kind that people look at: a table of (module, inputs), made by name.

Loops, branches, buffers, shared layers, in-place operations, recurrence, attention, several inputs
and outputs. Each entry makes its module and its inputs anew; call it under a seed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

Made = tuple[nn.Module, tuple[Any, ...]]
MODELS: dict[str, Callable[[], Made]] = {}


class Of(nn.Module):
    """A module whose parts are named and whose forward is `run(self, *inputs)`."""

    def __init__(self, run: Callable[..., Any], **parts: Any) -> None:
        super().__init__()
        self.run = run
        for name, part in parts.items():
            if isinstance(part, torch.Tensor) and not isinstance(part, nn.Parameter):
                self.register_buffer(name, part)
            else:
                setattr(self, name, part)

    def forward(self, *inputs: Any) -> Any:
        return self.run(self, *inputs)


def model(name: str, *shapes: tuple[int, ...]) -> Callable[[Callable[[], nn.Module]], None]:
    """Enters what makes a module, with inputs of these shapes."""

    def enter(make: Callable[[], nn.Module]) -> None:
        MODELS[name] = lambda: (make(), tuple(torch.randn(shape) for shape in shapes))

    return enter


def entered(name: str, make: Callable[[], nn.Module], *shapes: tuple[int, ...]) -> None:
    """The same for a module that needs no text of its own."""
    model(name, *shapes)(make)


def linear(came: int = 4, went: int = 4) -> nn.Linear:
    return nn.Linear(came, went)


# ── layers of torch's own ──

entered("linear", linear, (2, 4))
entered("linear without bias", lambda: nn.Linear(4, 3, bias=False), (2, 4))
entered("bilinear", lambda: nn.Bilinear(3, 4, 2), (2, 3), (2, 4))
entered("mlp", lambda: nn.Sequential(linear(4, 8), nn.ReLU(), linear(8, 2)), (3, 4))
entered("in-place relu", lambda: nn.Sequential(linear(), nn.ReLU(inplace=True), linear()), (2, 4))
entered("in-place first", lambda: nn.Sequential(nn.ReLU(inplace=True), linear()), (2, 4))
entered("deep and narrow", lambda: nn.Sequential(*(linear() for _ in range(12))), (1, 4))
entered("conv1d", lambda: nn.Conv1d(2, 3, 3), (1, 2, 8))
entered("conv2d", lambda: nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU()), (1, 1, 5, 5))
entered("conv3d", lambda: nn.Conv3d(1, 2, 2), (1, 1, 3, 3, 3))
entered("transposed conv", lambda: nn.ConvTranspose2d(2, 1, 3, stride=2), (1, 2, 3, 3))
entered("depthwise conv", lambda: nn.Conv2d(4, 4, 3, groups=4), (1, 4, 5, 5))
entered("dilated conv", lambda: nn.Conv1d(1, 2, 3, dilation=2), (1, 1, 9))
entered("pools", lambda: nn.Sequential(nn.MaxPool2d(2), nn.AvgPool2d(2)), (1, 1, 8, 8))
entered("adaptive pool", lambda: nn.AdaptiveAvgPool2d(2), (1, 2, 5, 5))
entered("batch norm", lambda: nn.BatchNorm1d(4), (5, 4))
entered("batch norm 2d", lambda: nn.BatchNorm2d(2), (3, 2, 4, 4))
entered("batch norm in eval", lambda: nn.BatchNorm1d(4).eval(), (5, 4))
entered("layer norm", lambda: nn.LayerNorm(4), (3, 4))
entered("group norm", lambda: nn.GroupNorm(2, 4), (2, 4, 3))
entered("instance norm", lambda: nn.InstanceNorm1d(2, affine=True), (2, 2, 6))
entered("dropout", lambda: nn.Sequential(linear(), nn.Dropout(0.5)), (4, 4))
entered("dropout in eval", lambda: nn.Sequential(linear(), nn.Dropout(0.5)).eval(), (4, 4))
entered("activations", lambda: nn.Sequential(nn.GELU(), nn.SiLU(), nn.ELU(), nn.Mish()), (2, 3))
entered("prelu", lambda: nn.PReLU(3), (2, 3))
entered("softmax", lambda: nn.Sequential(linear(), nn.LogSoftmax(dim=-1)), (2, 4))
entered("flatten", lambda: nn.Sequential(nn.Flatten(), linear(6, 2)), (2, 2, 3))
entered("unflatten", lambda: nn.Sequential(linear(4, 6), nn.Unflatten(1, (2, 3))), (2, 4))
entered("upsample", lambda: nn.Upsample(scale_factor=2, mode="bilinear"), (1, 1, 3, 3))
entered("pixel shuffle", lambda: nn.PixelShuffle(2), (1, 4, 2, 2))
entered("rnn", lambda: nn.RNN(3, 4, batch_first=True), (2, 3, 3))
entered("gru", lambda: nn.GRU(3, 4), (3, 2, 3))
entered("lstm", lambda: nn.LSTM(3, 4, num_layers=2), (3, 2, 3))
entered("lstm cell", lambda: nn.LSTMCell(3, 4), (2, 3))
entered("gru cell", lambda: nn.GRUCell(3, 4), (2, 3), (2, 4))
entered("attention", lambda: nn.MultiheadAttention(4, 2), (3, 1, 4), (3, 1, 4), (3, 1, 4))
entered("encoder layer", lambda: nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0), (3, 2, 8))
entered(
    "decoder layer", lambda: nn.TransformerDecoderLayer(8, 2, 16, dropout=0.0), (3, 2, 8), (4, 2, 8)
)
MODELS["embedding"] = lambda: (
    nn.Sequential(nn.Embedding(7, 4), linear()),
    (torch.tensor([[1, 2, 5]]),),
)
MODELS["embedding bag"] = lambda: (
    nn.EmbeddingBag(7, 3),
    (torch.tensor([1, 2, 4, 5]), torch.tensor([0, 2])),
)
MODELS["cross entropy"] = lambda: (
    Of(lambda self, x, y: F.cross_entropy(self.net(x), y), net=linear()),
    (torch.randn(3, 4), torch.tensor([0, 2, 1])),
)

# ── of one's own ──


@model("loop", (2, 4))
def _loop() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        for _ in range(4):
            x = torch.tanh(self.layer(x))
        return x

    return Of(run, layer=linear())


@model("while", (2, 4))
def _while() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        while x.norm() < 20:
            x = x * 2 + self.shift
        return x

    return Of(run, shift=nn.Parameter(torch.ones(4)))


@model("branch", (2, 4))
def _branch() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        return self.left(x) if x.mean() > 0 else self.right(x)

    return Of(run, left=linear(), right=linear())


@model("buffer", (2, 4))
def _buffer() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        self.seen += x.detach().mean(0)
        return self.layer(x) - self.seen

    return Of(run, layer=linear(), seen=torch.zeros(4))


@model("shared layer", (2, 4))
def _shared() -> nn.Module:
    return Of(lambda self, x: self.layer(self.layer(x).relu()), layer=linear())


@model("tied weights", (2, 4))
def _tied() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        return F.linear(self.layer(x), self.layer.weight.t())

    return Of(run, layer=linear(4, 3))


@model("residual", (2, 4))
def _residual() -> nn.Module:
    return Of(lambda self, x: x + self.body(x), body=nn.Sequential(linear(), nn.ReLU(), linear()))


@model("dense connections", (1, 2))
def _dense() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        kept = [x]
        for layer in self.layers:
            kept.append(layer(torch.cat(kept, 1)).relu())
        return torch.cat(kept, 1)

    return Of(run, layers=nn.ModuleList(linear(2 + 3 * i, 3) for i in range(3)))


@model("several outputs", (2, 4))
def _outputs() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> dict[str, Any]:
        h = self.body(x)
        return {"mean": self.a(h), "parts": (self.b(h), h.sum())}

    return Of(run, body=linear(), a=linear(), b=linear())


@model("several inputs", (2, 3), (2, 4), (2, 2))
def _inputs() -> nn.Module:
    def run(self: Any, x: torch.Tensor, y: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        return self.a(x) * self.b(y) + self.c(z)

    return Of(run, a=linear(3, 2), b=linear(4, 2), c=linear(2, 2))


@model("an input that is not used", (2, 4), (3,))
def _unused() -> nn.Module:
    return Of(lambda self, x, _: self.layer(x), layer=linear(), spare=linear())


@model("frozen part", (2, 4))
def _frozen() -> nn.Module:
    return Of(
        lambda self, x: self.head(self.body(x)), body=linear().requires_grad_(False), head=linear()
    )


@model("detached target", (2, 4))
def _detached() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            target = self.slow(x)
        return F.mse_loss(self.fast(x), target + self.fast(x).detach())

    return Of(run, fast=linear(), slow=linear())


@model("in-place on slices", (3, 4))
def _slices() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        out = torch.zeros(3, 4)
        out[:, :2] = self.layer(x)[:, 2:]
        out[0] += x[1] * 2
        return out * x

    return Of(run, layer=linear())


@model("masked", (3, 4))
def _masked() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        h = self.layer(x)
        return h.masked_fill(h < 0, 0.1) + torch.where(x > 0, x, -x)

    return Of(run, layer=linear())


@model("gather and scatter", (3, 4))
def _gather() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        index = torch.tensor([[0, 1], [1, 2], [3, 0]])
        return torch.zeros(3, 4).scatter_add(1, index, self.layer(x).gather(1, index))

    return Of(run, layer=linear())


@model("recurrence by hand", (4, 3))
def _recurrence() -> nn.Module:
    def run(self: Any, xs: torch.Tensor) -> torch.Tensor:
        h, kept = torch.zeros(3), []
        for x in xs:
            h = torch.tanh(self.input(x) + self.hidden(h))
            kept.append(h)
        return torch.stack(kept)

    return Of(run, input=linear(3, 3), hidden=linear(3, 3))


@model("self-attention by hand", (5, 4))
def _attention() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        weights = (q @ k.transpose(0, 1) / 2.0).softmax(-1)
        return self.out(weights @ v)

    return Of(run, qkv=linear(4, 12), out=linear())


@model("mixture of experts", (3, 4))
def _experts() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        gates = self.gate(x).softmax(-1)
        return sum(gates[:, i : i + 1] * each(x) for i, each in enumerate(self.experts))

    return Of(run, gate=linear(4, 3), experts=nn.ModuleList(linear() for _ in range(3)))


@model("squeeze and excite", (1, 4, 3, 3))
def _squeeze() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        scale = torch.sigmoid(self.up(self.down(x.mean((2, 3))).relu()))
        return x * scale[:, :, None, None]

    return Of(run, down=linear(4, 2), up=linear(2, 4))


@model("autoencoder", (2, 6))
def _autoencoder() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        mean, spread = self.encoder(x).chunk(2, 1)
        drawn = mean + torch.randn_like(mean) * (spread / 2).exp()
        return F.mse_loss(self.decoder(drawn), x) + 0.1 * (mean**2 + spread.exp() - spread).mean()

    return Of(run, encoder=linear(6, 4), decoder=linear(2, 6))


@model("residual network", (1, 1, 8, 8))
def _resnet() -> nn.Module:
    def block(self: Any, x: torch.Tensor) -> torch.Tensor:
        return (x + self.norm(self.second(self.first(x).relu()))).relu()

    def blocks() -> list[nn.Module]:
        return [
            Of(
                block,
                first=nn.Conv2d(2, 2, 3, padding=1),
                second=nn.Conv2d(2, 2, 3, padding=1),
                norm=nn.BatchNorm2d(2),
            )
            for _ in range(3)
        ]

    return nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), *blocks(), nn.Flatten(), linear(128, 3))


@model("u-net", (1, 1, 8, 8))
def _unet() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        high = self.first(x).relu()
        low = self.second(F.max_pool2d(high, 2)).relu()
        return self.last(torch.cat([high, F.interpolate(low, scale_factor=2)], 1))

    return Of(
        run,
        first=nn.Conv2d(1, 2, 3, padding=1),
        second=nn.Conv2d(2, 2, 3, padding=1),
        last=nn.Conv2d(4, 1, 1),
    )


@model("graph convolution", (4, 3))
def _graph() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        return torch.sparse.mm(self.edges.to_sparse(), self.layer(x)).relu()

    return Of(run, layer=linear(3, 2), edges=torch.eye(4).roll(1, 0))


@model("complex spectrum", (2, 8))
def _spectrum() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        return torch.fft.irfft(torch.fft.rfft(x) * self.weight).square()

    return Of(run, weight=nn.Parameter(torch.randn(5, dtype=torch.complex64)))


@model("physics: a gradient inside", (3, 1))
def _inside() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        y = self.net(x)
        (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        return (slope + y).square().mean()

    return Of(run, net=nn.Sequential(linear(1, 4), nn.Tanh(), linear(4, 1)))


@model("nested modules", (2, 4))
def _nested() -> nn.Module:
    inner = nn.Sequential(linear(), nn.Sequential(linear(), nn.Tanh()))
    return nn.Sequential(inner, nn.ModuleDict({"a": linear()})["a"], inner)


@model("parameter list", (2, 3))
def _parameters() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        for weight in self.weights:
            x = torch.einsum("bi,ij->bj", x, weight).clamp(min=-1)
        return x

    return Of(run, weights=nn.ParameterList(torch.randn(3, 3) for _ in range(3)))


@model("normalised weights", (2, 4))
def _normalised() -> nn.Module:
    return nn.utils.parametrizations.weight_norm(linear())
