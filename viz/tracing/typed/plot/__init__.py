"""The typed code's `plt`: it draws nothing and writes down what would be drawn.

`pyplot.Pyplot` is `plt` itself, `areas` a figure and its drawing areas; `styles` reads matplotlib's
words for series and colours, `shapes` makes rows of numbers of steps, arrows, bins and grids.
"""
