"""What the layers of a text take, by the first of them that is made where a model is."""

from __future__ import annotations

import ast
from typing import Final

from viz.program.allowlist.words import words
from viz.program.syntax.tree import SyntaxTree

_ROWS: Final = frozenset(
    words(
        "Linear LayerNorm RMSNorm BatchNorm1d LSTM GRU RNN LSTMCell GRUCell RNNCell"
        " TransformerEncoderLayer MultiheadAttention"
    )
)
_CHANNELS: Final = {
    **dict.fromkeys(("Conv2d", "ConvTranspose2d"), "1, {}, 6, 6"),
    **dict.fromkeys(("BatchNorm2d", "InstanceNorm2d"), "2, {}, 4, 4"),
    **dict.fromkeys(("Conv1d", "ConvTranspose1d"), "1, {}, 8"),
    "Conv3d": "1, {}, 4, 4, 4",
}
_WIDEST: Final = 64


class Layers:
    """The models that a text makes."""

    def __init__(self, tree: SyntaxTree) -> None:
        self._made: dict[str, ast.Call] = {}
        self._classes: dict[str, ast.ClassDef] = {}
        self._first: dict[ast.AST, tuple[str, list[ast.expr]] | None] = {}
        for node in tree.module.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as made):
                    self._made.setdefault(name, made)
        for each in tree.nodes:
            if isinstance(each, ast.ClassDef):
                self._classes.setdefault(each.name, each)

    def made(self, name: str) -> ast.Call | None:
        """The call whose result a name stands for: `model = nn.Sequential(…)`."""
        return self._made.get(name)

    def start(self, made: ast.Call, rows: int | None) -> str | None:
        """What the first layer takes that is made in a call, or in the class that is called; so
        many rows of it as the result is compared with.
        """
        within: ast.AST = made
        if isinstance(made.func, ast.Name):
            within = self._classes.get(made.func.id, made)
        if within not in self._first:
            self._first[within] = _first_layer(within)
        found = self._first[within]
        return None if found is None else _of_layer(*found, rows or 2)


def _first_layer(within: ast.AST) -> tuple[str, list[ast.expr]] | None:
    """The name of the first layer of those that are known here, and what it is made with."""
    waiting = [within]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Call(func=ast.Attribute(attr=layer) | ast.Name(id=layer), args=sizes):
                if layer in _ROWS or layer in _CHANNELS or layer == "Embedding":
                    return layer, sizes
        waiting.extend(reversed([*ast.iter_child_nodes(node)]))
    return None


def _of_layer(layer: str, sizes: list[ast.expr], rows: int) -> str:
    """What a layer takes that is made and called at once."""
    width = 3
    match sizes:
        case [ast.Constant(value=int(given)), *_] if 0 < given <= _WIDEST:
            width = given
    if layer in _ROWS:
        return f"torch.randn({rows}, {width})"
    if layer == "Embedding":
        return "torch.tensor([0, 1])"
    return f"torch.randn({_CHANNELS[layer].format(width)})"
