"""Further kinds of models, for the table in `tests.tracing.recording.models`: those that graph
tools are tried with besides. Each is as small as its kind allows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.ao.quantization import FakeQuantize
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils.checkpoint import checkpoint

from tests.tracing.recording.models import Of, entered, linear, model

entered("gated linear unit", lambda: nn.Sequential(linear(3, 8), nn.GLU()), (2, 3))
entered(
    "dropout of channels", lambda: nn.Sequential(nn.Dropout2d(), nn.AlphaDropout()), (2, 4, 3, 3)
)
entered("spectral norm", lambda: nn.utils.parametrizations.spectral_norm(linear()), (2, 4))
entered("quantisation aware", lambda: nn.Sequential(linear(), FakeQuantize()), (2, 4))
entered("unfold and fold", lambda: nn.Sequential(nn.Unfold(2), nn.Fold((3, 3), 2)), (1, 2, 3, 3))


@model("straight through", (3, 2))
def _quantised() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        z = self.encoder(x)
        nearest = torch.cdist(z, self.book.weight).argmin(1)
        code = self.book(nearest)
        passed = z + (code - z).detach()
        return self.decoder(passed), F.mse_loss(code, z.detach())

    return Of(run, encoder=linear(2, 3), book=nn.Embedding(5, 3), decoder=linear(3, 2))


@model("rotated positions", (4, 6))
def _rotary() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        angles = torch.outer(torch.arange(4.0), self.speeds)
        one, other = self.query(x).chunk(2, -1)
        turned = torch.cat([-other, one], -1) * angles.sin().repeat(1, 2)
        return self.query(x) * angles.cos().repeat(1, 2) + turned

    return Of(run, query=linear(6, 6), speeds=torch.tensor([1.0, 0.1, 0.01]))


@model("a network that makes weights", (2, 3))
def _hyper() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        weight = self.maker(self.code).view(2, 3)
        return F.linear(x, weight, self.code[:2])

    return Of(run, maker=linear(4, 6), code=nn.Parameter(torch.randn(4)))


@model("a fixed point", (2, 4))
def _equilibrium() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        z = torch.zeros_like(x)
        with torch.no_grad():
            for _ in range(5):
                z = torch.tanh(self.inner(z) + x)
        return torch.tanh(self.inner(z) + x)

    return Of(run, inner=linear())


@model("a gradient inside: a step of learning", (3, 2), (3, 1))
def _meta() -> nn.Module:
    def run(self: Any, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        loss = F.mse_loss(F.linear(x, self.weight), y)
        (slope,) = torch.autograd.grad(loss, self.weight, create_graph=True)
        return F.mse_loss(F.linear(x, self.weight - 0.1 * slope), y)

    return Of(run, weight=nn.Parameter(torch.randn(1, 2)))


@model("an invertible coupling", (2, 4))
def _coupling() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        kept, changed = x.chunk(2, 1)
        scale, shift = self.net(kept).chunk(2, 1)
        return torch.cat([kept, changed * scale.tanh().exp() + shift], 1), scale.tanh().sum(1)

    return Of(run, net=linear(2, 4))


class Spike(torch.autograd.Function):
    """A step whose slope is taken for that of a hill."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        return (x > 0).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> torch.Tensor:
        (x,) = ctx.saved_tensors
        return gradient / (1 + x.abs()) ** 2


@model("spikes", (3, 2))
def _spikes() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        charge, fired = torch.zeros(2), torch.zeros(2)
        for each in self.layer(x):
            charge = 0.9 * charge * (1 - fired.detach()) + each
            fired = Spike.apply(charge - 0.2)
        return fired + charge

    return Of(run, layer=linear(2, 2))


@model("attention over edges", (4, 3))
def _edges() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        start, stop = torch.tensor([0, 1, 2, 3, 0]), torch.tensor([1, 2, 3, 0, 2])
        h = self.layer(x)
        score = F.leaky_relu(self.score(torch.cat([h[start], h[stop]], 1))).exp()
        total = torch.zeros(4, 1).index_add(0, stop, score)
        return torch.zeros(4, 2).index_add(0, stop, score / total[stop] * h[start])

    return Of(run, layer=linear(3, 2), score=linear(4, 1))


@model("a cache of keys", (3, 4))
def _cache() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        out = []
        for each in x:
            self.keys.append(self.key(each))
            out.append(torch.softmax(torch.stack(self.keys) @ each, 0) @ torch.stack(self.keys))
        return torch.stack(out)

    made = Of(run, key=linear())
    made.keys = []  # type: ignore[assignment]
    return made


