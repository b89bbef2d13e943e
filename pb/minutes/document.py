"""Put the minutes of an evening in words: one document, for the page and for paper."""

from collections.abc import Iterator

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from pb.core.money import euros
from pb.minutes.plans import about_plan, about_stickers
from pb.minutes.queries import Correction, MinutesFacts, PlanMinutes
from pb.minutes.rules import HowTheyTookPart
from pb.minutes.said import bare, said, sentences
from pb.web.i18n import language, long_day, moment
from pb.web.paper import Heading, Pairs, Paper, Part, Rows, Signatures, Words
from pb.web.say import say


def document(facts: MinutesFacts) -> Paper:
    """Write the minutes as a document, in the visitor's language."""
    evening = facts.evening
    return Paper(
        title=_("Verslag van %(name)s", name=evening.name),
        language=language().language,
        author=current_app.config["PB"].municipality or "Beslisavond",
        footer=" · ".join(
            part for part in (evening.name, long_day(evening.held_on), _seal_line(facts)) if part
        ),
        parts=tuple(_parts(facts)),
    )


def _parts(facts: MinutesFacts) -> Iterator[Part]:
    evening = facts.evening
    place = f" · {evening.place}" if evening.place else ""
    yield Words(f"{long_day(evening.held_on)}{place}\n{facts.round.name} · {facts.round.area_name}", "lead")
    if facts.differs:
        yield Words(bare(say(facts.differs.error)), "notice")
    if evening.practice:
        yield Words(_("Dit was een proefavond. Wat hier staat, telt niet echt."), "notice")
    elif not facts.settled:
        yield Words(
            _(
                "Nog niet vastgesteld. Hier staat wat er tot nu toe gebeurde. Het verslag staat vast als "
                "twee mensen de uitslag hebben bevestigd."
            ),
            "notice",
        )
    yield from _who_came(facts)
    yield from _rules(facts)
    yield Heading(_("De plannen"))
    for plan in facts.plans:
        yield from about_plan(plan)
    yield from about_stickers(facts.stickers)
    yield from _corrections(facts)
    yield from _division(facts)
    yield from _seals(facts)
    if facts.settled and not evening.practice and not facts.differs:
        under = _("Naam, datum en handtekening")
        yield Heading(_("Handtekeningen"))
        yield Signatures(((_("Gespreksleider"), under), (_("Wijkmanager of tekenbevoegde"), under)))


def _who_came(facts: MinutesFacts) -> Iterator[Part]:
    who, ways = facts.who, facts.ways
    yield Heading(_("Wie waren er?"))
    yield Words(_("In dit verslag staan geen namen van panelleden, alleen aantallen."), "soft")
    yield Pairs(
        (_("Panelleden"), _("Aantal")),
        (
            (_("Aanwezig"), str(who.came)),
            *((_NAMES[way], str(count)) for way, count in ways.alone.items()),
            *([(_together(ways), str(ways.pooled))] if ways.together else []),
            (_("Gingen eerder weg"), str(who.left)),
        ),
    )
    told = _("Wie op meer manieren meedeed, telt één keer: eerst telefoon, dan papier, dan vloer.")
    if ways.together:
        told += " " + _("Op een van de manieren deden minder dan vijf mensen mee. Daarom staan die samen.")
    yield Words(told, "small")
    if facts.new_cards:
        yield Words(
            ngettext(
                "Tijdens de avond is %(num)s nieuwe kaart gemaakt.",
                "Tijdens de avond zijn %(num)s nieuwe kaarten gemaakt.",
                facts.new_cards,
            )
            + " "
            + _("Een oude kaart werkt daarna niet meer.")
        )
    yield from _paper(facts)


_NAMES = {
    "phone": lazy_gettext("Gaven cijfers op een telefoon of tablet"),
    "floor": lazy_gettext("Gaven cijfers op de vloer"),
    "paper": lazy_gettext("Gaven cijfers op papier"),
    "none": lazy_gettext("Gaven geen cijfer dat meetelt"),
}


def _together(ways: HowTheyTookPart) -> str:
    return " + ".join(str(_NAMES[way]) for way in ways.together)


def _paper(facts: MinutesFacts) -> Iterator[Part]:
    """Say that it was decided without some of the figures on paper, and who went on."""
    paper = facts.paper
    if not paper.decided_without or paper.at is None:
        return
    left = ngettext(
        "%(num)s cijfer op papier telt niet mee: het was niet op tijd twee keer ingetypt.",
        "%(num)s cijfers op papier tellen niet mee: ze waren niet op tijd twee keer ingetypt.",
        paper.left_out,
    )
    where = ngettext("Dat gaat over %(num)s plan.", "Dat gaat over %(num)s plannen.", paper.plans_short)
    chose = (
        _("%(who)s begon op %(at)s met beslissen, zonder die cijfers.", who=paper.by, at=moment(paper.at))
        if paper.by
        else _("Op %(at)s begon het beslissen, zonder die cijfers.", at=moment(paper.at))
    )
    yield Words(f"{left} {where} {chose} " + _("Bij elk plan staat hoeveel formulieren meetellen."), "notice")


def _rules(facts: MinutesFacts) -> Iterator[Part]:
    evening, rules = facts.evening, facts.rules
    yield Heading(_("De regels"))
    yield Words("\n\n".join(sentences(said("rounds/_rules.html", "in_words", rules.rules))))
    order = _("Geloot met: %(seed)s", seed=evening.agenda_seed) if evening.agenda_seed else _("Met de hand")
    yield Pairs(
        (_("Wat vooraf vastlag"), _("Waarde")),
        (
            (_("Te verdelen"), euros(evening.budget_cents)),
            (_("Versie van de regels"), str(rules.version)),
            (_("Controlegetal van de regels"), rules.sha256),
            (_("Code voor het lot"), evening.lot_seed or _("nog niet gegooid")),
            (_("Volgorde van de agenda"), order),
        ),
    )


