"""Fill the panel: invite, draw, remove, and make cards."""

from pb.panel.actions.draws import (
    DrawnAgain,
    DrawTerms,
    HeldDraw,
    draw_again,
    draw_seats,
    hold_draw,
    written,
)
from pb.panel.actions.lists import (
    forget_old_uploads,
    forget_persons,
    import_people,
    keep_choice,
    keep_upload,
)
from pb.panel.actions.seats import add_invited, add_person, new_card, remove_seat

__all__ = [
    "DrawTerms",
    "DrawnAgain",
    "HeldDraw",
    "add_invited",
    "add_person",
    "draw_again",
    "draw_seats",
    "forget_old_uploads",
    "forget_persons",
    "hold_draw",
    "import_people",
    "keep_choice",
    "keep_upload",
    "new_card",
    "remove_seat",
    "written",
]
