"""A made-up neighbourhood at the moment that the doors open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config import Settings
from pb.core.dates import amsterdam_date
from pb.core.errors import NotFound
from pb.demo import panel
from pb.demo.panel import fill_frozen_panel, fill_panel, letter_to_try, own_code_to_try
from pb.evening.actions.joining import check_in
from pb.evening.actions.moving import press_next
from pb.evening.actions.planning import plan_evening
from pb.evening.queries import running_evening
from pb.evening.rules.screen_key import screen_key
from pb.panel.actions import add_invited, draw_seats, keep_upload
from pb.panel.queries import card, seats
from pb.panel.rules.address_file import read_addresses
from pb.panel.rules.cards import card_code, card_token, card_url
from pb.panel.rules.draw import pool_sha256
from pb.panel.rules.keeping import FileKind
from pb.panel.rules.origins import Origin
from pb.panel.rules.people_file import InvitedPerson
from pb.people.actions import add_account, add_area, give_role
from pb.people.queries import person_by_email
from pb.people.rules import Role
from pb.plans.actions import add_ready_plan
from pb.plans.queries import ready_plans
from pb.plans.rules.film import read_film_link
from pb.plans.rules.plan import ApplicantType
from pb.rounds.actions import make_round, open_round
from pb.rounds.queries import published_rounds
from pb.rounds.rules import Call, Majority, Preset
from pb.store.engine import Store
from pb.store.journal import Actor, account

PASSWORD = "samen beslissen we"  # noqa: S105  (of a made-up neighbourhood on one's own machine)
NAME = "Voorbeeldwijk"
ROUND = "Samen voor de Voorbeeldwijk"
STAFF = (
    ("wijkmanager@voorbeeld.example", "Wijkmanager", Role.AREA_MANAGER),
    ("gespreksleider@voorbeeld.example", "Gespreksleider", Role.FACILITATOR),
    ("tekenbevoegde@voorbeeld.example", "Tekenbevoegde", Role.OFFICER),
    ("financien@voorbeeld.example", "Financiën", Role.FINANCE),
    ("beheerder@voorbeeld.example", "Beheerder", Role.ADMIN),
    ("beller@voorbeeld.example", "Beller", Role.CALLER),
)
# An open film that anyone may show: Big Buck Bunny, Blender Foundation, CC BY 3.0.
FILM = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
INVITED, DRAWN, CAME = 26, 14, 34
# How long ago what happened. Units: days.
OPENED_DAYS, FIRST_PLAN_DAYS, PLAN_EACH_DAYS, PANEL_DAYS, PLANNED_DAYS = 120, 75, 6, 30, 10


@dataclass(frozen=True)
class DemoPlan:
    """What a made-up plan asks. Units: euros."""

    title: str
    want: str
    can_do: str
    need: str
    ask: int
    least: int
    film: bool = False


PLANS = (
    DemoPlan(
        "Moestuin op het plein",
        "Op het plein staan nu alleen tegels. Wij willen er twaalf bakken met groente en kruiden.",
        "Met tien buren geven we water en onderhouden we de bakken.",
        "Hout, aarde, planten en een kraan op het plein.",
        12_000, 6_000, film=True,
    ),
    DemoPlan(
        "Repaircafé in de bibliotheek",
        "Elke maand repareren we samen spullen die kapot zijn. Zo gooien we minder weg.",
        "Zes vrijwilligers kunnen goed solderen, naaien en lijmen.",
        "Gereedschap, onderdelen en een kast met slot.",
        4_800, 2_000,
    ),
    DemoPlan(
        "Zwemles voor moeders",
        "Veel moeders in de wijk kunnen niet zwemmen. Wij willen veertig moeders les geven.",
        "Wij zoeken de moeders en passen om de beurt op de kinderen.",
        "Huur van het bad en een zwemjuf voor een half jaar.",
        27_500, 20_000, film=True,
    ),
    DemoPlan(
        "Buurtkeuken op donderdag",
        "Wie alleen woont, eet vaak alleen. Wij koken elke donderdag voor vijftig mensen.",
        "We koken zelf en halen het eten op bij winkels.",
        "Pannen, een tweede fornuis en huur van de zaal.",
        18_000, 9_000,
    ),
    DemoPlan(
        "Voetbalkooi opknappen",
        "De voetbalkooi is donker en kapot. Met licht en een nieuw net is hij weer veilig.",
        "Jongeren uit de straat houden de kooi schoon.",
        "Lampen, een net en verf.",
        42_000, 15_000, film=True,
    ),
    DemoPlan(
        "Taalmaatjes aan huis",
        "Wie weinig Nederlands spreekt, oefent één keer per week thuis met een taalmaatje.",
        "Vijftien buren willen taalmaatje zijn.",
        "Een training, boekjes en koffie.",
        9_500, 4_750,
    ),
    DemoPlan(
        "Straatfeest met lange tafel",
        "Eén lange tafel door de hele straat, waar iedereen iets lekkers op zet.",
        "Wij regelen de tafels, de muziek en het opruimen.",
        "Een vergunning, stroom en een podium.",
        3_000, 3_000,
    ),
    DemoPlan(
        "Muziekles na school",
        "Kinderen leren na school gratis trommelen, zingen en samenspelen.",
        "Twee ouders begeleiden de groep elke week.",
        "Instrumenten en een muziekdocent voor dertig weken.",
        21_000, 12_000,
    ),
    DemoPlan(
        "Regentonnen voor de hele Havenstraat, met uitleg en hulp bij het plaatsen voor wie dat wil",
        "Bij harde regen loopt de straat onder. Met regentonnen vangen we water op voor de tuinen.",
        "We helpen elkaar met plaatsen.",
        "Honderd regentonnen.",
        11_000, 0,
    ),
)  # fmt: skip


def fill(session: Session, *, settings: Settings, now: datetime) -> None:
    """Make the neighbourhood, its staff, a round whose doors are open, and two that seek a panel."""
    opened_at = now - timedelta(days=OPENED_DAYS)
    area_id = add_area(session, name=NAME, now=opened_at)
    staff = {}
    for email, name, role in STAFF:
        staff[role] = add_account(session, email=email, name=name, password=PASSWORD, now=opened_at)
        give_role(session, account_id=staff[role], role=role, area_id=area_id, now=opened_at)
    manager, facilitator = account(staff[Role.AREA_MANAGER]), account(staff[Role.FACILITATOR])
    # The round opened in another season, and its plans came in week after week; the evening is today.
    round_id = _round(session, area_id, manager, opened_at)
    for place, plan in enumerate(PLANS):
        add_ready_plan(
            session, round_id=round_id, title=plan.title, want=plan.want, can_do=plan.can_do, need=plan.need,
            ask_cents=plan.ask * 100, least_cents=plan.least * 100, source_ref=None,
            film=read_film_link(FILM, frozenset()) if plan.film else None,
            applicant_kind=ApplicantType.GROUP, who=manager,
            now=now - timedelta(days=FIRST_PLAN_DAYS - PLAN_EACH_DAYS * place),
        )  # fmt: skip
    _panel(session, round_id, settings.card_key.encode(), manager, now - timedelta(days=PANEL_DAYS))
    evening_id = plan_evening(
        session, round_id=round_id, name="Beslisavond Voorbeeldwijk", held_on=amsterdam_date(now),
        place="Buurthuis De Voorbeeld", budget_cents=7_500_000, lot_seed="3-5-1-6-2",
        plan_ids=[plan.id for plan in ready_plans(session, round_id=round_id)], who=manager,
        now=now - timedelta(days=PLANNED_DAYS),
    )  # fmt: skip
    press_next(session, evening_id=evening_id, step="open_doors-0", version=1, who=facilitator, now=now)
    for seat in seats(session, round_id=round_id)[:CAME]:
        check_in(session, evening_id=evening_id, seat_id=seat.id, inside=True, who=facilitator, now=now)
    for fill_one in (fill_panel, fill_frozen_panel):
        fill_one(session, area_id=area_id, manager=manager, key=settings.card_key.encode(), now=now)


def fill_if_empty(store: Store, *, settings: Settings, now: datetime) -> None:
    """Fill a database in which nobody works yet."""
    with store.writing() as session:
        if person_by_email(session, email=STAFF[0][0]) is None and not published_rounds(session):
            fill(session, settings=settings, now=now)


def addresses_to_try(session: Session, *, settings: Settings) -> list[tuple[str, str]]:
    """Give what a first visitor wants to open, as (what, address). Raises: NotFound without the demo."""
    made = {one.name: one for one in published_rounds(session) if one.area_name == NAME}
    if not made.keys() >= {ROUND, panel.ROUND, panel.FROZEN_ROUND}:
        raise NotFound()
    found, seeking, frozen = made[ROUND], made[panel.ROUND], made[panel.FROZEN_ROUND]
    evening_id = running_evening(session, round_id=found.id)
    if evening_id is None:
        raise NotFound()
    base, key = settings.base_url, settings.card_key.encode()
    seat = seats(session, round_id=found.id)[16]
    serial = card(session, round_id=found.id, seat_id=seat.id).serial
    return [
        ("residents", f"{base}/ronde/{found.id}"),
        ("console", f"{base}/avond/{evening_id}/console"),
        ("big screen", f"{base}/avond/{evening_id}/scherm/{screen_key(key, evening_id)}"),
        ("door", f"{base}/avond/{evening_id}/deur"),
        (f"card of seat {seat.number}", card_url(base, card_token(key, seat.id, serial))),
        ("its typed code", card_code(key, seat.id, serial)),
        ("the new panel", f"{base}/werk/ronde/{seeking.id}/panel"),
        ("a letter's code", f"{letter_to_try(session, round_id=seeking.id, key=key)} at {base}/uitnodiging"),
        ("the frozen draw", f"{base}/werk/ronde/{frozen.id}/panel/loten"),
        (
            "somebody's lot",
            f"{own_code_to_try(session, round_id=frozen.id, key=key)} at {base}/mijn-antwoord",
        ),
    ]


def _round(session: Session, area_id: int, manager: Actor, now: datetime) -> int:
    call = Call(
        pot_cents=7_500_000,
        cap_cents=3_000_000,
        plans_open_on=now.date(),
        plans_close_on=now.date() + timedelta(days=OPENED_DAYS + 60),
        residents_decide="Welke plannen geld krijgen, en hoeveel.",
        residents_do_not_decide="Hoeveel geld er in de pot zit, en of iets mag volgens de wet.",
    )
    round_id = make_round(
        session, area_id=area_id, name=ROUND,
        summary="Heb je een idee voor de buurt? Maak een plan. Bewoners beslissen samen wie geld krijgt.",
        call=call, who=manager, now=now,
    )  # fmt: skip
    open_round(
        session, round_id=round_id, version=1, majority=Majority.MORE_THAN_HALF, preset=Preset.EQUAL,
        who=manager, now=now,
    )  # fmt: skip
    return round_id


def _panel(session: Session, round_id: int, card_key: bytes, manager: Actor, now: datetime) -> None:
    people = [
        InvitedPerson(row=row, name=f"Voorbeeldbewoner {row}", email="", phone="", origin=Origin.INVITED)
        for row in range(1, INVITED + 1)
    ]
    add_invited(session, round_id=round_id, people=people, card_key=card_key, who=manager, now=now)
    rows = [f"Voorbeeldstraat;{number};1234 AB;Voorbeeldstad" for number in range(1, 301)]
    content = "\r\n".join(["straat;huisnummer;postcode;plaats", *rows]).encode()
    file = read_addresses(content, file_name="adressen.csv")
    keep_upload(
        session, round_id=round_id, kind=FileKind.ADDRESSES, source=file.source, content=content,
        who=manager, now=now,
    )  # fmt: skip
    draw_seats(
        session, round_id=round_id, file=file, wanted=DRAWN, seed="4-1-6-6-2",
        pool_sha256=pool_sha256([address.key for address in file.addresses]), card_key=card_key,
        who=manager, now=now,
    )  # fmt: skip
