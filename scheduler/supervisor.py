"""One command for one machine: web and worker as child processes, a dead one started again."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from scheduler.settings import Settings, child_environment

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 20.0
STOP_WITHIN = 10.0


@dataclass
class Child:
    """A child process and how long to wait before it is started again (seconds)."""

    command: str
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = field(default=SHORTEST_PAUSE)


class Supervisor:
    """Keeps web and worker running until SIGTERM or SIGINT, then stops both."""

    def __init__(self, settings: Settings, commands: tuple[str, ...] = ("web", "worker")) -> None:
        self._environment = child_environment(settings)
        self._children = [Child(command) for command in commands]
        self._stopping = False

    def run(self) -> int:
        """Supervise until told to stop; return the exit code."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        while not self._stopping:
            for child in self._children:
                self._look_after(child)
            time.sleep(0.1)
        self._end_all()
        return 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None and child.process.poll() is None:
            if now - child.started > STEADY:
                child.pause = SHORTEST_PAUSE
            return
        if child.process is not None:
            print(
                f"{child.command} ended ({child.process.returncode}); starting it again.",
                flush=True,
            )
            child.process, child.start_at = None, now + child.pause
            child.pause = min(child.pause * 2, LONGEST_PAUSE)
        if now >= child.start_at:
            command = [sys.executable, "-m", "scheduler.cli", child.command]
            # a session of its own: Ctrl-C reaches the supervisor alone, which stops its children in order
            child.process = subprocess.Popen(command, env=self._environment, start_new_session=True)  # noqa: S603
            child.started = now

    def _end_all(self) -> None:
        running = [c.process for c in self._children if c.process and c.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
