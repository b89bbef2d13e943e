"""The inviting room: what is asked, letters, saying yes."""

from pb.inviting.views import (
    appeal,
    by_phone,
    coming,
    features,
    features_edit,
    kerncijfers,
    letters,
    mine,
    network,
    network_list,
    saying,
)
from pb.inviting.views.blueprint import views

__all__ = [
    "appeal",
    "by_phone",
    "coming",
    "features",
    "features_edit",
    "kerncijfers",
    "letters",
    "mine",
    "network",
    "network_list",
    "saying",
    "views",
]
