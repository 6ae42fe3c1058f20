"""Every text that somebody types is looked at before it is stored, whatever page takes it."""

import re

from scheduler.paths import resource_dir

READ = re.compile(r"""request\.form\.get\(f?["']([^"']*)["']""")
NO_TEXT = {
    "answer", "back", "correct", "day", "do", "dose", "id", "item", "mode", "month", "moves", "more",
    "name", "next_try_on", "nurse", "one", "outcome", "read_as", "save", "seen", "step", "sure", "take", "value",
    "version", "visit", "year",
}  # fmt: skip
LOOKED_AT_ELSEWHERE = {
    "document": "services/regimen_approval.py",
    "password": "never stored, only its hash",
    "q": "searched for, never stored",
}


def test_no_page_reads_a_typed_text_past_the_check() -> None:
    pages = (resource_dir("templates").parent / "scheduler" / "web").rglob("*.py")

    read = {name for page in pages for name in READ.findall(page.read_text())}

    assert read - NO_TEXT - set(LOOKED_AT_ELSEWHERE) == set()
