"""A local regimen changed in a form: tables added and taken out without a script, nothing typed lost, faults at their field."""

import re
import tomllib
from dataclasses import dataclass

import pytest

from scheduler.domain.grammar_schema import schema
from scheduler.domain.regimen_text import toml_of
from scheduler.domain.roles import Role
from scheduler.paths import resource_dir
from scheduler.web.desk.regimen_form import from_document, to_document
from tests.web.desk_person import Desk, found
from tests.web.typed_form import TypedForm


@dataclass
class Copying:
    """A pharmacist at the form of a copy."""

    desk: Desk
    at: str
    text: str

    def press(self, do: str, status: int = 200, /, **typed: str) -> "Copying":
        """Type into fields (an underscore pair stands for a point) and press a button."""
        changes = {name.replace("__", "."): value for name, value in typed.items()}
        form = TypedForm(self.text, "regimen-form").sent(changes, do)
        answer = self.desk.post(self.at, status, **form)
        self.text = answer.text if status != 303 else self.desk.get(answer.headers["Location"])
        return self

    def value(self, name: str) -> str:
        """Return what stands in a field now."""
        return TypedForm(self.text, "regimen-form").value(name)

    def names(self, start: str) -> list[str]:
        """Return the names of fields that begin so."""
        pairs = TypedForm(self.text, "regimen-form").pairs
        return [name for name, _ in pairs if name.startswith(start)]


@pytest.fixture
def copying(desk: Desk) -> Copying:
    version = found(r"/formulary/([0-9a-f-]{36})", desk.get("/formulary?find=tysabri"))
    at = f"/formulary/{version}/copy"
    return Copying(desk=desk, at=at, text=desk.browser.get(at).text)


def test_the_form_shows_what_the_file_says(copying: Copying) -> None:
    assert copying.value("id") == "local-natalizumab-iv"
    assert copying.value("phase.0.every") == "P4W"
    assert copying.value("phase.0.min_gap.0.basis") == "practice"
    assert copying.value("product.1.rems_enrols") == "patient, prescriber, site"
    assert copying.value("requirement.3.not_within.0.key") == "plasma-exchange"


def test_a_changed_field_is_saved_as_a_draft_and_an_unchanged_copy_is_refused(
    copying: Copying,
) -> None:
    assert "Nothing differs" in copying.press("save", 422).text

    text = copying.press("save", 303, phase__0__every="P5W").text

    assert "every 5 weeks" in text
    assert "draft" in text


@pytest.mark.slow
def test_a_new_phase_with_weight_bands_is_added_in_the_form(copying: Copying) -> None:
    copying.press("add:phase", phase__0__review_gap="P20W")
    copying.press("add:phase.2.amount", phase__2__id="bridge", phase__2__kind="maintenance")
    copying.press("add:phase.2.amount.0.tiers", phase__2__anchor="maintenance.last")
    copying.press("add:phase.2.amount.0.tiers", phase__2__amount__0__tiers__0__value="300")
    text = copying.press(
        "save",
        303,
        phase__2__every="P8W",
        phase__2__first="P8W",
        phase__2__trigger="clinical",
        phase__2__amount__0__unit="mg",
        phase__2__amount__0__tiers__0__kg_to="80",
        phase__2__amount__0__tiers__1__value="450.5",
        phase__2__amount__0__tiers__1__kg_above="80",
    ).text

    assert "every 8 weeks" in text
    assert "450.5 mg above 80 kg" in text
    assert "more than 20 weeks since the last dose" in text  # typed before the first press


