"""Set up what the whole suite needs and this machine lacks: Chromium and what drives it, from Debian's packages."""

import os
import shutil
import subprocess
import sys

from playwright._impl._driver import compute_driver_executable

PACKAGES = ("chromium", "libatomic1")
NEEDED = f"The browser tests need Chromium: apt-get install {' '.join(PACKAGES)}"


def main() -> int:
    """Make sure that Chromium can be driven; say in one line what to install when it cannot be."""
    if not ready() and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium from Debian's packages ...", flush=True)  # noqa: T201 - a command
        for arguments in (["update"], ["install", "-y", *PACKAGES]):
            subprocess.run(
                ["apt-get", "-q", *arguments],
                check=False,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    if ready():
        return 0
    print(NEEDED, file=sys.stderr)  # noqa: T201
    return 1


def ready() -> bool:
    """Say whether Chromium is there, and whether Playwright's driver finds the libraries it is linked to."""
    driver = compute_driver_executable()[0]
    asked = subprocess.run([driver, "--version"], check=False, capture_output=True)
    return bool(shutil.which("chromium")) and asked.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
