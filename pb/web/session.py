"""Sessions that outlive a clock that was set back."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class PatientSigner(TimestampSigner):
    """Sign like the library's own, but do not call something expired because it was signed later than now.

    A server's clock can be set back in mid-evening; nobody may be logged out by that.
    """

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """Check the signature, and the age unless that is below nothing. Raises: BadSignature."""
        check: Callable[..., Any] = super().unsign
        try:
            return check(signed_value, max_age=max_age, return_timestamp=return_timestamp)
        except SignatureExpired as error:
            if error.date_signed is None or error.date_signed <= self.timestamp_to_datetime(
                self.get_timestamp()
            ):
                raise
            return check(signed_value, return_timestamp=return_timestamp)


class PatientSessions(SecureCookieSessionInterface):
    """Keep sessions in signed cookies, as Flask does, with a signer that a wrong clock does not upset."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Give what signs and reads the cookie."""
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = PatientSigner
        return made


def keep_sessions(app: Flask) -> None:
    """Let the app keep its sessions this way."""
    app.session_interface = PatientSessions()
