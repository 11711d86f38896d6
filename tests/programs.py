"""Programs that several tests run."""

from __future__ import annotations

CONTROL_FLOW = """def f(a):
    b = a * 2
    while b.norm() < 1000:
        b = b * 2
    if b.sum() > 0:
        c = b
    else:
        c = 100 * b
    return c
"""
"""The course's function with control flow."""
