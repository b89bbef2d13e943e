"""The sortition room's own corner of the app."""

from flask import Blueprint

views = Blueprint("sortition", __name__)
