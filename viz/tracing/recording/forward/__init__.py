"""The way forward: each call that the typed code makes, seen once and taken into the graph.

`recorder.Recorder` is the mode that is on while a program runs; `intake` takes in what one call
made. Needs nodes and source.
"""
