"""What typed code finds in place of modules of Python's, of torch's and of a notebook's.

`standard` and `copies` stand in for Python's own, `torch_names` and `batches` for torch's;
`progress` and `notebook` for what a notebook brings along. `written` has `d2l` and
`einops` among others, programs like any.
"""
