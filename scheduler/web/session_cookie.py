"""The cookie of a signed-in browser: a secret whose hash the database holds."""

from werkzeug.wrappers import Response

from scheduler.services.sessions import ENDS_AFTER
from scheduler.web import context
from scheduler.web.gatekeepers import COOKIE


def give_cookie(answer: Response, secret: str) -> Response:
    """Set the cookie; scripts cannot read it and other sites cannot post with it."""
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(ENDS_AFTER.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=context.runtime().settings.public_url.startswith("https://"),
    )
    return answer


def take_cookie(answer: Response) -> Response:
    """Remove the cookie."""
    answer.delete_cookie(COOKIE)
    return answer
