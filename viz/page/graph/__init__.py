"""The graph and its player, and the files that it can be saved as.

Needs writing, asking and components.
"""