@pytest.mark.slow
def test_a_new_requirement_and_its_source_are_added_in_the_form(copying: Copying) -> None:
    copying.press("add:requirement")
    copying.press(
        "add:sources",
        requirement__6__id="cbc",
        requirement__6__what="CBC",
        requirement__6__before="each",
        requirement__6__max_age="P30D",
    )
    n = len(copying.names("sources.")) // 2 - 1
    typed = {f"sources__{n}__key": "L1", f"sources__{n}__value": "Our protocol 7"}
    copying.press("add:source", **typed)
    n = len(copying.names("source.")) // 2 - 1
    typed = {f"source__{n}__key": "cbc", f"source__{n}__value": "L1"}
    text = copying.press("save", 303, **typed).text

    assert "at most 30 days old" in text
    assert "Our protocol 7" in text


@pytest.mark.slow
def test_what_is_taken_out_is_gone_and_the_rest_stays(copying: Copying) -> None:
    before = len(copying.names("product."))
    copying.press("remove:product.0", title="Natalizumab of our own")

    assert len(copying.names("product.")) == before // 2
    assert copying.value("product.0.name") == "Tyruko"
    copying.press("remove:phase.0.min_gap.0", product__0__biosimilar_of="")
    copying.press("remove:requirement.3.not_within.1")
    text = copying.press("save", 303).text

    assert "Natalizumab of our own" in text
    assert text.count("Not before") == 1  # the heading of a column
    assert "ivig" not in text


@pytest.mark.slow
def test_a_phase_moves_up_and_down_with_all_that_was_typed_in_it(copying: Copying) -> None:
    copying.press("add:phase")
    typed = {"phase__2__id": "bridge", "phase__2__kind": "maintenance", "phase__2__offsets": "P0D"}
    copying.press("up:phase.2", **typed)

    ids = [copying.value(f"phase.{n}.id") for n in range(3)]
    assert ids[1] == "bridge"
    assert copying.value("phase.1.offsets") == "P0D"
    assert 'id="f-phase-1" tabindex="-1" data-behaviour="focus"' in copying.text
    copying.press("down:phase.1")
    assert [copying.value(f"phase.{n}.id") for n in range(3)] == [ids[0], ids[2], "bridge"]


@pytest.mark.slow
def test_a_phase_that_comes_before_what_it_counts_from_is_put_right_by_moving_it(
    copying: Copying,
) -> None:
    copying.press("add:phase")
    typed = {"phase__2__id": "bridge", "phase__2__kind": "maintenance", "phase__2__every": "P8W"}
    typed |= {"phase__2__first": "P8W", "phase__0__anchor": "bridge.1", "phase__2__anchor": "start"}
    assert "put bridge first" in copying.press("save", 422, **typed).text

    copying.press("up:phase.2")
    copying.press("up:phase.1")

    assert "put bridge first" not in copying.press("save", 303).text


def test_the_first_row_has_no_button_up_and_the_last_none_down(copying: Copying) -> None:
    last = len([name for name in copying.names("phase.") if name.endswith(".anchor")]) - 1

    assert 'value="down:phase.0"' in copying.text
    assert 'value="up:phase.0"' not in copying.text
    assert f'value="up:phase.{last}"' in copying.text
    assert f'value="down:phase.{last}"' not in copying.text
    copying.press("up:phase.0", 404)
    copying.press(f"down:phase.{last}", 404)


@pytest.mark.family
@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"phase__0__every": "every five weeks"}, "phase.0.every", "is not a span"),
        ({"visit__0__infusion": "an hour"}, "visit.0.infusion", "is not of the right kind"),
        ({"phase__0__anchor": "loading.1"}, "phase.0.anchor", "does not exist"),
        ({"phase__1__id": "maintenance"}, "phase.1.id", "there are two of the name"),
        ({"id": "natalizumab-iv"}, "id", "An id of your own begins with local-"),
        ({"route": ""}, "route", "it is missing"),
        ({"monitor__0__until": "for ever"}, "monitor.0.until", "is none of open"),
        ({"phase__0__window__0__late": "P30D"}, "phase.0.window.0", "wider than its interval"),
        ({"source__0__value": "S99"}, "source.0.key", "is not among the sources"),
        ({"source__1__key": "schedule"}, "source.0.key", "there are two of the name schedule"),
    ],
)
def test_what_the_loader_refuses_is_said_beside_the_field_and_stays(
    copying: Copying, typed: dict[str, str], field: str, says: str
) -> None:
    copying.press("save", 422, **typed)

    place = f"f-{field.replace('.', '-')}"
    beside = copying.text.split(f'id="{place}-error"')
    assert len(beside) == 2, copying.text
    assert says in beside[1].split("</p>")[0].replace("&#39;", "'")
    assert f'href="#{place.removesuffix("-key")}"' in copying.text
    for name, value in typed.items():
        assert copying.value(name.replace("__", ".")) == value


