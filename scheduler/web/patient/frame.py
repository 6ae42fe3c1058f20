"""What every patient page shares: its language, its frame, and that nothing looks for it or keeps it."""

from typing import Any

from flask import Response, request, url_for

from scheduler.web import context
from scheduler.web.fragments import page
from scheduler.web.gatekeepers import link
from scheduler.web.languages import LANGUAGES
from scheduler.web.patient import patient

# an address that takes only POST is shown again by another
SHOWN_BY = {
    "patient.check_birth_date": "patient.birth_date",
    "patient.answer": "patient.visit",
    "patient.stop_now": "patient.stop",
    "patient.not_mine": "patient.stop",
}


@patient.before_request
def speak() -> None:
    """Speak the language of the address, or else the contact's."""
    wanted = request.args.get("lang", "")
    context.speak(wanted if wanted in LANGUAGES else link().language)


@patient.url_defaults
def keep_language(_endpoint: str, values: dict[str, Any]) -> None:
    """Keep the language that was chosen from page to page."""
    wanted = request.args.get("lang", "")
    if wanted in LANGUAGES:
        values.setdefault("lang", wanted)


@patient.after_request
def hide(answer: Response) -> Response:
    """Keep the page out of every index."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def show(template: str, *, status: int = 200, **shown: Any) -> Response:
    """Render a patient page in its frame."""
    return page(template, status=status, secret=_secret(), **_frame(), **shown)


def _secret() -> str:
    return str((request.view_args or {}).get("secret", ""))


def _frame() -> dict[str, Any]:
    return {
        "neutral_name": link().neutral_name,
        "phone": link().phone,
        "language": context.language(),
        "other_language": _other_language(),
        "organization": {"is_demonstration": link().is_demonstration},
    }


def _other_language() -> dict[str, str]:
    code = "es" if context.language() == "en" else "en"
    endpoint = request.endpoint or "patient.visit"
    url = url_for(SHOWN_BY.get(endpoint, endpoint), secret=_secret(), lang=code)
    return {"words": LANGUAGES[code], "code": code, "url": url}
