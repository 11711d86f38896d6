"""A curve's derivatives held against what computes them in another way.

`differences` against finite differences, as a figure; `symbolic` against the formula that one
writes down, by `formula_check` in a process of its own (`symbolic_worker`) with limits of time and
memory. Needs the curve's read-out.
"""
