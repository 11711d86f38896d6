"""How the picture's time grows with its size: whole graphs of chains, from the record to the SVG.

By the clock, layout (in a worker process) and drawing together; beside it the same by operation,
which stays level where time is linear, and the record's own time.
"""

from __future__ import annotations

import statistics
import time

import torch

import viz
from benchmarks.report.findings import tell
from benchmarks.tracing import chain
from viz.drawing import unfolded
from viz.drawing.display import Display
from viz.drawing.picture import layout
from viz.drawing.picture.svg import svg

SIZES = (10, 30, 100, 300, 1_000)
TURNS = 5


def main() -> None:
    torch.set_num_threads(1)
    display = Display()
    print(f"{'operations':>10} {'recorded':>10} {'drawn':>10} {'each':>9}")
    for size in SIZES:
        recorded, drawn = [], []
        for _ in range(TURNS):
            begin = time.perf_counter()
            trace = viz.trace(chain(size), torch.ones(3))
            middle = time.perf_counter()
            svg(unfolded(trace, display), display)
            recorded.append(middle - begin)
            drawn.append(time.perf_counter() - middle)
        run, picture = statistics.median(recorded), statistics.median(drawn)
        times = (run, picture, picture / size)
        print(f"{size:>10,}" + "".join(f"{each * 1e3:>8.2f} ms" for each in times))
        tell("recorded", size, run * 1e3, "ms")
        tell("drawn", size, picture * 1e3, "ms")
    layout.close()


if __name__ == "__main__":
    main()
