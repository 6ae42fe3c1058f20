"""No page without a gatekeeper."""

from pathlib import Path

from flask import Flask

from scheduler.app import AUDIENCES, create_app
from scheduler.persistence.database import Database
from scheduler.web import gatekeepers
from tests.web.conftest import make_settings

PUBLIC = {"static", "bootstrap.static"}
FOR_EVERYBODY = {
    "public.ping",
    "public.healthz",
    "public.sign_in",
    "public.sign_in_now",
    "public.invitation",
    "public.accept",
}
GATES = {
    "public": gatekeepers.public_gate,
    "account": gatekeepers.account_gate,
    "desk": gatekeepers.desk_gate,
    "admin": gatekeepers.manager_gate,
    "patient": gatekeepers.link_gate,
    "api": gatekeepers.api_gate,
}


def build(database: Database, folder: Path) -> Flask:
    return create_app(make_settings(folder), database)


def test_every_route_belongs_to_an_audience_with_a_gatekeeper(
    sqlite_database: Database, tmp_path: Path
) -> None:
    app = build(sqlite_database, tmp_path)
    kept = {name for name in app.before_request_funcs if name is not None}

    open_doors = {
        endpoint
        for endpoint in app.view_functions
        if endpoint not in PUBLIC and endpoint.split(".")[0] not in kept
    }

    assert open_doors == set()


def test_every_audience_has_its_own_gatekeeper(sqlite_database: Database, tmp_path: Path) -> None:
    app = build(sqlite_database, tmp_path)

    first = {name: app.before_request_funcs[name][0] for name in AUDIENCES}

    assert first == GATES


def test_what_everybody_may_open_is_listed(sqlite_database: Database, tmp_path: Path) -> None:
    app = build(sqlite_database, tmp_path)

    public = {endpoint for endpoint in app.view_functions if endpoint.startswith("public.")}

    assert public <= FOR_EVERYBODY


def test_every_page_behind_a_link_names_the_link(sqlite_database: Database, tmp_path: Path) -> None:
    app = build(sqlite_database, tmp_path)

    nameless = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("patient.") and "secret" not in rule.arguments
    }

    assert nameless == set()
