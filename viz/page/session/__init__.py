"""All that a link holds: the view, its address, the language, light or dark.

`view` and `links` translate between a view and its address, `state` keeps it over reruns, with the
`picture` that was good last. Of the page's other parts it knows the components alone.
"""
