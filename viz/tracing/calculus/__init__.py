"""Curves, surfaces, Jacobians, Hessians and descents of a function.

`curve.curve`, `surface.surface` and `jacobian.jacobian` are the ways in. The search for gaps and
kinks is `refinement` over `grid`, `suspects`, `singularities`, `ladders`, `one_sided_limits`,
`zero_divisors`, `probes` and `resolution`. Needs sampling and recording.
"""
