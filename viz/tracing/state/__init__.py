"""What changes in a process while a function runs, and the way back to it: what is in containers,
the random numbers of Python and numpy. `viz.tracing.untouched` uses it.
"""
