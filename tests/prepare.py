"""Set up what the whole suite needs and this machine lacks: Chromium from Debian's packages."""

import os
import shutil
import subprocess
import sys

NEEDED = "The browser tests need Chromium: apt-get install chromium"


def main() -> int:
    """Make sure that Chromium is there; say in one line what to install when it cannot be."""
    if not shutil.which("chromium") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium from Debian's packages ...", flush=True)  # noqa: T201 - a command
        for arguments in (["update"], ["install", "-y", "chromium"]):
            subprocess.run(
                ["apt-get", "-q", *arguments],
                check=False,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    if shutil.which("chromium"):
        return 0
    print(NEEDED, file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
