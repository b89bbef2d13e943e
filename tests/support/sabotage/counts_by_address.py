"""An address may send only so many taps, as if it were one person."""

from flask import request

from pb.evening.views import phone
from pb.web.limits import Limit


class ByAddress(Limit):
    """Count whom the connection comes from."""

    def take(self, _key: str) -> bool:
        return super().take(str(request.remote_addr))


phone.taps = ByAddress(most=60, seconds=2)

from wsgi import app  # noqa: E402, F401
