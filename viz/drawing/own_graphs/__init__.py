"""The graphs that a program draws itself with graphviz's words, as pictures.

```
OwnGraph ──source──▶ DOT ──layout──▶ Graphviz's drawing operations ──operations──▶ SVG
```

Graphviz says where each line and each word goes; the SVG is written here, every text escaped.
`own_graph.own_picture` is the way in, and remembers what it made.
"""
