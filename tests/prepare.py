"""Set up what the whole suite needs and this machine lacks: Chromium from Debian's packages."""

import os
import shutil
import subprocess
import sys


def main() -> int:
    """Make sure that Chromium is there; say in one line what to install when it cannot be."""
    if shutil.which("chromium"):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium from Debian's packages ...", flush=True)  # noqa: T201 - a command
        quiet = {"check": False, "stdout": subprocess.DEVNULL}
        subprocess.run(["apt-get", "update", "-q"], **quiet)  # type: ignore[call-overload]
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "install", "-y", "-q", "chromium"], env=environment, **quiet)  # type: ignore[call-overload]
    if shutil.which("chromium"):
        return 0
    print("The browser tests need Chromium: apt-get install chromium", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    sys.exit(main())
