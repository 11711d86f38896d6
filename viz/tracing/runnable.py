"""What the tracing room runs: a function with its start values, or a script's cells.

A `Runnable` is made of a Python function (`of_function`, in this process) or, in the sandbox's
child only, of checked text. Typed frames are recognised by `filename`: every frame whose code has
that file name is the program's own, all others are libraries.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import torch

from viz.errors import N_, InputRejected, problem
from viz.records import MAX_NAME, MAX_SOURCE, MAX_VALUES, Input, Plot, Program
from viz.tracing.bytecode.callables import innermost, parameter_names
from viz.tracing.bytecode.entries import Called
from viz.tracing.printed import Printed
from viz.tracing.reach import own_numbers, reached
from viz.tracing.source_map import SourceMap, code_of, source_of
from viz.tracing.state.memory import wraps
from viz.tracing.state.one_look import by_itself
from viz.tracing.structures import Placed, parts, together
from viz.tracing.texts import own_words, readable, shortened

TYPED = "<program>"
"""The file name under which typed text is compiled."""


_ARRAYS = (torch.Tensor, np.ndarray)
_NUMBERS = (int, float, complex, np.number)
_AS_THEY_ARE = (*_ARRAYS, *_NUMBERS)

CellCode = Callable[[], Any]
"""A script's cell: runs its statements, gives its last expression's value if it is to be shown."""


@dataclass
class Transcript:
    """What a run prints and plots; `print` and `plt` of the typed code write here, bounded."""

    printed: Printed = field(default_factory=Printed)
    plots: list[Plot] = field(default_factory=list)
    warned: list[warnings.WarningMessage] = field(default_factory=list)
    """What a function of one's own was warned of."""
    told: int = 0
    """Where the text of the cell under way begins."""
    drawn: int = 0
    """How many figures the cells before it have drawn."""
    points: int = 0
    """How many numbers these hold."""

    def told_once(self, line: str) -> None:
        """Prints a line that the cell under way has not printed yet."""
        if line not in self.printed.since(self.told):
            self.printed.append(line)


@dataclass(frozen=True)
class Runnable:
    """A program that is ready to run.

    `inputs` are the start values in the order of `program.inputs`: plain tensors that do not
    require grad, or Python ints for integer inputs. `function` takes them (kinds "expression" and
    "function"); `cells` run one after the other (kind "script"), sharing `namespace`.
    """

    program: Program
    function: Callable[..., Any] | None
    inputs: tuple[torch.Tensor | int, ...] = ()
    cells: tuple[CellCode, ...] = ()
    namespace: dict[str, Any] = field(default_factory=dict)
    transcript: Transcript = field(default_factory=Transcript)
    filename: str = TYPED
    frozen: frozenset[str] = frozenset()
    """Inputs that do not require grad though they could."""
    lent: frozenset[str] = frozenset()
    """Inputs that came without requiring grad, and do so while the run is recorded."""
    hooks: dict[str, tuple[Callable[..., Any], ...]] = field(default_factory=dict)
    """What hangs on tensors that are inputs: called with their gradients."""
    copied: bool = False
    """The function gets copies of its inputs, into which it may write."""
    loops: Any = None
    """The `Loops` over which a script's loops are written (see `viz.tracing.typed.loops`)."""
    around: tuple[tuple[Any, str], ...] = ()
    """Tensors, modules and optimizers that a function of one's own finds around it, and what it
    calls them."""

    def source_map(self) -> SourceMap:
        """The map of its source: of the function's own file, or of typed text."""
        if self.filename == TYPED or self.function is None:
            return SourceMap(self.program.source, self.filename)
        return source_of(self.function)[1]

    @property
    def namespace_around(self) -> Mapping[str, Any]:
        """The file or notebook that a function of one's own stands in."""
        if self.filename == TYPED or self.function is None:
            return {}
        return getattr(innermost(self.function), "__globals__", {})

    @property
    def held(self) -> Iterator[tuple[torch.Tensor, str]]:
        """The tensors among what is around."""
        return ((each, name) for each, name in self.around if isinstance(each, torch.Tensor))


