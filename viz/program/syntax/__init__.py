"""Text → a bounded syntax tree, and what Python's own grammar leaves to a compiler.

`tree.parsed` is the way in; `scopes` tells which names a program binds; `placement`, `outer`,
`copies` and `constructs` refuse what must not be compiled; `cells` finds the cells of a script.
Raises `ProgramRejected` with the place. Needs notation.
"""
