"""How programs define and call: their classes, and the arguments of calls.

`classes` checks class bodies and gives the attributes that they bring, `calls` the keyword
arguments and decorators. Raises `ProgramRejected`. Needs names and syntax.
"""
