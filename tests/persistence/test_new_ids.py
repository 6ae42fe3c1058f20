"""Ids: what was made later is above what was made before, however fast they follow each other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest

from scheduler.persistence.base import new_id

MANY = 20_000


def test_ids_are_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(MANY)]

    assert made == sorted(made)
    assert len(set(made)) == MANY


def test_an_id_says_what_kind_it_is_and_when_it_was_made() -> None:
    made = new_id()

    at = datetime.fromtimestamp((made.int >> 80) / 1000, UTC)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert abs(datetime.now(UTC) - at) < timedelta(seconds=5)


@pytest.mark.slow
def test_no_two_threads_get_the_same_id() -> None:
    def some(_: int) -> list[UUID]:
        return [new_id() for _ in range(MANY // 8)]

    with ThreadPoolExecutor(8) as threads:
        made = [one for several in threads.map(some, range(8)) for one in several]

    assert len({one.int >> 64 for one in made}) == MANY
