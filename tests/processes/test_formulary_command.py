"""``scheduler formulary``: files are checked, the grammar is printed, and two files are compared in words."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.cli import main
from scheduler.domain.roles import Role
from scheduler.persistence.database import Database
from scheduler.services.formulary_files import SHIPPED
from scheduler.services.local_regimens import SaveLocal, save_local, text_to_copy
from tests.factories.people import NOW, make_actor, make_organization, make_regimens, version_of
from tests.factories.regimen_file import FICTIONAL, changed
from tests.processes.test_settings import GOOD


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["formulary", *arguments])


def test_the_shipped_files_are_regimens() -> None:
    result = run("check")

    assert result.exit_code == 0
    assert result.output.count(".toml: version ") == len(list(SHIPPED.glob("*.toml")))
    assert "from memory, verify" in result.output
    assert "choose gap_from" in result.output


def test_a_local_folder_is_checked_too_and_a_refusal_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(FICTIONAL, encoding="utf-8")
    good = run("check", str(tmp_path))
    broken = changed('late = "P7D", basis = "policy"', 'late = "P7D"')
    (tmp_path / "broken.toml").write_text(broken, encoding="utf-8")

    refused = run("check", str(tmp_path))

    assert (good.exit_code, refused.exit_code) == (0, 1)
    assert "good.toml: version 1, draft" in refused.output
    assert (
        f"{tmp_path}/broken.toml, line 37: phase maintenance.window.basis: it is missing.\n"
        in refused.output
    )
    assert refused.output.endswith("1 refused\n")


def test_the_schema_is_printed_for_editors() -> None:
    printed = json.loads(run("schema").output)

    assert printed["properties"]["phase"]["items"]["properties"]["reanchor"]["enum"] == [
        "never",
        "outside_window",
        "always",
    ]
    assert {"id", "ingredient", "source", "overhead"} <= set(printed["required"])


def test_two_files_are_compared_in_words(tmp_path: Path) -> None:
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(FICTIONAL, encoding="utf-8")
    text = changed('value = "P6W"', 'value = "P7W"').replace("[100, 400]", "[100]")
    new.write_text(text.replace('regions = ["US", "EU"]', 'regions = ["US"]'), encoding="utf-8")

    assert run("diff", str(old), str(new)).output.splitlines() == [
        "Regions: gone, it was EU.",
        "Fictor: vials of 100 instead of vials of 100, 400.",
        "Maintenance, Not before: 7 weeks after the last given dose [practice, S1] instead of"
        " 6 weeks after the last given dose [practice, S1].",
    ]
    assert run("diff", str(old), str(old)).output == "Both say the same.\n"


def test_shipped_regimens_are_compared_by_id_and_an_unknown_one_is_a_sentence() -> None:
    both, unknown = (
        run("diff", "ocrelizumab-iv", "ocrelizumab-sc"),
        run("diff", "x", "ocrelizumab-sc"),
    )

    assert "Maintenance, Amount: 920 mg" in both.output
    assert (unknown.exit_code, unknown.stderr) == (
        2,
        "x: it is neither a file nor the id of a shipped regimen nor a stored ID@VERSION.\n",
    )


def stored_in(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    *,
    organization: str,
    weeks: tuple[int, ...],
) -> None:
    """Store a local regimen in versions that differ in their interval; the command reads that database."""
    for name, value in {**GOOD, "DATABASE_URL": database.url}.items():
        monkeypatch.setenv(name, value)
    make_regimens(database)
    uow = database.write(make_organization(database, name=organization))
    with uow:
        source = version_of(uow, "natalizumab-iv")
    text = text_to_copy(uow, source)
    for every in weeks:
        wanted = SaveLocal(copied_from=source, text=text.replace('"P4W"', f'"P{every}W"', 1))
        save_local(uow, wanted, now=NOW, actor=make_actor(Role.PHARMACIST))


def test_stored_versions_of_an_organization_are_compared_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_in(database, monkeypatch, organization="Lakeside", weeks=(5, 6))

    own = run("diff", "local-natalizumab-iv@1", "local-natalizumab-iv@2")
    shipped = run("diff", "natalizumab-iv", "local-natalizumab-iv@1")

    assert "every 6 weeks" in own.output
    assert "instead of" in own.output
    assert "every 5 weeks" in own.output
    assert "Regimen: local-natalizumab-iv instead of natalizumab-iv." in shipped.output


def test_a_version_that_is_not_stored_here_is_refused_with_those_that_are(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_in(database, monkeypatch, organization="Lakeside", weeks=(5,))
    make_organization(database, name="Hillside")

    unknown = run(
        "diff", "local-natalizumab-iv@1", "local-natalizumab-iv@9", "--organization", "Lakeside"
    )
    foreign = run("diff", "local-natalizumab-iv@1", "natalizumab-iv", "--organization", "Hillside")
    unsaid = run("diff", "local-natalizumab-iv@1", "natalizumab-iv")

    assert unknown.exit_code == foreign.exit_code == 2
    assert "There are local-natalizumab-iv@1." in unknown.stderr
    assert "local-natalizumab-iv@1: it is neither" in foreign.stderr
    assert "Name one with --organization" in unsaid.stderr
