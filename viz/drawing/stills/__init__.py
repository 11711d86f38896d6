"""Curves, surfaces and Jacobians as plain pictures that keep still: SVG, PNG, PDF.

```
record ──curve, surface, matrix──▶ Still (marks at places) ──▶ SVG
                                                └──painted──▶ DOT ──layout──▶ PNG, PDF
```

Graphviz, which is here for the graphs, paints the marks too: no browser and no library more.
`chart_picture.ChartPicture` keeps them as files. Needs figures (colours, scales) and picture.
"""
