"""The page's side of the sandbox: who may run, when, for how long, and what came of it.

`client.Sandbox` is the way in; `turns` is the queue, `supervisor` watches a child, `warm_parents`
keeps parents ready, `outcomes` reads how a child ended, `selftest` tells the level. Never executes
or unpickles anything. Needs wire.
"""
