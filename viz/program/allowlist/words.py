"""Tables of names, written as they are read: words with blanks between them."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


def joined(*tables: dict[str, set[str]]) -> dict[str, set[str]]:
    """Tables as one; what each says of a name counts."""
    names = dict.fromkeys(name for table in tables for name in table)
    return {name: set().union(*(table.get(name, set()) for table in tables)) for name in names}


def these(text: str) -> set[str]:
    """The names of a text, each once."""
    return set(text.split())
