"""Links in mails: 256 secret bits of which only the hash is stored, and the addresses made of them."""

import base64
import hashlib
import secrets

SECRET_BYTES = 32


def new_secret() -> str:
    """Return a new secret of letters and digits only, so that no word can appear in it by chance."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode().rstrip("=").lower()


def secret_hash(secret: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def visit_link(base_url: str, secret: str) -> str:
    """Return the address of the patient's page."""
    return f"{base_url}/v/{secret}"


def stop_link(base_url: str, secret: str) -> str:
    """Return the address of the page that stops the mails."""
    return f"{base_url}/s/{secret}"