def test_an_empty_new_table_is_refused_by_what_is_missing_in_it(copying: Copying) -> None:
    copying.press("add:vaccine")

    assert "f-vaccine-0-" in copying.press("save", 422).text
    assert "it is missing" in copying.text


@pytest.mark.parametrize(
    "do",
    ["add:nonsense", "add:title", "add:phase.9.window", "remove:phase.9", "remove:phase", "add:"],
)
def test_a_button_for_something_that_is_not_there_is_not_found(copying: Copying, do: str) -> None:
    copying.press(do, 404)


def test_one_table_of_a_kind_is_added_once(copying: Copying) -> None:
    copying.press("add:phase.1.run")
    copying.press("add:phase.1.run")

    assert len([name for name in copying.names("phase.1.run.") if name.endswith(".days")]) == 1


def test_only_a_pharmacist_sees_and_changes_the_form(copying: Copying) -> None:
    nurse = copying.desk.colleague(Role.NURSE)

    assert nurse.get(copying.at).status_code == 403
    assert nurse.post(copying.at, data={"do": "add:phase"}).status_code == 403
    assert copying.desk.browser.post(copying.at, data={"do": "save"}).status_code == 404


@pytest.mark.family
@pytest.mark.parametrize("typed", ["9" * 5000, "9" * 4000, "-5", "99999999", "١٢"])
def test_a_number_beyond_use_is_named_at_its_field(copying: Copying, typed: str) -> None:
    text = copying.press("save", 422, overhead__0__intake=typed).text

    assert 'aria-invalid="true"' in text
    assert typed in text


@pytest.mark.parametrize("row", ["9" * 5000, "٠", "²", "-1", ""])
def test_a_row_that_cannot_be_is_not_found(copying: Copying, row: str) -> None:
    copying.press(f"remove:phase.{row}", 404)
    copying.press(f"add:phase.{row}.windows", 404)


def test_a_copy_made_in_the_form_keeps_every_value_and_source_of_every_shipped_regimen() -> None:
    grammar = schema()
    for file in sorted((resource_dir("templates").parent / "scheduler/formulary").glob("*.toml")):
        document = tomllib.loads(file.read_text())

        copied = to_document(grammar, from_document(grammar, document))

        assert tomllib.loads(toml_of(copied)) == document, file.name


@pytest.mark.parametrize(
    ("typed", "said", "at"),
    [
        ({"phase.0.every": "P4X"}, "Phase maintenance, Interval: ", "phase.0.every"),
        (
            {"overhead.0.intake": "long"},
            "Around every visit, in minutes, Intake: ",
            "overhead.0.intake",
        ),
        ({"phase.0.window.0.late": "P9W"}, "Phase maintenance, Window: ", "phase.0.window.0.late"),
    ],
)
def test_a_refusal_names_the_place_as_the_page_does_and_marks_it(
    copying: Copying, typed: dict[str, str], said: str, at: str
) -> None:
    text = copying.press("save", 422, **typed).text

    assert text.count(said) == 2, "above the form, and beside the field"
    marked = [tag for tag in re.findall(r"<(?:input|select)[^>]*>", text) if "aria-invalid" in tag]
    assert any(f'name="{at}"' in tag for tag in marked)
    assert all("aria-describedby" in tag for tag in marked)
