"""What the panel reads at home before an evening, on paper: the agenda, then one plan a page, film first."""

from collections.abc import Iterator

from flask import current_app
from flask_babel import gettext as _

from pb.core.money import euros
from pb.evening.queries import EveningFacts, ItemFacts
from pb.plans.rules.film import Film, Provider, film_page_url
from pb.plans.rules.plan import ApplicantType
from pb.rounds.queries import RoundFacts
from pb.web.i18n import language, long_day
from pb.web.paper import FilmOnPaper, Heading, NextPage, Paper, Part, Rows, Words


def dossier_paper(evening: EveningFacts, round_: RoundFacts, *, address: str) -> Paper:
    """Write the dossier as a document, in the visitor's language. ``address`` is where its films play."""
    return Paper(
        title=_("Avondboekje: %(name)s", name=evening.name),
        language=language().language,
        author=current_app.config["PB"].municipality or "Beslisavond",
        footer=f"{evening.name} · {long_day(evening.held_on)}",
        parts=tuple(_parts(evening, round_, address)),
    )


def _parts(evening: EveningFacts, round_: RoundFacts, address: str) -> Iterator[Part]:
    place = f" · {evening.place}" if evening.place else ""
    yield Words(f"{long_day(evening.held_on)}{place}\n{round_.name} · {round_.area_name}", "lead")
    if evening.practice:
        yield Words(_("Dit is een proefavond. De plannen zijn verzonnen."), "notice")
    yield Words(
        _(
            "Dit zijn de plannen van de avond. Bekijk eerst het filmpje en lees dan het plan. Op de avond "
            "praten we erover. Daarna geef je elk plan een cijfer van 1 tot 5."
        )
    )
    yield Heading(_("De agenda"))
    yield Rows(
        (_("Nr."), _("Plan"), _("Minuten"), _("Gevraagd")),
        [
            (str(item.position), item.plan.title, str(item.minutes), euros(item.plan.ask_cents))
            for item in evening.items
        ],
        frozenset({0, 2, 3}),
    )
    yield FilmOnPaper(_("Alle plannen met hun films staan hier:"), address, _("QR-code naar dit boekje"))
    for item in evening.items:
        yield NextPage()
        yield from _plan(item)


def _plan(item: ItemFacts) -> Iterator[Part]:
    plan = item.plan
    if plan.film:
        yield FilmOnPaper(
            _("Bekijk eerst het filmpje"),
            _to_type(plan.film),
            _("QR-code naar het filmpje van %(title)s", title=plan.title),
        )
    else:
        yield Words(_("Bij dit plan is geen filmpje. Op de avond vertelt iemand erover."), "notice")
    yield Heading(_("%(n)s. %(title)s", n=item.position, title=plan.title))
    if plan.applicant_kind:
        yield Words(_("Aangevraagd door: %(kind)s", kind=who_asks(plan.applicant_kind)), "soft")
    least = (
        _("lukt vanaf %(least)s", least=euros(plan.least_cents))
        if plan.least_cents
        else _("elk bedrag helpt")
    )
    yield Words(_("Gevraagd: %(ask)s", ask=euros(plan.ask_cents)) + f" · {least}", "lead")
    for question, answer in (
        (_("Wat wil je?"), plan.want),
        (_("Wat kun je zelf?"), plan.can_do),
        (_("Wat heb je nodig?"), plan.need),
    ):
        if answer:
            yield Heading(question, 2)
            yield Words(answer)


def _to_type(film: Film) -> str:
    """Give the shortest address that plays a film."""
    if film.provider is Provider.YOUTUBE and not film.starts_at_seconds:
        return f"https://youtu.be/{film.video_id}"
    return film_page_url(film)


def who_asks(kind: ApplicantType) -> str:
    """Say which kind of people ask, never who."""
    words: dict[ApplicantType, str] = {
        ApplicantType.RESIDENT: _("Een bewoner"),
        ApplicantType.GROUP: _("Een groep bewoners"),
        ApplicantType.FOUNDATION: _("Een stichting"),
        ApplicantType.ASSOCIATION: _("Een vereniging"),
        ApplicantType.COMPANY: _("Een bedrijf"),
        ApplicantType.PUBLIC_BODY: _("Een school of een overheid"),
    }
    return words[kind]
