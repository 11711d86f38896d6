"""What to do about what is refused: leave it out with all that needs it, or write its like.

`leaving.without` comments lines out, `reaching` says what a statement reads, sets and changes.
Needs syntax, names and the allow-list; `checking` looks at what comes out.
"""