@model("packed sequences", (2, 4, 3))
def _packed() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        packed = pack_padded_sequence(x, torch.tensor([4, 2]), batch_first=True)
        return pad_packed_sequence(self.cell(packed)[0], batch_first=True)[0]

    return Of(run, cell=nn.GRU(3, 2, batch_first=True, bidirectional=True))


@model("computed again on the way back", (2, 4))
def _checkpointed() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        h: torch.Tensor = checkpoint(self.body, x, use_reentrant=False)
        return self.head(h)

    return Of(run, body=nn.Sequential(linear(), nn.Tanh(), linear()), head=linear())


@model("an ensemble in one call", (2, 3))
def _ensemble() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        each = [torch.func.functional_call(self.one, {"weight": w}, (x,)) for w in self.weights]
        return torch.stack(each).mean(0)

    weights = nn.ParameterList(torch.randn(2, 3) for _ in range(3))
    return Of(run, one=linear(3, 2), weights=weights)


@model("views of views written into", (2, 6))
def _views() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        y = self.layer(x)
        y.view(-1)[::2].mul_(2)
        y.t()[1:3].add_(x.t()[1:3])
        return y.tanh()

    return Of(run, layer=linear(6, 6))


@model("numbers of numpy's", (2, 3))
def _numpy() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        fixed = torch.from_numpy(np.linspace(0, 1, 3, dtype=np.float32))
        return self.layer(x * fixed + float(np.sqrt(2.0)))

    return Of(run, layer=linear(3, 2))


@model("a scan over states", (5, 2))
def _scan() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        decay = torch.sigmoid(self.decay).log().expand(5, 2).cumsum(0)
        return ((x * (-decay).exp()).cumsum(0) * decay.exp()) @ self.out

    return Of(run, decay=nn.Parameter(torch.ones(2)), out=nn.Parameter(torch.randn(2, 2)))


@model("a turned picture", (1, 1, 4, 4))
def _spatial() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        turn = self.place(x.flatten(1)).view(1, 2, 3)
        return F.grid_sample(x, F.affine_grid(turn, [1, 1, 4, 4], False), align_corners=False)

    return Of(run, place=linear(16, 6))


@model("routing by agreement", (2, 3, 4))
def _capsules() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        votes = torch.einsum("bid,idoe->bioe", x, self.weight)
        logits = torch.zeros(2, 3, 2)
        for _ in range(2):
            summed = torch.einsum("bio,bioe->boe", logits.softmax(-1), votes)
            norm = summed.norm(dim=-1, keepdim=True)
            out = summed * norm / (1 + norm**2)
            logits = logits + torch.einsum("bioe,boe->bio", votes, out)
        return out

    return Of(run, weight=nn.Parameter(torch.randn(3, 4, 2, 3)))


@model("the input among the outputs", (2, 4))
def _returned() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> tuple[Any, ...]:
        y = self.layer(x)
        return x, y, None, y

    return Of(run, layer=linear())


@model("branches within branches", (2, 4))
def _branches() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        for each in self.layers:
            x = x * 2
            if x.abs().max() > 1:
                x = each(x) if x.sum() > 0 else -each(-x)
        return x

    return Of(run, layers=nn.ModuleList(linear() for _ in range(3)))


@model("shared by two inputs", (2, 3), (2, 3))
def _siamese() -> nn.Module:
    def run(self: Any, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return F.cosine_similarity(self.body(x), self.body(y), dim=-1)

    return Of(run, body=nn.Sequential(linear(3, 4), nn.ReLU(), linear(4, 4)))


@model("an encoder in eval mode, padded, beside the graph", (2, 3, 4))
def _padded() -> nn.Module:
    def run(self: Any, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            known = self.body(
                x, src_key_padding_mask=torch.tensor([[False] * 3, [False, True, True]])
            )
        return known * self.head(x)

    layer = nn.TransformerEncoderLayer(4, 2, 8, batch_first=True)
    return Of(run, body=nn.TransformerEncoder(layer, 1).eval(), head=linear())


@model("a game of two networks", (2, 3))
def _adversaries() -> nn.Module:
    def run(self: Any, noise: torch.Tensor) -> dict[str, torch.Tensor]:
        made = self.maker(noise)
        real = torch.ones(2, 3)
        judged = self.judge(torch.cat([made.detach(), real]))
        wanted = torch.tensor([[0.0], [0.0], [1.0], [1.0]])
        return {
            "judge": F.binary_cross_entropy_with_logits(judged, wanted),
            "maker": F.softplus(-self.judge(made)).mean(),
        }

    return Of(run, maker=linear(3, 3), judge=linear(3, 1))
