"""One run of a function, written down: every call, node, value and gradient.

`trace.trace` is the way in, `held_graph` the one for a graph that is there already. Lowest first:
`nodes` walks what autograd recorded, `source` tells where a call stands and what things are called,
`forward` watches the calls, `backward` the way back, `scripts` runs a notebook's cells and loops,
`warned` hears what a function of one's own is warned of.
Gives a `Trace`. Needs hints and typed; knows nothing of sampling.
"""
