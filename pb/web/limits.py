"""Count failures, so that guessing is slow; kept in memory only, and no address is stored."""

import hashlib
import ipaddress
import secrets
import threading
import time
from collections import deque

from flask import Flask, request

# What one household or phone has: whoever owns it can write every address in it.
IPV6_OWN = 64


def limit_forms(app: Flask) -> None:
    """Refuse a form without files as soon as it is longer than one part of a form with files may be."""

    @app.before_request
    def keep_small() -> None:
        if request.mimetype == "application/x-www-form-urlencoded":
            request.max_content_length = app.config["MAX_FORM_MEMORY_SIZE"]


def visitor_counted_as() -> str:
    """Name the visitor for a count of wrong codes."""
    return counted_as(request.remote_addr or "")


def counted_as(address: str) -> str:
    """Name whom an address belongs to: itself, or for IPv6 the part that one household has to itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), IPV6_OWN), strict=False))


class Limit:
    """Allow at most so many events per key within a number of seconds."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._events: dict[bytes, deque[float]] = {}
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()

    def reached(self, key: str) -> bool:
        """Say whether this key has had its share."""
        with self._lock:
            return len(self._recent(key)) >= self.most

    def count(self, key: str) -> None:
        """Count an event."""
        with self._lock:
            self._recent(key).append(time.monotonic())
            if len(self._events) > 10_000:
                self._events = {name: events for name, events in self._events.items() if self._fresh(events)}

    def forget(self) -> None:
        """Let everybody begin again."""
        with self._lock:
            self._events.clear()

    def forgive(self, key: str) -> None:
        """Take back the last event that was counted."""
        with self._lock:
            events = self._recent(key)
            if events:
                events.pop()

    def take(self, key: str) -> bool:
        """Count an event unless the share is used up; say whether it was counted."""
        with self._lock:
            events = self._recent(key)
            if len(events) >= self.most:
                return False
            events.append(time.monotonic())
            return True

    def _recent(self, key: str) -> deque[float]:
        name = hashlib.blake2b(key.encode(), key=self._salt, digest_size=16).digest()
        events = self._events.setdefault(name, deque(maxlen=self.most + 1))
        while events and not self._within(events[0]):
            events.popleft()
        return events

    def _fresh(self, events: deque[float]) -> bool:
        return bool(events) and self._within(events[-1])

    def _within(self, moment: float) -> bool:
        return time.monotonic() - moment < self.seconds
