"""Numbers of things in words."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 visit", "3 visits". For nouns that take an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
