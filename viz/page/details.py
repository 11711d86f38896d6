def details(trace, view, display):
    return {}
