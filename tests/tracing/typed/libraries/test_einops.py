"""What `einops` does is what torch does without it, operation by operation."""

from __future__ import annotations

import pytest

from tests.tracing.typed.libraries.test_book import run

HEAD = "from einops import rearrange, repeat, reduce, einsum, pack, unpack, parse_shape\n"
SAME = (
    ("rearrange(x, 'b c h w -> b h w c')", "x.permute(0, 2, 3, 1)"),
    ("rearrange(x, 'b c h w -> b c h w')", "x"),
    ("rearrange(x, 'b c h w -> b (c h w)')", "x.reshape(2, 72)"),
    ("rearrange(x, 'b ... -> ... b')", "x.permute(1, 2, 3, 0)"),
    ("rearrange(x, 'b ... w -> b (...) w')", "x.reshape(2, 12, 6)"),
    ("rearrange(x, 'b c h w -> b 1 c h w 1')", "x.reshape(2, 1, 3, 4, 6, 1)"),
    (
        "rearrange(x, 'b c (h e) (w d) -> b (h w) (e d c)', e=2, d=3)",
        "x.reshape(2, 3, 2, 2, 2, 3).permute(0, 2, 4, 3, 5, 1).reshape(2, 4, 18)",
    ),
    (
        "rearrange([x[0], x[1]], 'n c h w -> c n h w')",
        "torch.stack([x[0], x[1]]).permute(1, 0, 2, 3)",
    ),
    ("reduce(x, 'b c h w -> b c', 'mean')", "x.mean((2, 3))"),
    (
        "reduce(x, 'b c (h 2) (w 3) -> b c h w', 'max')",
        "x.reshape(2, 3, 2, 2, 2, 3).permute(0, 1, 2, 4, 3, 5).amax((4, 5))",
    ),
    (
        "reduce(x, 'b c h w -> h w c 1', 'prod')",
        "x.permute(2, 3, 1, 0).prod(3).reshape(4, 6, 3, 1)",
    ),
    ("reduce(x, '... ->', torch.sum)", "x.sum((0, 1, 2, 3))"),
    (
        "repeat(x, 'b c h w -> (r b) c h w', r=3)",
        "x.unsqueeze(0).expand(3, -1, -1, -1, -1).reshape(6, 3, 4, 6)",
    ),
    ("einsum(x, x, 'b c h w, b c v w -> b c h v')", "torch.einsum('abcd,abed->abce', x, x)"),
    ("einsum(x, x[0, 0], '... h w, h w -> ... h')", "torch.einsum('...ab,ab->...a', x, x[0, 0])"),
    ("pack([x, x[:, 0]], 'b * w')[0]", "torch.cat([x.reshape(2, 12, 6), x[:, 0]], 1)"),
    (
        "pack([x[0, 0, 0], x[0]], '* w')[0]",
        "torch.cat([x[0, 0, 0].reshape(1, 6), x[0].reshape(12, 6)])",
    ),
    ("unpack(x, [(2,), ()], 'b * h w')[1]", "torch.split(x, [2, 1], 1)[1].reshape(2, 4, 6)"),
    (
        "unpack(x, [(2, 2), (2,)], 'b c h *')[0]",
        "torch.split(x, [4, 2], 3)[0].reshape(2, 3, 4, 2, 2)",
    ),
    ("unpack(x, [(2,), (-1,)], 'b c h *')[1]", "torch.split(x, [2, 4], 3)[1].reshape(2, 3, 4, 4)"),
    ("Rearrange('b c h w -> b c (h w)')(x)", "x.reshape(2, 3, 24)"),
    (
        "Reduce('b c (h f) w -> b c h w', 'min', f=4)(x)",
        "x.reshape(2, 3, 1, 4, 6).permute(0, 1, 2, 4, 3).amin(4)",
    ),
)


@pytest.mark.parametrize(("named", "plain"), SAME)
def test_axes_by_name_are_torch_s_operations(named: str, plain: str) -> None:
    names, _ = run(
        "from einops.layers.torch import Rearrange, Reduce\n"
        "x = torch.rand(2, 3, 4, 6, requires_grad=True)\n"
        "def ways(y):\n"
        "    found = []\n"
        "    node = y.grad_fn\n"
        "    while node is not None:\n"
        "        found.append(node.name())\n"
        "        node = node.next_functions[0][0] if node.next_functions else None\n"
        "    return found\n"
        f"a, b = {named}, {plain}\n"
        "same = torch.equal(a, b), ways(a) == ways(b)",
        HEAD,
    )
    assert names["same"] == (True, True)


def test_arrays_stay_arrays() -> None:
    names, _ = run(
        "import numpy as np\n"
        "x = np.arange(6.0).reshape(2, 3)\n"
        "found = [rearrange(x, 'a b -> b a'), reduce(x, 'a b -> a', 'sum'),\n"
        "    repeat(x, 'a b -> a b 2'), parse_shape(x, 'h _')]",
        HEAD,
    )
    turned, added, twice, shape = names["found"]
    assert turned.tolist() == [[0, 3], [1, 4], [2, 5]]
    assert added.tolist() == [3, 12]
    assert twice[1].tolist() == [[3, 3], [4, 4], [5, 5]]
    assert shape == {"h": 2}


def test_what_was_packed_is_unpacked() -> None:
    names, _ = run(
        "x = np.arange(6.0).reshape(2, 3)\n"
        "packed, shapes = pack([x, x[:, :, None]], 'a *')\n"
        "first, second = unpack(packed, shapes, 'a *')\n"
        "found = [packed.shape, (first == x).all(), second.shape]\n"
        "from einops import EinopsError\n"
        "for wrong in ('a b', '* *'):\n"
        "    try:\n"
        "        pack([x], wrong)\n"
        "    except EinopsError as error:\n"
        "        found.append('one *' in str(error))\n"
        "try:\n"
        "    unpack(packed, [(2,)], 'a *')\n"
        "except EinopsError as error:\n"
        "    found.append('do not make up 6' in str(error))",
        "import numpy as np\n" + HEAD,
    )
    assert names["found"] == [(2, 6), True, (2, 3, 1), True, True, True]


WRONG = (
    ("a b -> a", "b stands on one side only"),
    ("a b - a", "one arrow"),
    ("(a c) b -> a c b", "all sizes but one"),
    ("a a -> a", "stands twice"),
    ("a b c -> a b c", "of 3 axes, the tensor has 2"),
    ("a (b -> a b", "not closed"),
    ("a (...) -> a ...", "stands alone"),
    ("a b -> a $ b", "no name of an axis"),
)


@pytest.mark.parametrize(
    ("pattern", "told", "sizes"),
    [*((*each, {}) for each in WRONG), ("(a c) b -> a c b", "no multiple of 4", {"c": 4})],
)
def test_a_wrong_pattern_says_what_is_wrong(pattern: str, told: str, sizes: dict[str, int]) -> None:
    names, _ = run(
        "from einops import EinopsError\n"
        "try:\n"
        f"    rearrange(torch.ones(6, 2), {pattern!r}, **{sizes})\n"
        "except EinopsError as error:\n"
        "    found = str(error)",
        HEAD,
    )
    assert told in names["found"]