def _corrections(facts: MinutesFacts) -> Iterator[Part]:
    yield Heading(_("Correcties"))
    if not facts.corrections and not facts.undone:
        yield Words(_("Er is geen plan opnieuw geopend en geen stap teruggezet."))
        return
    if facts.undone:
        yield Words(ngettext("%(num)s stap is teruggezet.", "%(num)s stappen zijn teruggezet.", facts.undone))
    if facts.corrections:
        yield Rows(
            (_("Plan"), _("Reden om weer te openen"), _("Wat er gebeurde")),
            [(one.item.plan.title, one.reason, _settled(one)) for one in facts.corrections],
        )


def _settled(one: Correction) -> str:
    if one.granted is None:
        return str(_("Gevraagd op %(at)s. Nog geen antwoord.", at=moment(one.asked_at)))
    if not one.granted or one.settled_at is None:
        return str(_("Een tweede persoon vond het niet nodig."))
    changes = ngettext(
        "Daarna is %(num)s keer een cijfer veranderd.",
        "Daarna is %(num)s keer een cijfer veranderd.",
        one.changes,
    )
    opened = _("Op %(at)s weer geopend, door twee mensen.", at=moment(one.settled_at))
    return f"{opened} {changes}"


def _division(facts: MinutesFacts) -> Iterator[Part]:
    yield Heading(_("De verdeling"))
    found = facts.division
    if found is None:
        yield Words(_("Het geld is nog niet verdeeld."))
        return
    rows = [
        (
            plan.item.plan.title,
            euros(plan.item.plan.ask_cents),
            euros(plan.computed_cents or 0) if _yes(plan) else "–",
            euros(plan.amount_cents or 0) if _yes(plan) else _("nee"),
        )
        for plan in facts.plans
    ]
    rows.append(
        (
            _("Samen"),
            "",
            euros(sum(plan.computed_cents or 0 for plan in facts.plans)),
            euros(found.total_cents),
        )
    )
    yield Rows((_("Plan"), _("Gevraagd"), _("Berekend"), _("Besloten")), rows, frozenset({1, 2, 3}))
    divided = _(
        "Van %(budget)s is %(total)s verdeeld.",
        budget=euros(found.budget_cents),
        total=euros(found.total_cents),
    )
    left = (
        _("Er blijft %(left)s over. Dat blijft in de pot.", left=euros(found.leftover_cents))
        if found.leftover_cents
        else _("Er blijft niets over.")
    )
    yield Words(f"{divided} {left}")
    if found.divided:
        yield Words(bare(said("divide/_picture.html", "divided_words", found.divided)))
    if found.agreement:
        yield Words(bare(said("divide/_picture.html", "agreement_words", found.agreement)))
    elif not facts.settled:
        yield Words(_("Het panel heeft nog niets over deze verdeling gezegd."))
    why = [
        (plan.item.plan.title, bare(said("divide/_why.html", "why", plan.steps, found.changed)))
        for plan in facts.plans
        if _yes(plan) and plan.steps
    ]
    if why:
        yield Heading(_("Waarom deze bedragen?"), 2)
        yield Rows((_("Plan"), _("Waarom")), why)
    yield Words(
        _(
            "Dit is de uitslag van het panel. De gemeente maakt er per plan nog een officieel besluit van: "
            "de beschikking."
        )
    )


def _yes(plan: PlanMinutes) -> bool:
    return plan.decision is not None and plan.decision.yes


def _seals(facts: MinutesFacts) -> Iterator[Part]:
    if facts.seals is None:
        return
    yield Heading(_("Zegels"))
    yield Words(
        _(
            "Alle cijfers, de regels, de besluiten en de verdeling staan in één ketting. Een zegel hoort bij "
            "de ketting zoals die toen was. Verandert iemand er later iets aan, dan past het zegel niet "
            "meer. Het zegel dekt niet: de datum, de namen van de plannen, de redenen bij ja of nee en wat "
            "de minderheid vond. Het laatste zegel gaat per mail naar de gespreksleider en de wijkmanager."
        )
    )
    rows = []
    for plan in facts.plans:
        name = _name(plan)
        rows += [(_("Vervangen: %(name)s", name=name), one.old) for one in plan.replaced]
        rows.append((_("Na %(name)s", name=name), plan.seal or "–"))
    if any(plan.replaced for plan in facts.plans):
        yield Words(
            _(
                "Een vervangen zegel geldt niet meer: daarna kwamen er cijfers van papier bij, of het plan "
                "ging opnieuw open. Wanneer en waarom staat bij het plan."
            )
        )
    yield Rows(
        (_("Wanneer"), _("Zegel")), [*rows, (_("Aan het eind"), facts.seals.end or "–")], frozenset({1})
    )
    if facts.settled:
        yield Words(_("Het hele controlegetal van de avond:") + "\n" + facts.evening.head, "small")


def _name(plan: PlanMinutes) -> str:
    """Name a plan by its place on the agenda, and by its number in the round where that is another."""
    place, number, title = plan.item.position, plan.item.plan.number, plan.item.plan.title
    if place == number:
        return str(_("plan %(n)s: %(title)s", n=place, title=title))
    return str(
        _("plan %(n)s van de avond, nummer %(number)s: %(title)s", n=place, number=number, title=title)
    )


def _seal_line(facts: MinutesFacts) -> str:
    end = facts.seals.end if facts.seals else None
    return str(_("zegel %(seal)s", seal=end)) if end else ""
