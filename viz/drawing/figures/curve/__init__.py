"""A curve as a figure and in words.

`figure.curve_figure` draws f and its derivatives, `overlays` lays a secant, a Taylor polynomial, a
walk or another curve over it, `readout` says what is at one x.
Needs `plotly_layout` and `palette`.
"""
