"""Regimens as parts of a center's mix, and the command that says what it can hold."""

import pytest
from click.testing import CliRunner

from scheduler.cli import main
from scheduler.services.regimen_shares import share_of
from scheduler.services.regimens import shipped_regimens


def test_every_shipped_regimen_can_be_part_of_a_mix() -> None:
    shares = {rule.id: share_of(rule, 10) for rule in shipped_regimens()}

    assert shares["natalizumab-iv"].visits_a_year == pytest.approx(13, abs=0.1)
    assert shares["ocrelizumab-iv"].visits_a_year == pytest.approx(2)
    assert min(share.visits_a_year for share in shares.values()) > 0


def test_the_command_names_patients_and_what_binds_first() -> None:
    told = ["capacity", "plan", "--chairs", "4", "--nurses", "9", "--mix", "ocrelizumab-iv=100"]

    answer = CliRunner().invoke(main, told)

    assert answer.exit_code == 0
    assert "First to bind: chairs." in answer.output


def test_the_command_refuses_what_cannot_be() -> None:
    for nurses, mix, words in (
        ("-1", "ocrelizumab-iv=1", "not in the range"),
        ("2", "nothing=1", "no regimen of the formulary"),
    ):
        told = ["capacity", "plan", "--chairs", "4", "--nurses", nurses, "--mix", mix]
        answer = CliRunner().invoke(main, told)
        assert answer.exit_code != 0
        assert words in answer.output
