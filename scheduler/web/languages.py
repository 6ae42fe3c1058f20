"""English and Spanish: catalogs read from their text files, the person's language chosen per request."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale

from scheduler.paths import PACKAGE
from scheduler.web import context

LANGUAGES = {"en": "English", "es": "Español"}
CATALOGS = PACKAGE / "translations"


class TextCatalogs(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Reads ``translations/<language>.po`` itself, so that no compiled file has to be kept."""

    def get_translations(self) -> Translations:
        """Return the catalog of the request's language; of English an empty one."""
        locale = get_locale()
        return _catalog(locale.language if locale else "en")


@cache
def _catalog(language: str) -> Translations:
    file = CATALOGS / f"{language}.po"
    return _compiled(file) if file.is_file() else Translations()


def _compiled(file: Path) -> Translations:
    with file.open("rb") as text:
        catalog = read_po(text)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(fp=compiled)


def register(app: Flask) -> None:
    """Let templates and forms speak the request's language."""
    babel = Babel(app, default_locale="en", locale_selector=_chosen)
    babel.domain_instance = TextCatalogs()


def _chosen() -> str:
    wanted = context.language()
    return wanted if wanted in LANGUAGES else "en"