@by_itself()
def of_function(
    function: Callable[..., Any],
    inputs: tuple[Any, ...],
    keywords: dict[str, Any] | None = None,
    requires_grad: Mapping[str, bool] | bool | None = None,
    *,
    arrays: bool = True,
) -> Runnable:
    """A Runnable of a Python function of your own (a module too) and what it is called with.

    Numbers, tensors and arrays become inputs, also the tensors and arrays within lists, tuples,
    dicts and torch's other pytrees, and the tensors within containers of one's own (see
    `viz.tracing.structures`), named `x`, `x[0]`, `x['key']`, `x.field` by its own signature.
    A float becomes a 0-dim tensor of the default dtype, an array a tensor of its own dtype, ints
    stay ints; `True`, `False` and whatever else is there are handed on as they are. `requires_grad`
    tells whether inputs do, by name or all; by default those that hold floats or complex numbers.
    Without `arrays` those of numpy are handed on as they are too.
    Raises `InputRejected` for a name in it that is no input, and for what cannot be called.
    """
    if not callable(function):
        raise _not_callable(function)
    call = _Given(function, inputs, keywords or {}, arrays)
    frozen = _frozen(call, requires_grad)
    source, _ = source_of(function)
    starts = tuple(_start(value) for value in call.values)
    program = Program(
        source=source[:MAX_SOURCE],
        kind="function",
        inputs=tuple(
            Input(name, _told(value), isinstance(start, int))
            for name, value, start in zip(call.names, call.values, starts, strict=True)
        ),
        function=_called(innermost(function)),
    )
    code = code_of(function)
    return Runnable(
        program,
        call.taking_inputs(),
        starts,
        filename=code.co_filename if code else "",
        frozen=frozen,
        lent=_lent(call) - frozen,
        hooks=_hooks(call),
        around=_around(function),
    )


def _around(function: Callable[..., Any]) -> tuple[Called, ...]:
    found = tuple(reached(function))
    for each, _ in found:
        if isinstance(each, torch.Tensor):
            own_numbers(each)
    return found


def _called(function: Any) -> str:
    return str(getattr(function, "__name__", type(function).__name__))[:MAX_NAME]


class _Given:
    """What a function is called with, taken apart: its inputs by name, and the way back."""

    def __init__(
        self,
        function: Callable[..., Any],
        inputs: tuple[Any, ...],
        keywords: dict[str, Any],
        arrays: bool,
    ) -> None:
        self.function = function
        parameters = parameter_names(function, len(inputs))
        left = bool if arrays else (bool, np.ndarray)
        self._plain = not keywords and all(
            isinstance(each, _AS_THEY_ARE) and not isinstance(each, left) for each in inputs
        )
        if self._plain:
            self.names, self.values = distinct(parameters), list(inputs)
            return
        named = list(zip(parameters, inputs, strict=True)) + list(keywords.items())
        found = [(name, part) for name, value in named for part in parts(value)]
        self._inputs, self._keywords = inputs, keywords
        self._leaves = [part.value for _, part in found]
        self._places: list[tuple[int, int]] = []
        """Where among the leaves an input goes, and which."""
        self.values = []
        first: dict[int, int] = {}
        names: list[str] = []
        for place, (name, part) in enumerate(found):
            if not _is_input(part) or (not arrays and isinstance(part.value, np.ndarray)):
                continue
            which = first.get(id(part.value), len(self.values)) if part.own else len(self.values)
            self._places.append((place, which))
            if which == len(self.values):
                names.append(name + part.text)
                self.values.append(part.value)
            if part.own:
                first[id(part.value)] = which
        self.names = distinct(names)

    def taking_inputs(self) -> Callable[..., Any]:
        """The function as one of its inputs alone."""
        if self._plain:
            return self.function
        function, positional, named = self.function, self._inputs, self._keywords

        def called(*inputs: Any) -> Any:
            filled = list(self._leaves)
            for place, which in self._places:
                filled[place] = inputs[which]
            leaves = iter(filled)
            by_place = [together(each, leaves) for each in positional]
            by_name = {key: together(each, leaves) for key, each in named.items()}
            return function(*by_place, **by_name)

        called.__wrapped__ = function  # type: ignore[attr-defined]
        return called


def _is_input(part: Placed) -> bool:
    if part.own:
        return isinstance(part.value, torch.Tensor)
    if isinstance(part.value, bool):  # a flag
        return False
    return isinstance(part.value, _ARRAYS) or (not part.keys and isinstance(part.value, _NUMBERS))


def distinct(names: list[str]) -> list[str]:
    """The names, each at most `MAX_NAME` long and none twice: cut in the middle, then numbered."""
    cut = [shortened(name) for name in names]
    taken: set[str] = set()
    for place, name in enumerate(cut):
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name[: MAX_NAME - 8]} ({number})"
        cut[place] = free
        taken.add(free)
    return cut


def has_slopes(value: Any) -> bool:
    """Whether a value may require grad."""
    return isinstance(value, torch.Tensor) and (value.is_floating_point() or value.is_complex())


def whole_inputs(runnable: Runnable) -> list[int]:
    """The places of the inputs that are tensors of whole numbers, or of truth values."""
    return [
        place
        for place, value in enumerate(runnable.inputs)
        if isinstance(value, torch.Tensor) and not has_slopes(value)
    ]


def _told(value: Any) -> str:
    """The text of a start value, of a tensor as torch writes it, in six digits. Torch's own way
    takes as long as all the rest of a small run.
    """
    if not isinstance(value, torch.Tensor) or value.layout is not torch.strided or value.is_nested:
        return readable(str(value))[:1_000]
    if value.numel() > MAX_VALUES or not _is_numbers(value):
        sizes = "×".join(map(str, value.shape))
        return f"a tensor of {sizes or 'one number'} {str(value.dtype).removeprefix('torch.')}"
    return f"tensor({_nested(value.detach().tolist())})"[:1_000]


