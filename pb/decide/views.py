"""Stub."""
from flask import Blueprint
views = Blueprint("decide", __name__)
