"""Addresses that come from outside: only paths of our own are followed."""

from urllib.parse import urlsplit


def own_path(path: str | None, otherwise: str) -> str:
    """Give back a path on this site, or the other one when it could lead away.

    Source: OWASP cheat sheet on unvalidated redirects.
    """
    if not path or len(path) > 300 or not path.startswith("/") or path.startswith(("//", "/\\")):
        return otherwise
    if any(ord(character) < 33 or ord(character) == 127 or character == "\\" for character in path):
        return otherwise
    parts = urlsplit(path)
    return otherwise if parts.scheme or parts.netloc else path
