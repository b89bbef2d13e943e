"""Put in words what happened with each plan: where people stood, what was decided, which stickers it got."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from pb.core.money import euros
from pb.decide.rules.panel_decides import Way
from pb.minutes.queries import PlanMinutes, PlanStickers
from pb.minutes.rules import may_show_figures, may_show_ways
from pb.minutes.said import bare, said, word
from pb.web.paper import Chart, Heading, Part, Rows, Words


def about_plan(plan: PlanMinutes) -> Iterator[Part]:
    """Say where people stood and what was decided about one plan."""
    item = plan.item
    yield Heading(_("%(n)s. %(title)s", n=item.position, title=item.plan.title), 2)
    asks = _(
        "Plan %(n)s van de ronde. Het vraagt %(ask)s.", n=item.plan.number, ask=euros(item.plan.ask_cents)
    )
    if item.plan.least_cents:
        asks += " " + _("Het kan niet met minder dan %(least)s.", least=euros(item.plan.least_cents))
    yield Words(asks, "soft")
    if not plan.closed:
        yield Words(_("De cijfers voor dit plan zijn nog niet gesloten."))
        return
    yield from _scores(plan)
    yield from _decision(plan)
    if plan.seal:
        yield Words(_("Zegel na het sluiten: %(seal)s", seal=plan.seal), "small")
    for one in plan.replaced:
        yield Words(bare(said("evening/_seals.html", "replaced_words", one)), "small")


def _scores(plan: PlanMinutes) -> Iterator[Part]:
    people = plan.scorers
    may = max(plan.item.may_score or 0, people)
    said = [
        ngettext(
            "%(num)s van %(may)s mensen gaf een cijfer.", "%(num)s van %(may)s mensen gaven een cijfer.",
            people, may=may,
        )
    ]  # fmt: skip
    if plan.involved:
        said.append(
            ngettext(
                "%(num)s panellid was betrokken en gaf geen cijfer.",
                "%(num)s panelleden waren betrokken en gaven geen cijfer.",
                plan.involved,
            )
        )
    if plan.paper and plan.paper.counted == plan.paper.forms:
        said.append(_("Papier: alle formulieren tellen mee."))
    elif plan.paper:
        counted, forms = plan.paper.counted, plan.paper.forms
        told = _("Papier: %(counted)s van %(forms)s formulieren tellen mee.", counted=counted, forms=forms)
        said.append(told)
    if plan.counts is None:
        said.append(_("Minder dan vijf mensen gaven een cijfer. Daarom staat hier niet hoe ze stonden."))
        yield Words(" ".join(said))
        return
    if plan.moved:
        said.append(ngettext("%(num)s persoon schoof op.", "%(num)s mensen schoven op.", plan.moved))
    told = ", ".join(f"{figure}: {count}" for figure, count in enumerate(plan.counts, start=1))
    yield Chart(plan.counts, _("Hoeveel mensen op elk cijfer stonden. %(told)s", told=told))
    few = not may_show_ways(plan.ways)
    by_way = plan.by_way
    if not few and may_show_figures([by_way.phone.counts, by_way.floor.counts, by_way.paper.counts]):
        yield _counts_by_way(plan, plan.counts)
    else:
        rows = [(f"{figure} – {word(figure)}", str(count)) for figure, count in enumerate(plan.counts, 1)]
        yield Rows((_("Cijfer"), _("Mensen")), rows, frozenset({1}))
        apart = _("Hier staat niet hoeveel cijfers van een telefoon, van de vloer of van papier kwamen.")
        why = (
            _("Op een van die manieren waren het er minder dan vijf.")
            if few
            else _("Op een van die manieren gaf iedereen hetzelfde cijfer.")
        )
        said += [apart, why]
    yield Words(" ".join(said))


def _counts_by_way(plan: PlanMinutes, counts: Sequence[int]) -> Rows:
    by_way = plan.by_way
    return Rows(
        (_("Cijfer"), _("Mensen"), _("Telefoon"), _("Vloer"), _("Papier")),
        [
            (f"{figure} – {word(figure)}", str(count), str(phone), str(floor), str(paper))
            for figure, (count, phone, floor, paper) in enumerate(
                zip(counts, by_way.phone.counts, by_way.floor.counts, by_way.paper.counts, strict=True), 1
            )
        ],
        frozenset({1, 2, 3, 4}),
    )


def _decision(plan: PlanMinutes) -> Iterator[Part]:
    made = plan.decision
    if made is None:
        yield Words(_("Over dit plan is nog niet besloten."))
        return
    computed = _("Volgens de cijfers: ja.") if made.computed_yes else _("Volgens de cijfers: nee.")
    yes = _("Besloten: ja.") if made.yes else _("Besloten: nee.")
    yield Words(f"{computed} {yes} {_how(made.way)}")
    if made.reason:
        yield Words(_("Reden: %(reason)s", reason=made.reason))
    if made.minority_view:
        yield Words(_("De minderheid vond: %(view)s", view=made.minority_view))
    else:
        yield Words(_("Geen minderheidsstandpunt."))


def _how(way: Way) -> str:
    if way is Way.CONSENSUS:
        return str(_("Het panel was het eens."))
    if way is Way.MAJORITY:
        return str(_("Een meerderheid besloot dit."))
    return str(_("Het panel volgde de cijfers."))


def about_stickers(plans: Sequence[PlanStickers]) -> Iterator[Part]:
    """Say how the stickers were, when there was a sticker round."""
    if not plans:
        return
    yield Heading(_("De stickerronde"))
    said = _(
        "Na alle plannen kon iedereen elk plan een sticker geven: groen is eens, oranje is onder voorwaarde, "
        "rood is nee. Stickers beslissen niets; ze helpen het gesprek."
    )
    if any(one.tally is None for one in plans):
        said += " " + _("Bij minder dan vijf stickers staat hier niet welke het waren.")
    yield Words(said)
    yield Rows(
        (_("Plan"), _("Groen"), _("Oranje"), _("Rood"), _("Op een telefoon"), _("In de zaal")),
        [
            (
                _("%(n)s. %(title)s", n=one.item.position, title=one.item.plan.title),
                *((str(one.tally.green), str(one.tally.orange), str(one.tally.red)) if one.tally else "–––"),
                str(one.phone),
                str(one.room),
            )
            for one in plans
        ],
        frozenset({1, 2, 3, 4, 5}),
    )  # fmt: skip
