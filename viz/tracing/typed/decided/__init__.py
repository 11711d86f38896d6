"""What is decided when it runs: whose a name behind a dot is, what a call may be given.

Each gives its part of `attributes.decided(source)`, the tree that is compiled in place of what was
typed: `own` the program's classes, `answered` names that only a stand-in answers, `calls` what
`**`, `device=` and `out=` bring, `sparse` tensors by coordinates. Needs the check's allow-list,
and numpy's and torch's stand-ins.
"""
