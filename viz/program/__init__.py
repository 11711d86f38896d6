"""Typed text → a checked `Program`. No torch, and nothing is ever executed or compiled here.

- `check(source)` gives the program: its kind, its inputs with start values, its cells.
- `read(source)` gives it too, of a formula that is written as on paper.
- `check_input(name, text, program)` and `check_gradient(text)` give an input's checked text;
  `read_input` that of one which is written as on paper.

All raise `ProgramRejected` (of inputs: `InputRejected`) with the place, what is allowed and
the remedy, for every text whatever it holds, in bounded time.
"""

from viz.program.checking import check, check_gradient, check_input, read, read_input

__all__ = ["check", "check_gradient", "check_input", "read", "read_input"]
