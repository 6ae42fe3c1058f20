"""The links of the desk's bar and of the person's menu: only pages that exist are shown."""

from collections.abc import Container, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    """One link of the bar or the menu; ``count`` 0 shows no number."""

    endpoint: str
    words: str
    icon: str = ""
    count: int = 0
    tone: str = ""
    current: bool = False
    post: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """What ``base.html`` reads as ``nav``."""

    links: tuple[NavLink, ...]
    account: tuple[NavLink, ...]


MAIN = (
    (
        "desk.day",
        "Day board",
        ("desk.day", "desk.visit", "desk.move", "desk.print_day", "desk.month"),
    ),
    ("desk.worklist", "Worklist", ("desk.worklist",)),
    (
        "desk.patients",
        "Patients",
        ("desk.patient", "desk.plan", "desk.order", "desk.find_", "desk.book_", "desk.new_order"),
    ),
    ("desk.formulary", "Formulary", ("desk.formulary", "desk.regimen")),
    ("desk.messages", "Messages", ("desk.messages", "desk.outbox")),
    ("desk.reports", "Reports", ("desk.report",)),
    ("admin.staff", "Staff", ("admin.staff", "admin.invite", "admin.member", "admin.reset")),
)
TONES = {"desk.worklist": "stop", "desk.messages": "wait"}
ACCOUNT = (
    NavLink(endpoint="desk.closures", words="Closures and absences", icon="cancelled"),
    NavLink(endpoint="desk.look_ahead", words="Weeks ahead", icon="watch"),
    NavLink(endpoint="desk.replan", words="Days to put right", icon="clock"),
    NavLink(endpoint="desk.rearrange", words="Rearrange a day", icon="move"),
    NavLink(endpoint="admin.center", words="Center set-up", icon="settings"),
    NavLink(endpoint="admin.capacity", words="What a center can hold", icon="chair"),
    NavLink(endpoint="account.settings", words="Password and settings", icon="settings"),
    NavLink(endpoint="account.lock", words="Lock", icon="lock", post=True),
    NavLink(endpoint="account.sign_out", words="Sign out", icon="out", post=True),
)


def navigation(known: Container[str], *, current: str, counts: Mapping[str, int]) -> Navigation:
    """Build the navigation.

    Args:
        known: Endpoints that the app has and the person may open.
        current: The request's endpoint; its section is marked.
        counts: Numbers beside a link, by endpoint ("desk.worklist", "desk.messages").
    """
    links = tuple(
        NavLink(
            endpoint=endpoint,
            words=words,
            count=counts.get(endpoint, 0),
            tone=TONES.get(endpoint, ""),
            current=current.startswith(section),
        )
        for endpoint, words, section in MAIN
        if endpoint in known
    )
    return Navigation(
        links=links, account=tuple(link for link in ACCOUNT if link.endpoint in known)
    )
