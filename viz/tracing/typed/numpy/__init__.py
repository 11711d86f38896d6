"""What typed code finds of numpy: its number types, functions and random numbers.

`names.NUMPY` has what stands behind a name where that is not numpy's own function: `kinds` look at
a `dtype` first, `ufuncs` at memory that nobody has written, `random` starts with the run's seed,
`objects` keeps what is compared out of the reach of what compares it.
`attributes` decides what arrays say when they are asked for names that lead too far.
"""
