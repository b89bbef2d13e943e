"""The sortition room: what targets do, the draw and its proof, who said yes to a seat, replacements."""

from pb.sortition.views import calling, changes, desk, draws, mine, number, preview, privacy, proof, telling
from pb.sortition.views.blueprint import views

__all__ = [
    "calling",
    "changes",
    "desk",
    "draws",
    "mine",
    "number",
    "preview",
    "privacy",
    "proof",
    "telling",
    "views",
]
