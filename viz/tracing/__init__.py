"""Function and inputs → `Trace`, `Curve`, `Surface`, `Jacobian`. The only room that imports torch.

- `traces.trace(f, 2.0)`: what autograd recorded of one run, forward and backward.
- `curves.curve(f, -1, 1)`, `surfaces.surface(…)`, `jacobians.jacobian(…)`: f and its derivatives.
- `questions.answer(question, runnable)`: the same four, asked by a record (the sandbox's child).

A run that fails part-way still returns what it recorded, with `failure`.
"""
