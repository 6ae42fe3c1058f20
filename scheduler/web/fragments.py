"""One address, two answers: the whole page, or the part of it that a script swaps in."""

from flask import Response, make_response, render_template, request

FRAGMENT = "text/vnd.fragment+html"


def wants_fragment() -> bool:
    """Say whether the part alone was asked for."""
    return FRAGMENT in request.headers.get("Accept", "")


def page(
    template: str, *, fragment: str = "", status: int = 200, etag: str = "", **context: object
) -> Response:
    """Render a page, or its part when that was asked for.

    Args:
        template: The page; it includes the part.
        fragment: The part's template; a page without one is always answered whole.
        status: Of the answer.
        etag: What the answer depends on; see ``not_modified``.
        context: For both templates.
    """
    part = bool(fragment) and wants_fragment()
    answer = make_response(render_template(fragment if part else template, **context), status)
    if part:
        answer.mimetype = FRAGMENT
    if etag:
        answer.set_etag(etag)
    answer.vary.update(("Accept", "Cookie"))
    return answer


def not_modified(etag: str) -> Response | None:
    """Return the answer 304 when the asker has this state already, else None.

    Ask before the page is computed: ``if answer := not_modified(etag): return answer``.
    """
    if not request.if_none_match.contains(etag):
        return None
    answer = make_response("", 304)
    answer.set_etag(etag)
    return answer
