"""Features that most rounds ask for, ready to add; the municipality can change every word.

Source: the ages, education and home language are those of the draw for G1000Schagen (2024); education in
three levels as Statistics Netherlands counts it.
"""

from typing import Final

from pb.inviting.rules.asking_features import NewFeature, NewValue


def N_(text: str) -> str:  # by this name the catalogue finds a text that is translated later
    """Mark a text that pages show in the language of whoever reads it."""
    return text


def _ready(name: str, question: str, why: str, *values: str) -> NewFeature:
    return NewFeature(name, question, why, "", tuple(NewValue(value) for value in values))


READY: Final = (
    _ready(
        N_("leeftijd"), N_("Hoe oud ben je?"), N_("Zodat jong en oud meebeslissen."),
        "16–29", "30–44", "45–59", "60–74", N_("75 en ouder"),
    ),
    _ready(
        N_("geslacht"), N_("Ben je een vrouw, een man of anders?"),
        N_("Zodat vrouwen en mannen evenveel meebeslissen."),
        N_("vrouw"), N_("man"), N_("anders"),
    ),
    _ready(
        N_("opleiding"), N_("Wat is de hoogste school die je hebt afgemaakt?"),
        N_("Zodat niet alleen mensen met een lange opleiding meebeslissen."),
        N_("basis, vmbo of mbo 1"), N_("mbo 2-4, havo of vwo"), N_("hbo of universiteit"),
    ),
    _ready(
        N_("woning"), N_("In wat voor huis woon je?"), N_("Zodat huurders en kopers meebeslissen."),
        N_("sociale huur"), N_("particuliere huur"), N_("koop"),
    ),
    _ready(
        N_("taal thuis"), N_("Welke taal spreek je thuis?"),
        N_("Zodat ook mensen meebeslissen die thuis een andere taal spreken."),
        N_("Nederlands"), N_("Nederlands en een andere taal"), N_("een andere taal"),
    ),
    _ready(N_("buurt"), N_("In welke buurt woon je?"), N_("Zodat alle buurten meebeslissen."), "", ""),
)  # fmt: skip

# Every text above as it stands here; whoever changes a word makes a text of their own.
OUR_TEXTS: Final = frozenset(
    text
    for feature in READY
    for text in (feature.name, feature.question, feature.why, *(value.name for value in feature.values))
    if text
)
