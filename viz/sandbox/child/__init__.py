"""What runs beyond the page: the warm parent, its children, and what a child does.

Only here typed text is compiled and run, behind every layer of `confinement`. Needs wire and
confinement; nothing of the page's side.
"""
