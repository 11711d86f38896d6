"""What Python tells of a function before it runs: what it is in the end and calls its parameters,
the names that it reads, what these mean in classes and files, and what its results are assigned to.
Nothing is run here. Give: `innermost`, `parameter_names`, `read_names`, `Entries`, `stored_name`.
Need: Python's `dis` and `inspect`.
"""
