"""What typed code finds: proxies of torch, numpy and pyplot that hold reviewed names only.

`namespace.namespace` makes the globals of a run; `numpy`, `plot` and `libraries` have what stands
in them for the real thing. `guarded` has the methods of all classes that can be named demand a self
of their own, `identity` gives sets of tensors one order, `plain_sequences` keeps the program's
objects out of lists that torch and numpy walk.
`attributes`, `loops` and `blocks` rewrite a checked text; `warm` calls what must have run once
before a child is forked. Needs the allow-list.
"""