def _is_numbers(value: torch.Tensor) -> bool:
    unreadable = value.is_meta or value.is_quantized or wraps(value)
    return not (unreadable or value.is_complex())


def _nested(value: Any) -> str:
    if not isinstance(value, list):
        return _row([value])
    if value and isinstance(value[0], list):
        return f"[{', '.join(map(_nested, value))}]"
    return f"[{_row(value)}]"


def _row(values: list[Any]) -> str:
    """Numbers of one type, side by side; a whole one of floats has its point."""
    if not values or not isinstance(values[0], float):
        return ", ".join(map(str, values))
    text = ", ".join(["%.6g"] * len(values)) % tuple(values)
    if text.count(".") == len(values):
        return text  # none is whole
    return _WHOLE.sub(r"\g<0>.", text)


_WHOLE: Final = re.compile(r"(?<![^ ])-?\d+(?![^,])")


def otherwise(
    runnable: Runnable,
    error: BaseException | None,
    function: Callable[..., Any],
    inputs: tuple[Any, ...],
    keywords: dict[str, Any],
) -> Iterator[Runnable]:
    """What may run where that did not: with one of the inputs as it came, if torch has no
    derivative with respect to it, or with numpy's arrays as they are, if some are among them.
    """
    if error is None:
        return
    for name in sorted(runnable.lent) if re.search(NO_DERIVATIVE, own_words(error)) else ():
        told = f"torch has no derivative here with respect to {name}: it does not require grad"
        code = code_of(function)
        place = (code.co_filename, code.co_firstlineno) if code else ("torch", 1)
        said = warnings.WarningMessage(told, UserWarning, *place)
        yield replace(
            runnable, frozen=runnable.frozen | {name}, transcript=Transcript(warned=[said])
        )
    given = parts((inputs, keywords))
    if any(isinstance(part.value, np.ndarray) and not part.own for part in given):
        yield of_function(function, inputs, keywords, arrays=False)


NO_DERIVATIVE: Final = (
    r"not differentiable with respect to argument|the derivative for .* is not implemented"
)
"""What torch says of an input for which a formula is not known."""


def wrote_into_a_leaf(error: BaseException | None) -> bool:
    """Whether the function writes into an input, which plain torch allows of one that does not
    require grad: it is run again with copies of its inputs.
    """
    return isinstance(error, RuntimeError) and "leaf Variable that requires grad" in str(error)


def copying(runnable: Runnable) -> Runnable:
    """The same program, which gets copies of its inputs, into which it may write."""
    function = runnable.function

    def copied(*inputs: Any) -> Any:
        given = [each.clone() if isinstance(each, torch.Tensor) else each for each in inputs]
        return function(*given)  # type: ignore[misc]

    copied.__wrapped__ = function  # type: ignore[attr-defined]
    return replace(runnable, function=copied)


def _not_callable(value: Any) -> InputRejected:
    return InputRejected(
        problem(
            N_("{name} is no function: it cannot be called."),
            N_("Hand over a function or a module first, then what it is called with."),
            name=readable(repr(value))[:MAX_NAME],
        )
    )


def _frozen(call: _Given, requires_grad: Mapping[str, bool] | bool | None) -> frozenset[str]:
    """The inputs that are not to require grad; one truth value is for all of them."""
    if requires_grad is None:
        return frozenset()
    if isinstance(requires_grad, bool):
        return frozenset(() if requires_grad else call.names)
    if not isinstance(requires_grad, Mapping) or not all(
        isinstance(wanted, bool) for wanted in requires_grad.values()
    ):
        raise InputRejected(
            problem(
                N_("requires_grad= takes True or False for each input by name, not {given}."),
                N_('Write a dictionary: requires_grad={"x": False}.'),
                given=readable(repr(requires_grad))[:MAX_NAME],
            )
        )
    if unknown := requires_grad.keys() - set(call.names):
        raise InputRejected(
            problem(
                N_("There is no input {name} that could require grad."),
                N_("The inputs are: {names}."),
                name=", ".join(sorted(map(str, unknown)))[:MAX_NAME],
                names=", ".join(call.names)[:1_000],
            )
        )
    return frozenset(name for name, wanted in requires_grad.items() if not wanted)


def _lent(call: _Given) -> frozenset[str]:
    """The inputs that do not require grad where they come from."""
    given = zip(call.names, call.values, strict=True)
    return frozenset(name for name, value in given if not getattr(value, "requires_grad", False))


def _hooks(call: _Given) -> dict[str, tuple[Callable[..., Any], ...]]:
    named = zip(call.names, call.values, strict=True)
    return {
        name: tuple(value._backward_hooks.values())
        for name, value in named
        if isinstance(value, torch.Tensor) and value._backward_hooks
    }


def _start(value: Any) -> torch.Tensor | int:
    if isinstance(value, torch.Tensor):
        return own_numbers(value).detach()
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value.copy())
    if isinstance(value, int):
        return value
    return torch.as_tensor(value)
