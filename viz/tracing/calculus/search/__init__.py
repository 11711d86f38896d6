"""Where a curve is sampled, and what its samples say: gaps, kinks, holes, what is not resolved.

`refinement.sampled` is the way in, a search in stages over `grid` (the samples in order),
`suspects`, `singularities`, `ladders`, `one_sided_limits`, `zero_divisors`, `probes` and
`resolution`; `README.md` tells the method. Needs sampling.
"""
