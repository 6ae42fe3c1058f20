"""Passwords and secrets: argon2 for what people choose, plain hashes for what we draw."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from scheduler.domain.errors import InvalidError

SHORTEST = 12
LONGEST = 200
FEWEST_SIGNS = 5
SECRET_BYTES = 32

HASHER = PasswordHasher()
"""argon2id with the library's present costs."""


def hashed(password: str) -> str:
    """Return what is stored of a password; takes a tenth of a second, so never inside a transaction."""
    return HASHER.hash(password)


NOBODY = HASHER.hash(secrets.token_urlsafe())
"""Verified when there is no such person, so that the answer takes as long."""


def matches(password_hash: str, password: str) -> bool:
    """Say whether a password is the hashed one; as slow when there is none to compare with."""
    try:
        return HASHER.verify(password_hash or NOBODY, password[: LONGEST + 1])
    except (Argon2Error, InvalidHashError):
        return False


def require_good(password: str, *, name: str = "", email: str = "") -> None:
    """Refuse a password that is easy to guess.

    Raises:
        InvalidError: too short, too long, too few different signs, or the person's own name or address.
    """
    if len(password) < SHORTEST:
        raise InvalidError(
            f"The password needs at least {SHORTEST} characters; several words are good.",
            field="password",
        )
    if len(password) > LONGEST:
        raise InvalidError(f"The password can have at most {LONGEST} characters.", field="password")
    plain = password.casefold()
    own = {name.casefold().replace(" ", ""), email.casefold(), email.casefold().partition("@")[0]}
    if len(set(plain)) < FEWEST_SIGNS or plain.replace(" ", "") in own:
        raise InvalidError("This password is easy to guess; choose another.", field="password")


def new_secret() -> str:
    """Return 256 bits for a cookie, a link or a token."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_hash(secret: str) -> bytes:
    """Return what is stored of a secret; it is random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()
