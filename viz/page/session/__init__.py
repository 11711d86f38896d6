"""All that a link holds: the view, its address, the language, light or dark.

`view` and `links` translate between a view and its address, `state` keeps it over reruns. Knows no
other part of the page.
"""
