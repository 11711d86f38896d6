"""Trace → GraphView: repeats and groups folded, everything else one node a node.

`fold.fold` and `fold.unfolded` are the ways in. Needs view and display.
"""
