"""Who is visiting: Flask-Login, fed from our accounts."""

from flask import Flask
from flask_login import LoginManager, UserMixin, current_user

from pb.people import queries
from pb.people.rules import Person
from pb.store.journal import Actor, account
from pb.web.doors import to_login
from pb.web.transaction import reading


class Visitor(UserMixin):  # type: ignore[misc]
    """Somebody who is logged in, as Flask-Login wants it; its id dies with the session stamp."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.account_id = person.account_id
        self.roles = person.roles

    def get_id(self) -> str:
        """Name this session's account and stamp."""
        return f"{self.person.account_id}:{self.person.session_stamp}"


def recognise(app: Flask) -> None:
    """Let the app know its visitors."""
    manager = LoginManager(app)
    # Off: it hashes the visitor's address, and wifi that becomes 4G would log people out.
    manager.session_protection = None
    manager.unauthorized_handler(to_login)

    def load(session_id: str) -> Visitor | None:
        number, _, stamp = session_id.partition(":")
        if not number.isascii() or not number.isdigit() or len(number) > 15:
            return None
        with reading() as session:
            person = queries.person(session, account_id=int(number))
        return Visitor(person) if person is not None and person.session_stamp == stamp else None

    manager.user_loader(load)


def me() -> Person | None:
    """Give the person who is logged in, if any."""
    return current_user.person if current_user.is_authenticated else None


def my_account_id() -> int:
    """Give the account of the visitor behind a door that asked for one."""
    account_id: int = current_user.account_id
    return account_id


def my_name_for_the_journal() -> Actor:
    """Name the visitor as the journal does: by account."""
    return account(my_account_id())
