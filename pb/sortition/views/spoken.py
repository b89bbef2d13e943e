"""Write numbers as people say them."""

from pb.panel.rules.contact import shown_phone


def spoken_phone(phone: str) -> str:
    """Write a Dutch number in groups; another one stays as it was typed."""
    return shown_phone(phone)
