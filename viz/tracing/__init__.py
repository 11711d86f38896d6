"""Function and inputs → `Trace`, `Curve`, `Surface`, `Jacobian`. The only room that imports torch.

- `recording.trace.trace(f, 2.0)`: what autograd recorded of one run, forward and backward;
  `recording.held_graph.graph_of(y)`: the graph that a tensor has already, without a run.
- `calculus.curve.curve(f, -1, 1)`, `calculus.surface.surface(…)`, `calculus.jacobian.jacobian(…)`,
  `calculus.jacobian.hessian(…)`: f and its derivatives.
- `questions.answer(question, runnable)`: the same four, asked by a record (the sandbox's child).

A run that fails part-way still returns what it recorded, with `failure`.
"""
