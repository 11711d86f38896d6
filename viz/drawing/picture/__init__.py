"""GraphView → DOT → positions → SVG.

`cards` says what stands on a node, `dot` writes DOT, `layout` asks Graphviz in a process of its
own with a time limit (`fallback_ranks` where that is over), `svg` draws. Lengths are in points.
Raises `DrawingFailed`. Needs folding and formulas.
"""
