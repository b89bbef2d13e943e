"""The inviting room's own corner of the app."""

from flask import Blueprint

from pb.inviting.forms.words import in_language, is_ours
from pb.inviting.queries.appeals import appeal_or_none
from pb.inviting.queries.asking import Asking, asking
from pb.web.clock import today
from pb.web.transaction import reading

views = Blueprint("inviting", __name__)
views.add_app_template_filter(in_language, "in_language")
views.add_app_template_filter(is_ours, "is_ours")
views.add_app_template_test(is_ours, "is_ours")


@views.app_template_global("has_appeal")
def has_appeal(round_id: int) -> bool:
    """Tell an empty panel whether people were asked to join it."""
    with reading() as session:
        return appeal_or_none(session, round_id=round_id) is not None


@views.app_template_global("people_asked")
def people_asked() -> Asking:
    """Tell the pages that lead people in whether somebody may have a letter in hand."""
    with reading() as session:
        return asking(session, today=today())
