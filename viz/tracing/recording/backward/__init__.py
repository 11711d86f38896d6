"""The way back: each backward call, node by node, in autograd's own order.

`passes.Passes` stands in for `backward` and `grad` while the typed code runs; `gradient_hooks` sees
gradients pass by, `formulas_at_work` what a differentiable backward call computes. Needs nodes and
forward.
"""
