"""A curve as a figure, in words and as a still picture.

`figure.curve_figure` draws f and its derivatives, `overlays` lays a secant, a Taylor polynomial, a
walk or another curve over it, `readout` says what is at one x, `still` is an SVG without scripts.
Needs `plotly_layout` and `palette`.
"""
