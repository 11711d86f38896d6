"""What measures or keeps a diary of a run elsewhere, and here has nothing to say.

A profiler's `with` runs what stands in it and its table says that no times are measured: the run is
watched operation by operation, which takes longer than the operations themselves. What is handed to
TensorBoard is read by nobody; the picture that `torchviz` would draw stands above already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Self

from viz.tracing.runnable import Transcript
from viz.tracing.typed.own_graphs.drafts import DirectedGraph
from viz.tracing.typed.type_stand_ins import Frozen, nothing

NOT_MEASURED: Final = "(times and memory are not measured here: the run is watched step by step)"


class Averages(Frozen):
    """What `key_averages()` gives: no rows, and a table that says why."""

    __slots__ = ()

    def table(self, *_given: Any, **_ways: Any) -> str:
        """One line."""
        return NOT_MEASURED

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return NOT_MEASURED


class _Idle:
    """Made of whatever it is given, entered and left, and nothing happens."""

    __slots__ = ()

    def __init__(self, *_given: Any, **_ways: Any) -> None:
        """It takes what torch's takes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        return None


class Profile(_Idle):
    """`with torch.profiler.profile(…) as prof:` and its sibling of old."""

    __slots__ = ()

    def key_averages(self, *_given: Any, **_ways: Any) -> Averages:
        """Nothing."""
        return Averages()

    total_average = events = key_averages

    def table(self, *_given: Any, **_ways: Any) -> str:
        """One line."""
        return NOT_MEASURED

    def __repr__(self) -> str:
        return NOT_MEASURED

    step = start = stop = export_chrome_trace = export_stacks = add_metadata = nothing


class RecordFunction(Profile):
    """`with record_function("name"):`, and the same before a function."""

    __slots__ = ()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return function


class Activities(Frozen):
    """`ProfilerActivity`: names of what could be measured."""

    __slots__ = ()
    CPU = "ProfilerActivity.CPU"
    CUDA = "ProfilerActivity.CUDA"


class SummaryWriter(_Idle):
    """`torch.utils.tensorboard.SummaryWriter`: nobody reads what it is given."""

    __slots__ = ()

    add_scalar = add_scalars = add_histogram = add_graph = add_image = add_images = nothing
    add_figure = add_text = add_embedding = add_hparams = close = flush = nothing


class DrawnAbove(DirectedGraph):
    """What `make_dot` gives: the graph is drawn above."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(Transcript())

    def __repr__(self) -> str:
        return "(the graph stands above)"

    def _show(self) -> bool:
        return False


def make_dot(_var: Any, *_given: Any, **_ways: Any) -> DrawnAbove:
    """`torchviz.make_dot(y)`."""
    return DrawnAbove()


UNMEASURED: Final[Mapping[str, Any]] = {
    "torch.profiler.profile": Profile,
    "torch.profiler.record_function": RecordFunction,
    "torch.profiler.ProfilerActivity": Activities(),
    "torch.profiler.schedule": nothing,
    "torch.profiler.tensorboard_trace_handler": nothing,
    "torch.autograd.profiler.profile": Profile,
    "torch.autograd.profiler.record_function": RecordFunction,
    "torch.utils.tensorboard.SummaryWriter": SummaryWriter,
    "tensorboardX.SummaryWriter": SummaryWriter,
    "torchviz.make_dot": make_dot,
    **dict.fromkeys(
        ("pdb.set_trace", "ipdb.set_trace", "IPython.core.debugger.set_trace"), nothing
    ),
}
"""The stand-ins by full name."""
