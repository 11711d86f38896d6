"""What Python's bytecode tells of a function: the global names that it reads, and what its results
are assigned to. Nothing is run here. Give: `read_names`, `stored_name`. Need: Python's `dis`.
"""
