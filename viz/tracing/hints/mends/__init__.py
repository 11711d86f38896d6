"""Mended programs for the usual mistakes, whose change lies where the cause is.

`recorded` of what is not recorded or overwritten, `calls` of what is given and comes back,
`classes` of classes; `edits` is what they share. Needs the source map.
"""
