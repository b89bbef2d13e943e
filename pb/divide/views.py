"""Stub."""
from flask import Blueprint
views = Blueprint("divide", __name__)
