"""Loops of a script, told of at each round: where a round begins, how many are still to come.

`told(tree)` writes the loops of a checked tree so that they take their rounds from a `Loops`:
`for t in range(9)` runs over `Loops.over(range(9), 3)`, `while a < b:` asks its condition as the
first thing of a round. Positions stay, and so does what a loop does.

- `Loops.levels`: the loops under way, the outermost first.
- `Loops.watch` hears of each round that begins, of each that is over, and of each loop that was
  left: by its end, `break`, `return` or an exception.
"""

from __future__ import annotations

import ast
import collections
import sys
import types
from collections import Counter
from collections.abc import Iterator, Sized
from types import FrameType
from typing import Any, Final, Protocol

from torch.utils.data import DataLoader

from viz.tracing.typed.blocks import Blocks

OVER: Final = "<over>"
SIZED: Final = "<sized>"
FOREVER: Final = "<forever>"
NO_MORE: Final = "<no more>"
_ROUND: Final = "<round>"
"""What typed code's namespace calls them: no names that can be typed."""
_PASSING_ON: Final = frozenset(("enumerate", "zip", "tqdm", "trange", "map", "reversed"))
"""What gives no more rounds than what it is given, and does not tell how many those are."""
_COUNTED: Final[tuple[type, ...]] = (
    range,
    list,
    tuple,
    dict,
    set,
    frozenset,
    str,
    collections.deque,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
    DataLoader,
)
"""Whose length runs nothing of the program's own."""


class Level:
    """A loop under way: the line of its head, the rounds begun, and its length where it is known.

    `driven`: it gets its rounds from a generator, whose own loop tells of them as well. `before`:
    how many backward calls and operations there were when its round began, as the watch notes.
    """

    __slots__ = ("before", "driven", "length", "line", "open", "rounds")

    def __init__(self, line: int, length: int | None, driven: bool) -> None:
        self.line = line
        self.length = length
        self.driven = driven
        self.rounds = 0
        self.open = False
        self.before = (0, 0)

    @property
    def left(self) -> int | None:
        """Rounds that are still to come, the one that begins now included; `None`: not known."""
        return None if self.length is None else self.length - self.rounds


class Watch(Protocol):
    """Who hears of the rounds; the frame is the one whose loop it is."""

    def begun(self, level: Level) -> None: ...
    def over(self, level: Level, frame: FrameType | None) -> None: ...
    def left(self) -> None: ...


class Loops:
    """The loops of one run."""

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self.blocks = Blocks()
        """The counters of the lines, for when no line is traced."""
        self.heads: Counter[int] = Counter()
        """How often each loop's head ran, by its line."""
        self.watch: Watch | None = None
        self.broken: Level | None = None
        """The loop that was left last in the middle of a round."""
        self._told: int | None = None
        self._driven = False

    def names(self) -> dict[str, Any]:
        """What a tree that was `told` needs of its namespace."""
        return {
            OVER: self.over,
            SIZED: self.sized,
            FOREVER: self.forever,
            NO_MORE: self.no_more,
        }

    def ran(self) -> Counter[int]:
        """How often each line within a loop or function ran, from the beginning on."""
        return self.blocks.ran() + self.heads

    def over(self, rounds: Any, line: int) -> Any:
        """The rounds of `for … in rounds`, whose head stands at `line`."""
        length, driven = self._told, self._driven or type(rounds) is types.GeneratorType
        self._told, self._driven = None, False
        if type(rounds) in _COUNTED:
            length = len(rounds)
        return _Running(self, iter(rounds), Level(line, length, driven))

    def sized(self, value: Any) -> Any:
        """The value as it is; `over` learns how many rounds it gives."""
        self._driven |= type(value) is types.GeneratorType
        if type(value) in _COUNTED:
            assert isinstance(value, Sized)
            length = len(value)
            self._told = length if self._told is None else min(self._told, length)
        return value

    def forever(self, line: int) -> Any:
        """The rounds of a `while`, which ends by itself."""
        return _Running(self, _without_end(), Level(line, None, driven=False))

    def no_more(self, line: int) -> None:
        """The condition of the `while` at this line is false: the round is none."""
        for level in reversed(self.levels):
            if level.line == line:
                level.open = False
                return

    def leave(self, level: Level) -> None:
        """A loop is over."""
        if level.open:
            self.broken = level
            if self.watch is not None:
                self.watch.over(level, None)
        self.levels.remove(level)
        if self.watch is not None:
            self.watch.left()


class _Running:
    """Gives a loop its rounds; when it goes, the loop was left."""

    __slots__ = ("_level", "_loops", "_next")

    def __init__(self, loops: Loops, rounds: Iterator[Any], level: Level) -> None:
        self._loops = loops
        self._next = rounds.__next__
        self._level = level
        loops.levels.append(level)

    def __iter__(self) -> _Running:
        return self

    def __next__(self) -> Any:
        level, watch = self._level, self._loops.watch
        self._loops.heads[level.line] += 1
        if watch is not None:
            if level.open:
                level.open = False
                watch.over(level, sys._getframe(1))
            if level.left != 0:
                watch.begun(level)
        round_ = self._next()
        level.rounds += 1
        level.open = True
        return round_

    def __del__(self) -> None:
        self._loops.leave(self._level)


def _without_end() -> Iterator[None]:
    while True:
        yield None


def told(tree: ast.Module) -> ast.Module:
    """The tree with its loops written over `Loops`, in place."""
    _Told().visit(tree)
    return ast.fix_missing_locations(tree)


class _Told(ast.NodeTransformer):
    def visit_For(self, loop: ast.For) -> ast.For:
        self.generic_visit(loop)
        line = loop.lineno
        if isinstance(loop.iter, ast.Call) and _name(loop.iter.func) in _PASSING_ON:
            loop.iter.args = [
                each if isinstance(each, ast.Starred) else _call(SIZED, each, each)
                for each in loop.iter.args
            ]
        loop.iter = _call(OVER, loop.iter, loop.iter, ast.Constant(line))
        return loop

    def visit_While(self, loop: ast.While) -> ast.While | ast.For:
        self.generic_visit(loop)
        if any(isinstance(n, ast.Break | ast.Continue) for s in loop.orelse for n in ast.walk(s)):
            return loop  # they are meant for the loop around this one
        here = loop.test
        over = _at(ast.Expr(_call(NO_MORE, here, ast.Constant(loop.lineno))), here)
        asked = ast.copy_location(
            ast.If(
                loop.test, [_at(ast.Pass(), here)], [over, *loop.orelse, _at(ast.Break(), here)]
            ),
            here,
        )
        rounds = _call(FOREVER, here, ast.Constant(loop.lineno))
        target = _at(ast.Name(_ROUND, ast.Store()), here)
        return ast.copy_location(ast.For(target, rounds, [asked, *loop.body], []), loop)


def _call(name: str, here: ast.expr, *arguments: ast.expr) -> ast.Call:
    function = _at(ast.Name(name, ast.Load()), here)
    call = ast.Call(function, [_at(each, here) for each in arguments], [])
    return ast.copy_location(call, here)


def _at(node: Any, here: ast.expr) -> Any:
    return node if hasattr(node, "lineno") else ast.copy_location(node, here)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
