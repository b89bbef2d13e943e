"""Headers on every answer: a strict content policy, nothing sniffed, framed or kept by accident."""

from flask import Flask, Response, request

PLAYERS = "https://www.youtube-nocookie.com https://player.vimeo.com"


def set_headers(app: Flask, peertube_hosts: frozenset[str], *, https: bool) -> None:
    """Put the headers on every answer of the app."""
    players = " ".join([PLAYERS, *(f"https://{host}" for host in sorted(peertube_hosts))])
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; manifest-src 'self'; frame-src {players}; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )

    @app.after_request
    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
