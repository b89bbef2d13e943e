"""Read who can be drawn: everybody who said yes, with their features, under the code of the draw."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from pb.inviting import queries as inviting
from pb.inviting.rules.appeal import Appeal
from pb.panel.rules.origins import Origin
from pb.sortition.rules.invited import DRAWN, INVITED, SOURCE, Mode, targets_with_source
from pb.sortition.rules.pool import RATHER_NOT, Person, Pool, Target, make_pool


@dataclass(frozen=True)
class Candidates:
    """Hold who can be drawn and who is invited beforehand, as the draw by lot takes them.

    Shape: ids are the codes of the draw; ``answer_ids`` tells whose they are. ``whole`` has the targets as
    they were asked for. Nominated people stand in it; fixed people stand only in ``invited``.
    """

    appeal: Appeal
    whole: Pool
    invited: tuple[Person, ...]
    mode: Mode | None
    answer_ids: dict[str, int]


def candidates(session: Session, *, round_id: int) -> Candidates:
    """Gather everybody who said yes. Raises: NotFound, as long as nothing was asked."""
    appeal = inviting.appeal(session, round_id=round_id)
    answers = [answer for answer in inviting.answers(session, round_id=round_id) if answer.counts]
    chosen = inviting.feature_values(session, round_id=round_id)
    keys = {
        invitation_id: addressee.address_key
        for invitation_id, addressee in inviting.addressees(session, round_id=round_id).items()
    }
    names = {value.id: value.name for feature in appeal.features for value in feature.values}
    from_network = [answer.origin is not Origin.LOT for answer in answers]
    mode = Mode(appeal.mode.value) if any(from_network) else None
    nominated = mode is Mode.NOMINATED
    people: list[Person] = []
    fixed: list[Person] = []
    for answer, network in zip(answers, from_network, strict=True):
        mine = chosen.get(answer.id, {})
        values = [names.get(mine.get(feature.id) or 0, RATHER_NOT) for feature in appeal.features]
        # A letter is an address; an address that is known joins letters and people of the network.
        home = keys.get(answer.invitation_id) or (
            f"letter {answer.invitation_id}" if answer.origin is Origin.LOT else None
        )
        if nominated:
            values.append(INVITED if network else DRAWN)
        person = Person(answer.code, tuple(values), home if appeal.one_per_address else None)
        (fixed if network and not nominated else people).append(person)
    targets = _targets(appeal, [*people, *fixed])
    if nominated:
        targets = targets_with_source(targets, seats=appeal.seats, nominated_seats=appeal.network_seats)
    features = [feature.name for feature in appeal.features] + ([SOURCE] if nominated else [])
    return Candidates(
        appeal=appeal,
        whole=make_pool(features, targets, people, appeal.seats),
        invited=make_pool(features, (), fixed, appeal.seats).people,
        mode=mode,
        answer_ids={answer.code: answer.id for answer in answers},
    )


def _targets(appeal: Appeal, people: list[Person]) -> tuple[Target, ...]:
    found = []
    for place, feature in enumerate(appeal.features):
        found += [
            Target(
                feature.name,
                value.name,
                0 if value.least is None else value.least,
                appeal.seats if value.most is None else value.most,
            )
            for value in feature.values
        ]
        # Whoever would rather not say can be drawn as well as anybody, and fills no target.
        if any(person.values[place] == RATHER_NOT for person in people):
            found.append(Target(feature.name, RATHER_NOT, 0, appeal.seats))
    return tuple(found)
