"""What a browser without scripts would send of the main form of a page: fields as they stand, one button pressed."""

from collections.abc import Mapping
from html.parser import HTMLParser


class TypedForm(HTMLParser):
    """Reads the fields of the form of a class; check boxes that are off send nothing."""

    def __init__(self, text: str, form_class: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._class, self._inside, self._select = form_class, False, ""
        self._options: list[tuple[str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field."""
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = self._class in found.get("class", "")
        elif self._inside and tag == "input" and "name" in found:
            if found.get("type") != "checkbox" or "checked" in found:
                self.pairs.append((found["name"], found.get("value", "")))
        elif self._inside and tag == "select":
            self._select, self._options = found["name"], []
        elif self._inside and tag == "option":
            self._options.append((found.get("value", ""), "selected" in found))

    def handle_endtag(self, tag: str) -> None:
        """Send what a list has chosen, else its first."""
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected]
            self.pairs.append((self._select, (chosen or [self._options[0][0]])[0]))
            self._select = ""
        elif tag == "form":
            self._inside = False

    def sent(self, changes: Mapping[str, str], do: str) -> dict[str, list[str]]:
        """Return what is sent when some fields are typed anew and a button is pressed."""
        made: dict[str, list[str]] = {}
        for name, value in self.pairs:
            made.setdefault(name, []).append(value)
        unknown = set(changes) - set(made)
        assert not unknown, f"the form has no {unknown}"
        return made | {name: [value] for name, value in changes.items()} | {"do": [do]}

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return next(value for each, value in self.pairs if each == name)
