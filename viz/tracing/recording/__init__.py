"""One run of a function, written down: every call, node, value and gradient.

`trace.trace` is the way in. `recorder` watches the calls, `graph` walks what autograd recorded,
`passes` and `gradient_hooks` the way back, `local_derivatives` the edges, `cells` runs a script.
Gives a `Trace`. Needs hints and typed; knows nothing of sampling.
"""
