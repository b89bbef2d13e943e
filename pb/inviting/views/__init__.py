"""The inviting room: what is asked, letters, saying yes."""

from pb.inviting.views.blueprint import views

__all__ = ["views"]
