"""A regimen of the organization's own: copied, changed as text that the loader checks, and seen by nobody else."""

import re
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from scheduler.domain.grammar import regimen_from_text
from scheduler.domain.roles import Role
from tests.web.conftest import SignedIn
from tests.web.desk_person import Desk, found


def copied(
    desk: Desk, words: str = "tysabri", name: str = "natalizumab-iv"
) -> tuple[str, list[str], list[str]]:
    """Return the address of a copy, and the heads and values of its lines."""
    version = found(r"/formulary/([0-9a-f-]{36})", desk.get(f"/formulary?find={words}"))
    text = desk.get(f"/formulary/{version}/copy?as=text")
    pairs = re.findall(
        r'name="head" value="([^"]*)">\s*(?:<div[^>]*><label.*?</label>)?<input[^>]*name="value" value="([^"]*)"',
        desk.browser.get(f"/formulary/{version}/copy?as=text").text,
        re.DOTALL,
    )
    assert f"local-{name}" in text
    return (
        f"/formulary/{version}/copy",
        [unescape(head) for head, _ in pairs],
        [unescape(value) for _, value in pairs],
    )


def line_of(heads: list[str], head: str) -> int:
    """Return the number of a line in the file, from 1."""
    return heads.index(head) + 1


def test_a_changed_copy_is_a_draft_of_this_organization_alone(
    desk: Desk, signed_in: SignedIn
) -> None:
    at, heads, values = copied(desk)
    values[line_of(heads, "every = ") - 1] = '"P5W"'

    made = desk.post(at, head=heads, value=values).headers["Location"]

    text = desk.get(made)
    assert "every 5 weeks" in text
    assert "draft" in text
    assert "our own" in desk.get("/formulary?find=natalizumab")
    stranger: FlaskClient = signed_in(Role.PHARMACIST)
    assert stranger.get(made).status_code == 404
    assert stranger.get(f"{made}/copy").status_code == 404
    assert "our own" not in stranger.get("/formulary?find=natalizumab").text


def test_a_draft_is_handed_out_as_a_file_that_the_loader_takes(
    desk: Desk, signed_in: SignedIn
) -> None:
    at, heads, values = copied(desk)
    values[line_of(heads, "every = ") - 1] = '"P5W"'
    made = desk.post(at, head=heads, value=values).headers["Location"]

    file = desk.browser.get(f"{made}/file")

    rule = regimen_from_text(file.text, file="local-natalizumab-iv.toml")
    assert (rule.id, rule.version) == ("local-natalizumab-iv", 1)
    assert 'filename="local-natalizumab-iv.toml"' in file.headers["Content-Disposition"]
    assert f"{made.rsplit('/', 1)[-1]}/file" in desk.get(made)
    assert signed_in(Role.PHARMACIST).get(f"{made}/file").status_code == 404


def test_what_the_loader_refuses_is_named_at_its_line_and_stays(desk: Desk) -> None:
    at, heads, values = copied(desk)
    line = line_of(heads, "every = ")
    values[line - 1] = '"every five weeks"'

    text = unescape(desk.post(at, 422, head=heads, value=values).text)

    assert f"Line {line}: " in text
    assert f'href="#line-{line}"' in text
    assert "every five weeks" in text
    assert 'aria-invalid="true"' in text


def test_a_copy_that_changes_nothing_and_an_id_of_somebody_else_are_refused(desk: Desk) -> None:
    at, heads, values = copied(desk)
    assert "Nothing differs" in desk.post(at, 422, head=heads, value=values).text

    values[line_of(heads, "id = ") - 1] = '"natalizumab-iv"'
    assert "begins with local-" in desk.post(at, 422, head=heads, value=values).text


@pytest.mark.slow
def test_further_tables_are_checked_like_the_rest(desk: Desk) -> None:
    at, heads, values = copied(desk)
    more = '[[requirement]]\nid = "cbc"\nwhat = "CBC"\nbefore = "each"\nmax_age = "P30D"'

    made = desk.post(at, head=heads, value=values, more=more).headers["Location"]

    assert "at most 30 days old" in desk.get(made)
    assert desk.post(at, 422, head=heads, value=values, more="[[nonsense]]").status_code == 422


def test_a_second_save_is_a_second_version(desk: Desk) -> None:
    at, heads, values = copied(desk)
    for weeks in (5, 6):
        values[line_of(heads, "every = ") - 1] = f'"P{weeks}W"'
        made = desk.post(at, head=heads, value=values).headers["Location"]

    text = desk.get(made)
    assert "version 2" in text
    assert "Compare with version 1" in text


def test_only_a_pharmacist_copies(desk: Desk) -> None:
    at, heads, values = copied(desk)
    nurse = desk.colleague(Role.NURSE)

    assert nurse.get(at).status_code == 403
    assert nurse.post(at, data={"head": heads, "value": values}).status_code == 403


def test_patients_go_on_under_a_new_version_when_somebody_accepts_it(desk: Desk) -> None:
    patient, _ = desk.plan()
    at, heads, values = copied(desk, "ocrevus iv", "ocrelizumab-iv")
    first = heads.index("first = ")
    values[first] = '"P7M"'
    made = desk.post(at, head=heads, value=values).headers["Location"]

    draft = desk.get(f"{made}/patients")
    assert "Zoë Ibáñez" in draft
    assert "all still fit" in draft
    assert "Version 1 is not signed yet" in draft
    assert 'name="one"' not in draft
    assert "Accept for" not in draft

    for item in re.findall(r'name="item" value="([^"]+)"', desk.get(made)):
        desk.post(f"{made}/confirm", item=item, document="Policy 7")
    desk.post(f"{made}/sign", document="Policy 7", do="approve")
    text = desk.get(f"{made}/patients")
    assert "not signed yet" not in text
    assert "Choose at least one patient" in desk.post(f"{made}/patients", 422).text
    plan = found(r'name="one" value="([0-9a-f]{32})"', text)
    desk.post(f"{made}/patients", one=plan)

    after = desk.get(f"{made}/patients")
    assert re.search(r"accepted by Jo Rask\d+ on Mar 17, 2026", after)
    history = desk.get(f"/plans/{UUID(plan)}/change")
    assert re.search(r"version accepted: .*, version 1; before: Ocrelizumab IV", history)
    assert "No running plan is under another version" in desk.get(f"{made}/patients")
    assert "Due 7 months after" in desk.get(f"/patients/{patient}")


def test_a_line_that_only_looks_like_the_version_does_not_pass_for_it(desk: Desk) -> None:
    at, heads, values = copied(desk)
    pairs = [
        (head, value)
        for head, value in zip(heads, values, strict=True)
        if not head.startswith(("version", "title = "))
    ]
    plain = "\n".join(head + value for head, value in pairs)
    texts = [f'title = """{n}\nversion = 1\n"""\n{plain}' for n in ("One", "Two")]

    answers = [desk.browser.post(at, data={"head": "", "value": "", "more": x}) for x in texts]

    assert [answer.status_code for answer in answers] == [303, 422]
    assert "id and version, each on a line of its own" in unescape(answers[1].text)


def test_brackets_within_brackets_are_refused_in_words(desk: Desk) -> None:
    at, _, _ = copied(desk)

    text = desk.post(at, 422, head="", value="", more="x = " + "[" * 5000).text

    assert "nested too deeply, or too large" in text
