"""Series over many days: booked one by one near the optimum, planned anew at it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scheduler.bench.series import SeriesMeasured, measure_series
from scheduler.bench.series_draws import SeriesDraw, drawn_series, least, read_series
from scheduler.cli import main


def make_file(folder: Path) -> Path:
    """Write three series of five days: two on the third day, one that may go elsewhere."""
    rows = [
        {"slots": 8, "tolerance": 0, "ideal_days": [2]},
        {"slots": 4, "tolerance": 1, "ideal_days": [2]},
        {"slots": 4, "tolerance": 2, "ideal_days": [2, 4]},
    ]
    seeds = {"7": {"series": rows, "optimum": 8}}
    file = folder / "windows.json"
    file.write_text(json.dumps({"days": 5, "seeds": seeds}), encoding="utf-8")
    return file


def test_a_busiest_day_that_cannot_be_beaten_is_counted_from_the_windows(tmp_path: Path) -> None:
    (draw,) = read_series(make_file(tmp_path))

    assert least(draw.series) == 8
    assert least(draw.series[1:]) == 4


@pytest.fixture(scope="module")
def drawn() -> SeriesDraw:
    return drawn_series(5, count=120, days=30)


@pytest.mark.slow
def test_orders_that_are_entered_are_booked_nearer_the_optimum_than_unknown_ones(
    drawn: SeriesDraw,
) -> None:
    found, together = measure_series([drawn], 2)

    assert 1 <= found.replan_ratio <= found.online_ratio < found.unannounced_ratio
    assert found.replan_ratio <= 1.02
    assert (together.seed, together.online_ratio) == (0, found.online_ratio)


@pytest.mark.parametrize("by_name", [True, False])
def test_a_file_is_measured_by_path_or_by_its_name_in_a_folder(
    tmp_path: Path, *, by_name: bool
) -> None:
    (tmp_path / "series").mkdir()
    file = make_file(tmp_path / "series")
    asked = ["bench", "series", "--json", "--orders", "1", "--instance"]
    told = [*asked, "windows", "--data", str(tmp_path)] if by_name else [*asked, str(file)]

    result = CliRunner().invoke(main, told)

    assert result.exit_code == 0, result.output
    lines = [SeriesMeasured(**json.loads(line)) for line in result.output.splitlines()]
    assert [(line.seed, line.replan_ratio) for line in lines] == [(7, 1.0), (0, 1.0)]


def test_an_instance_that_is_not_there_is_named() -> None:
    result = CliRunner().invoke(main, ["bench", "series", "--instance", "nowhere"])

    assert result.exit_code == 1
    assert "There is no instance nowhere." in result.output
