"""What typed code finds: proxies of torch, numpy and pyplot that hold reviewed names only.

`namespace.namespace` makes the globals of a run; `guarded` has the methods of all classes that can
be named demand a self of their own; `warm` calls what must have run once before a child is forked.
Needs the allow-list.
"""
