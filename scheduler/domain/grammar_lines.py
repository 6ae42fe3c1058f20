"""On which line of a TOML text a value stands, so that a refusal can name it."""

import re

Path = tuple[str | int, ...]

HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")


def line_of(text: str, path: Path) -> int:
    """Return the line, from 1, of a value; of what is not there, the line of the table it belongs to."""
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def _lines(text: str) -> dict[Path, int]:
    """Return the line of each table and key, by its path; rows of an array of tables by their place."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        header, key = HEADER.match(line), KEY.match(line)
        if header:
            table = _opened(header[2], counts, row=header[1] == "[[")
            found[table] = number
        elif key:
            found.setdefault((*table, *_names(key[1])), number)
    return found


def _names(dotted: str) -> Path:
    return tuple(part.strip(" \"'") for part in dotted.split("."))


def _opened(dotted: str, counts: dict[Path, int], *, row: bool) -> Path:
    """Return the path of a table's header: below a row of an array, the row that was opened last."""
    path: Path = ()
    names = _names(dotted)
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, names[-1])
    if row:
        counts[path] = counts.get(path, -1) + 1
        path = (*path, counts[path])
    return path
