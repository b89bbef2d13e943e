"""The inviting room's own corner of the app."""

from flask import Blueprint

from pb.inviting.forms.words import in_language

views = Blueprint("inviting", __name__)
views.add_app_template_filter(in_language, "in_language")
