"""Where the files are: in a checkout at its top, installed inside the package."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """Return the folder of templates or migrations, in a checkout or in the installed package."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


def instance_dir() -> Path:
    """Return the folder of the database, keys and outbox: ``instance`` of the checkout, else of the working folder."""
    checkout = PACKAGE.parent
    home = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return home / "instance"
