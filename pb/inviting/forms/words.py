"""The words of questions that came ready with the house, in the language of whoever reads them."""

from flask_babel import gettext

from pb.inviting.rules.asking_ready import OUR_TEXTS


def in_language(text: str) -> str:
    """Give a ready text in the language of the page; what staff typed or changed stays as they typed it."""
    return gettext(text) if text in OUR_TEXTS else text
