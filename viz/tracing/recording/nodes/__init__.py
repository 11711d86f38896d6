"""What is written down of a node: its kind, its value, what it saved, its local derivatives.

`graph.Graph` grows by drafts of nodes and the uses that join them; `tensor_summary` makes a tensor
a record, `functions` has torch's functions by what they mean, `inner_values` looks into composite
calls, `local_derivatives` reads a node's own derivative off autograd. Needs texts.
"""
