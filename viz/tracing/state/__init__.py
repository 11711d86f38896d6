"""What changes in a process while a function runs, and the way back to it: what is in containers,
numpy's random numbers. `viz.tracing.untouched` uses it.
"""
