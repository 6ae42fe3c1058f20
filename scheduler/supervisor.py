"""One command for one machine: web and worker as child processes, a dead one started again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY = 20.0
STOP_WITHIN = 10.0
LOOK_EVERY = 0.1


def command_line(name: str) -> list[str]:
    """Return how a child is started: the same program, told who looks after it."""
    return [sys.executable, "-m", "scheduler.cli", name, f"--supervised-by={os.getpid()}"]


@dataclass
class Child:
    """A child process, when it was started, and how long to wait before the next start (seconds)."""

    name: str
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    start_at: float = 0.0
    pause: float = SHORTEST_PAUSE

    @property
    def is_running(self) -> bool:
        """Whether the process is there and has not ended."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps child processes running until SIGTERM, SIGINT or SIGHUP, then stops them all.

    Args:
        environment: The children's variables.
        names: The children.
        command: How a child is started, by its name.
    """

    def __init__(
        self,
        environment: dict[str, str],
        *,
        names: tuple[str, ...] = ("web", "worker"),
        command: Callable[[str], list[str]] = command_line,
    ) -> None:
        self._environment = environment
        self._command = command
        self._children = [Child(name) for name in names]
        self._stopping = False

    def run(self) -> int:
        """Supervise until told to stop; return the exit code, 1 when a child had to be killed."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        while not self._stopping:
            for child in self._children:
                self._look_after(child, time.monotonic())
            time.sleep(LOOK_EVERY)
        return self._end_all()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _look_after(self, child: Child, now: float) -> None:
        if child.is_running:
            if now - child.started > STEADY:
                child.pause = SHORTEST_PAUSE
            return
        if child.process is not None:
            self._plan_restart(child, child.process.returncode, now)
        if now >= child.start_at:
            self._start(child, now)

    def _plan_restart(self, child: Child, code: int, now: float) -> None:
        say(f"{child.name} ended ({code}); starting it again in {child.pause:g} s.")
        child.process, child.start_at = None, now + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _start(self, child: Child, now: float) -> None:
        # a session of its own: Ctrl-C reaches the supervisor alone, which stops its children in order
        child.process = subprocess.Popen(  # noqa: S603 - our own program
            self._command(child.name), env=self._environment, start_new_session=True
        )
        child.started = now

    def _end_all(self) -> int:
        running = [c.process for c in self._children if c.process is not None and c.is_running]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        return max([_end(process, deadline) for process in running], default=0)


def _end(process: "subprocess.Popen[bytes]", deadline: float) -> int:
    try:
        process.wait(max(LOOK_EVERY, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return 1
    return 0


def end_with(supervisor: int | None) -> None:
    """Stop this process when its supervisor is gone, killed or not; for children only.

    Args:
        supervisor: The process id of the supervisor; None when there is none.
    """
    if supervisor is not None:
        threading.Thread(target=_watch, args=(supervisor,), daemon=True).start()


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def say(sentence: str) -> None:
    """Write a line to the terminal at once."""
    print(sentence, flush=True)  # noqa: T201 - the supervisor's only voice
