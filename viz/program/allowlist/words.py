"""Tables of names, written as they are read: words with blanks between them."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


def these(text: str) -> set[str]:
    """The names of a text, each once."""
    return set(text.split())
