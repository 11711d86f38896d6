"""Loops of training: the first and last rounds are recorded, those between run as in plain torch.

A `RoundWatch` hears of each round of a script's loops. Once the record holds enough of them it
takes the recorder off, so that torch runs as if nobody looked, and puts it on again for the last
rounds, or where the loop is left. All along it reads the numbers that the program computes anew in
each round (a loss, small parameters), by the names that the program has for them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

import torch
from torch import overrides

from viz.records import MAX_NODES, Message, Rounds, Series, Span
from viz.tracing.hints.messages import ROUNDS_LEFT
from viz.tracing.recording.backward.passes import MAX_PASSES, Passes
from viz.tracing.recording.forward.recorder import Recorder
from viz.tracing.round_news import RoundNews
from viz.tracing.texts import shortened
from viz.tracing.typed.loops import Level, Loops

_modes: Any = overrides
FIRST: Final = 50
"""Rounds of a long loop that are recorded from its beginning."""
LAST: Final = 3
"""Rounds that are recorded at its end, as far as that can be foreseen."""
RESERVE: Final = 5
"""Backward calls for which loops leave room."""
MOST_SAMPLES: Final = 256
"""Samples of a series; of more rounds every second, fourth, … is read."""
MOST_SERIES: Final = 12
FEW: Final = 4
"""Elements of a tensor whose every element is a series of its own."""


@dataclass
class _Loop:
    """What is known of the rounds of one loop, all its turns together."""

    line: int
    total: int = 0
    passes: int = 0
    held: list[list[int]] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    rows: dict[str, list[float | None]] = field(default_factory=dict)
    stride: int = 1
    inside: set[int] = field(default_factory=set)
    """The lines of the loops in whose rounds it ran."""

    def hides(self, other: _Loop) -> bool:
        """Of two loops in each other, the one with more rounds is told; else the outer one."""
        if other.line in self.inside:
            return self.total > other.total
        return self.line in other.inside and self.total >= other.total

    def one_more(self, *, recorded: bool) -> None:
        self.total += 1
        if not recorded:
            return
        if self.held and self.held[-1][1] == self.total - 1:
            self.held[-1][1] = self.total
        else:
            self.held.append([self.total, self.total])

    def read(self, numbers: dict[str, float]) -> None:
        """One sample of everything; thinned out when there are too many."""
        for name in numbers:
            if name not in self.rows and len(self.rows) < 2 * MOST_SERIES:
                self.rows[name] = [None] * len(self.at)
        self.at.append(self.total)
        for name, row in self.rows.items():
            row.append(numbers.get(name))
        if len(self.at) >= MOST_SAMPLES:
            self.stride *= 2
            self.at = self.at[1::2]
            self.rows = {name: row[1::2] for name, row in self.rows.items()}

    def record(self) -> Rounds:
        known = {n: [v for v in row if v is not None] for n, row in self.rows.items()}
        changing = [n for n, values in known.items() if len({*map(repr, values)}) > 1]
        series = tuple(
            Series(shortened(name), tuple(_number(value) for value in self.rows[name]))
            for name in changing[:MOST_SERIES]
        )
        held = tuple((first, last) for first, last in self.held)[:100]
        return Rounds(self.line, self.total, held, tuple(self.at), series)


class RoundWatch:
    """Watches the loops of one run of a script."""

    def __init__(self, loops: Loops, recorder: Recorder, passes: Passes) -> None:
        self._loops = loops
        self._recorder = recorder
        self._passes = passes
        self._seen: dict[int, _Loop] = {}
        self._paused_at: Counter[int] | None = None
        self._news = RoundNews()
        loops.watch = self

    @property
    def paused(self) -> bool:
        """Whether the recorder is off."""
        return self._paused_at is not None

    def record(self) -> tuple[Rounds, ...]:
        """The loops that made backward calls in several rounds; of loops in loops the inmost."""
        found = [loop for loop in self._seen.values() if loop.passes > 1 and loop.total > 2]
        told = [loop for loop in found if not any(each.hides(loop) for each in found)]
        return tuple(loop.record() for loop in told)[:20]

    def __enter__(self) -> RoundWatch:
        return self

    def __exit__(self, *_: object) -> None:
        self.resume()

    def unfinished(self, span: Span | None) -> Message | None:
        """What helps a run whose time is over at `span`, in a loop of which the length is known."""
        outer = next(iter(self._loops.levels), self._loops.broken)
        if outer is None or outer.length is None or span is None:
            return None
        if outer.line not in self._recorder.lines.source.loops_around(span.line):
            return None
        details = {"line": outer.line, "round": outer.rounds, "all": outer.length}
        return Message(ROUNDS_LEFT, {name: f"{number:,}" for name, number in details.items()})

    def resume(self) -> None:
        """The recorder watches again; what counts rounds has the rounds between."""
        if self._paused_at is None or _modes._get_current_function_mode_stack():
            return
        ran = self._loops.ran() - self._paused_at
        self._recorder.sites.advance(ran)
        self._paused_at = None
        _modes._push_mode(self._recorder)
        self._recorder.lines.resume(ran)

    def _pause(self) -> None:
        if _modes._get_current_function_mode() is self._recorder:
            self._paused_at = self._loops.ran()
            _modes._pop_mode()
            self._recorder.lines.pause()

    def left(self) -> None:
        """A loop is over; after the outermost one everything is recorded again."""
        if not self._loops.levels:
            self.resume()

    # ── one round ──

    def begun(self, level: Level) -> None:
        """A round begins: is it recorded?"""
        drafts, operations = len(self._passes.drafts), self._passes.graph.operations
        if self.paused:
            if self._near_the_end(level):
                self.resume()
        elif self._enough(level, drafts, operations) and not self._near_the_end(level):
            self._pause()
        level.before = (drafts, operations)

    def over(self, level: Level, frame: FrameType | None) -> None:
        """A round is over; of one that was broken off the frame is not told."""
        if level in self._loops.levels[:1]:
            self._news.round_over(level.rounds, level.length)
        made = len(self._passes.drafts) - level.before[0]
        loop = self._seen.get(level.line)
        if loop is None:
            if not made:
                return
            loop = self._seen[level.line] = _Loop(level.line)
        loop.passes += made
        loop.inside |= {each.line for each in self._loops.levels[: self._loops.levels.index(level)]}
        loop.one_more(recorded=not self.paused)
        if frame is not None and loop.total % loop.stride == 0:
            loop.read(_numbers(frame))

    def _enough(self, level: Level, passes: int, operations: int) -> bool:
        """Whether what is recorded is enough, and what is to come would be too much."""
        seen = self._seen.get(level.line)
        if seen is None or not level.rounds:
            return False
        before, met = level.before
        made, grown = max(passes - before, 1), max(operations - met, 1)
        room = min((MAX_PASSES - RESERVE - passes) / made, (MAX_NODES - operations) / grown)
        if room <= LAST:
            return True
        return seen.total >= FIRST and self._too_many(room)

    def _too_many(self, room: float) -> bool:
        """Whether not all the rounds that are to come find room."""
        left = 1.0
        for each in self._loops.levels:
            if each.left is None and not each.driven:
                return True
            if each.left is not None:
                left *= max(each.left, 1)
        return left > room

    def _near_the_end(self, level: Level) -> bool:
        """Whether the round that begins is among the last ones of all."""
        if level.left is None or level.left > LAST or level.line not in self._seen:
            return False
        if any(level.line in loop.inside for loop in self._seen.values()):
            return False
        for each in self._loops.levels:
            if each is not level and not each.driven and each.left != 0:
                return False
        return True


def _numbers(frame: FrameType) -> dict[str, float]:
    """The numbers that a frame's own names stand for, elements of small tensors one by one."""
    code, found = frame.f_code, dict[str, float]()
    names = code.co_varnames if code.co_flags & 1 else code.co_names
    values = frame.f_locals
    with torch._C.DisableTorchFunction(), torch.no_grad():
        for name in names:
            value = values.get(name)
            if type(value) is float:
                found[name] = value
            elif type(value) in (torch.Tensor, torch.nn.Parameter):
                found |= _elements(name, value)
            elif isinstance(value, torch.nn.Module):
                for path, parameter in torch.nn.Module.named_parameters(value):
                    found |= _elements(f"{name}.{path}", parameter)
            if len(found) > 2 * MOST_SERIES:
                break
    return found


def _elements(name: str, tensor: Any) -> dict[str, float]:
    if not tensor.dtype.is_floating_point or tensor.numel() > FEW or tensor.is_sparse:
        return {}
    values = tensor.detach().reshape(-1).tolist()
    if len(values) == 1:
        return {name: values[0]}
    return {f"{name}[{place}]": value for place, value in enumerate(values)}


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
