"""The built wheel works away from the checkout: templates, migrations and static files are inside."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.architecture.sources import TOP, own_files
from tests.processes.running import running, until

pytestmark = pytest.mark.slow
BUILD = (sys.executable, "-m", "build", "-q", "--wheel", "--no-isolation", "-o")
CENTER = {
    "organization": "Cedar Hollow",
    "center": "Cedar Hollow infusion center",
    "mail-name": "Cedar Hollow",
    "zone": "America/Chicago",
    "hours": "Mon-Fri 7:30-17:30",
    "chairs": "3",
    "nurses": "Jo Rask, Lee Marsh",
    "phone": "(555) 010-0100",
    "phone-closed": "(555) 010-0199",
    "admin-name": "Pat Ortiz",
    "admin-email": "pat@clinic.example",
}


def run(*command: str | Path, cwd: Path = TOP) -> str:
    """Run a command that has to succeed, with a bare environment, and return what it says."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the wheel, and borrows the libraries of this one."""
    folder = tmp_path_factory.mktemp("wheel")
    run(*BUILD, folder)
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    # a path from a .pth file is not searched for further ones, so the checkout itself stays out
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    (wheel,) = folder.glob("*.whl")
    pip = (sys.executable, "-m", "pip", "--python", folder / "venv" / "bin" / "python")
    run(*pip, "install", "-q", "--no-index", "--no-deps", wheel)
    return folder / "venv" / "bin"


def test_the_wheel_holds_every_file_of_the_package(installed: Path) -> None:
    (package,) = installed.parent.glob("lib/python*/site-packages/scheduler")

    inside = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    suffixes = (".py", ".html", ".txt", ".css", ".js", ".svg", ".toml", ".md", ".mako")
    folders = {"scheduler": "", "templates": "templates", "migrations": "migrations"}
    expected = {
        Path(folders[path.relative_to(TOP).parts[0]], *path.relative_to(TOP).parts[1:])
        for path in own_files(*suffixes)
        if path.relative_to(TOP).parts[0] in folders
    }

    assert expected - inside == set()


def test_the_wheel_migrates_a_database_away_from_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    run(installed / "scheduler", "db", "upgrade", cwd=tmp_path)

    said = run(installed / "scheduler", "db", "check", cwd=tmp_path)

    assert "revision" in said


def test_a_center_is_set_up_and_served_away_from_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    answers = [f"--{name}={value}" for name, value in CENTER.items()]
    said = run(installed / "scheduler", "init", *answers, cwd=tmp_path)

    with running(tmp_path, "run", program=[str(installed / "scheduler")]) as started:
        until(lambda: started.get("/healthz")[0] == 200)
        link = next(word for word in said.split() if "/invitation/" in word)
        invitation = started.get("/invitation/" + link.rsplit("/", 1)[1])
        style = started.get("/static/css/tokens.css")

    assert invitation[0] == 200
    assert style[0] == 200
    assert {path.name for path in (tmp_path / "instance").iterdir()} >= {"keys", "scheduler.db"}
