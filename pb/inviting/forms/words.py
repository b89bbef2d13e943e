"""The words of questions that came ready with the house, in the language of whoever reads them."""

from flask_babel import gettext

from pb.inviting.rules.asking_ready import N_, OUR_TEXTS

# With what a draw writes in its list beside the features of a round.
_TOLD = OUR_TEXTS | {N_("bron"), N_("geloot"), N_("genodigd"), N_("zegt liever niet")}


def in_language(text: str) -> str:
    """Give a ready text in the language of the page; what staff typed or changed stays as they typed it."""
    return gettext(text) if text in _TOLD else text


def is_ours(text: str) -> bool:
    """Say whether a text is a ready one, which the page can give in each language."""
    return text in OUR_TEXTS
