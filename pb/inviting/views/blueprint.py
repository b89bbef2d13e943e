"""The inviting room's own corner of the app."""

from flask import Blueprint

views = Blueprint("inviting", __name__)
