"""Features that most rounds ask for, ready to add; the municipality can change every word.

Source: the ages, education and home language are those of the draw for G1000Schagen (2024); education in
three levels as Statistics Netherlands counts it.
"""

from typing import Final

from pb.inviting.rules.asking_features import NewFeature, NewValue


def _ready(name: str, question: str, why: str, *values: str) -> NewFeature:
    return NewFeature(name, question, why, "", tuple(NewValue(value) for value in values))


READY: Final = (
    _ready(
        "leeftijd", "Hoe oud ben je?", "Zodat jong en oud meebeslissen.",
        "16–29", "30–44", "45–59", "60–74", "75 en ouder",
    ),
    _ready(
        "geslacht", "Ben je een vrouw, een man of anders?", "Zodat vrouwen en mannen evenveel meebeslissen.",
        "vrouw", "man", "anders",
    ),
    _ready(
        "opleiding", "Wat is de hoogste school die je hebt afgemaakt?",
        "Zodat niet alleen mensen met een lange opleiding meebeslissen.",
        "basis, vmbo of mbo 1", "mbo 2-4, havo of vwo", "hbo of universiteit",
    ),
    _ready(
        "woning", "In wat voor huis woon je?", "Zodat huurders en kopers meebeslissen.",
        "sociale huur", "particuliere huur", "koop",
    ),
    _ready(
        "taal thuis", "Welke taal spreek je thuis?",
        "Zodat ook mensen meebeslissen die thuis een andere taal spreken.",
        "Nederlands", "Nederlands en een andere taal", "een andere taal",
    ),
    _ready("buurt", "In welke buurt woon je?", "Zodat alle buurten meebeslissen.", "", ""),
)  # fmt: skip
