"""What a script has beyond a function: cells, loops of training, settings of torch's own.

`cells` runs a notebook top to bottom, `rounds` records the first and last rounds of a loop and lets
the others run plainly, `settings` keeps what is set to the run that set it. Needs forward and
backward.
"""
