"""A function at many samples at once, also where it branches.

`sampler` takes a function and samples and gives f and its derivatives there (batched by `vmap`,
split by outcome where the code asks a tensor for a bool, one by one where nothing else works).
Knows nothing of recording.
"""
