"""A key is known again by another process, whatever order sets have there."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
from dataclasses import dataclass
from enum import StrEnum
from scheduler.services.idempotency import _hash


class Need(StrEnum):
    BED = "bed"
    LIFT = "lift"


@dataclass(frozen=True)
class Wish:
    names: frozenset
    nested: tuple


names = frozenset("Monday Tuesday Wednesday Thursday Friday".split())
print(_hash(Wish(names, ({"b": names, "a": frozenset(Need)},))).hex())
"""


def hashed(seed: int) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    return subprocess.check_output([sys.executable, "-c", PROGRAM], env=environment, text=True)


@pytest.mark.slow
def test_a_request_has_the_same_hash_in_every_process() -> None:
    assert len({hashed(seed) for seed in (1, 2, 3)}) == 1
