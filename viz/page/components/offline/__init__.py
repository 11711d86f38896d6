"""The player without a page: in a file of its own or a notebook, with every picture at hand."""
