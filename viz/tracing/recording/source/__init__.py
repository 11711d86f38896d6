"""What the typed source says of a run: where a call stands, what tensors and modules are called.

`call_sites` goes from a call's frame to its place and round; `bound_names` reads names off frames,
`modules` paths of `torch.nn` modules; `line_counts` counts how often a line ran. Needs nodes.
"""
