"""Curves, surfaces, Jacobians, Hessians and descents of a function.

`curve.curve`, `surface.surface` and `jacobian.jacobian` are the ways in; `search` tells where a
curve is sampled and what its samples say. Needs sampling and recording.
"""
