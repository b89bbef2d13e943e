"""Log in, log out, and (on a development installation) the outbox."""

import threading

from flask import Blueprint, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from config import Settings
from pb.core.errors import NotFound
from pb.people import actions, mail, queries
from pb.people.forms import LinkForm, PasswordForm
from pb.people.login import Visitor, me, my_account_id
from pb.people.rules import LoginWrong, Role, TooManyLinks, TooManyTries
from pb.store import journal
from pb.web import after
from pb.web.addresses import own_path
from pb.web.clock import now
from pb.web.doors import MOST_ID, logged_in, public, staff
from pb.web.limits import Limit, visitor_counted_as
from pb.web.pages import page
from pb.web.say import say
from pb.web.transaction import reading, store, writing

views = Blueprint("people", __name__)
# Of one visitor, whatever addresses are typed. A town hall or a community centre shares one address, so a
# room full of people is let through; who tries thousands of passwords or mails thousands of people is not.
failures = Limit(most=40, seconds=900)
links = Limit(most=60, seconds=600)


@views.route("/inloggen", methods=["GET", "POST"])
@public("nobody is logged in yet")
def login() -> ResponseReturnValue:
    """Log in with a password (staff)."""
    onward = own_path(request.args.get("next"), "")
    form = PasswordForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return page("people/login.html", form=form, link_form=LinkForm(formdata=None), onward=onward), status
    email = form.work_email.data or ""
    if failures.reached(visitor_counted_as()):
        raise TooManyTries(wait_seconds=int(failures.seconds))
    with reading() as db:
        actions.check_tries(db, email=email, now=now())
        known = queries.password_hash(db, email=email.strip().lower())
    opened = actions.opened_hash(known[1] if known else None, form.password.data or "")
    with writing() as db:
        account_id = actions.check_password(db, email=email, opened=opened, now=now())
    if account_id is None:
        failures.count(visitor_counted_as())
        form.password.errors = [say(LoginWrong())]
        return page("people/login.html", form=form, link_form=LinkForm(formdata=None), onward=onward), 422
    _enter(account_id)
    return redirect(onward or url_for("rounds.desk"))


@views.post("/inloggen/stuur-link")
@public("nobody is logged in yet")
def ask_link() -> ResponseReturnValue:
    """Mail a link that logs in once; the answer is the same for every address."""
    onward = own_path(request.args.get("next"), "")
    form = LinkForm()
    if not form.validate_on_submit():
        return page("people/login.html", form=PasswordForm(formdata=None), link_form=form, onward=onward), 422
    if not links.take(visitor_counted_as()):
        form.email.errors = [say(TooManyLinks(wait_seconds=int(links.seconds)))]
        return page("people/login.html", form=PasswordForm(formdata=None), link_form=form, onward=onward), 429
    send_link(form.email.data or "", onward or url_for("plans.mine"))
    return redirect(url_for("people.link_sent"))


@views.get("/inloggen/link-verstuurd")
@public("says where to look next")
def link_sent() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return page("people/link_sent.html")


@views.get("/inloggen/link")
@public("opened from a mail; shows a button, so that a mail scanner cannot use the link up")
def open_link() -> ResponseReturnValue:
    """Show the button that logs in."""
    return page("people/open_link.html", token=request.args.get("t", "")[:100])


@views.post("/inloggen/link")
@public("whoever holds the link")
def use_link() -> ResponseReturnValue:
    """Log in by the link from a mail."""
    with writing() as db:
        account_id, onward = actions.use_login_link(db, token=request.form.get("token", "")[:100], now=now())
    _enter(account_id)
    return redirect(own_path(onward, url_for("plans.mine")))


@views.post("/uitloggen")
@logged_in("ends the own session")
def logout() -> ResponseReturnValue:
    """Log out, on every device."""
    with writing() as db:
        actions.log_out_everywhere(db, account_id=my_account_id(), now=now())
    logout_user()
    # Whatever else this browser read meanwhile, such as a letter, goes too; the language stays.
    for name in set(session) - {"language", "_permanent"}:
        session.pop(name)
    flash(_("Je bent uitgelogd."))
    return redirect(url_for("public.home"))


@views.get("/beheer/outbox")
@staff(Role.ADMIN)
def outbox() -> ResponseReturnValue:
    """Show the mails of a development installation; elsewhere this page does not exist."""
    if not _settings().development:
        raise NotFound()
    with reading() as db:
        mails = queries.outbox(db)
    return page("people/outbox.html", mails=mails)


@views.get("/beheer/logboek")
@staff(Role.ADMIN)
def journal_page() -> ResponseReturnValue:
    """Show who did what, when."""
    before = request.args.get("voor", type=int)
    if before is not None and not 0 < before < MOST_ID:
        raise NotFound()
    with reading() as db:
        lines = journal.lines(db, before=before, most=100)
        names = queries.names(
            db, {line.actor_id for line in lines if line.actor_kind == "account" and line.actor_id}
        )
    return page("people/journal.html", lines=lines, names=names)


def send_link(email: str, next_path: str) -> None:
    """Mail a login link and let it leave once it is stored."""
    with writing() as db:
        actions.send_login_link(
            db,
            email=email,
            next_path=next_path,
            link_base=_settings().base_url + url_for("people.open_link") + "?t=",
            subject=_("Je link om verder te gaan"),
            body=_(
                "Hallo,\n\nMet deze link ga je verder. Je hebt geen wachtwoord nodig.\n\n%(link)s\n\n"
                "De link werkt 30 minuten en één keer.\n"
                "Heb je dit niet gevraagd? Dan hoef je niets te doen.\n",
                link="{link}",
            ),
            now=now(),
        )
        after.commit(send_mail)


def send_mail() -> None:
    """Hand what waits in the outbox to the mail server, without keeping the visitor waiting for it."""
    settings = _settings()
    if settings.smtp_url:
        threading.Thread(
            target=mail.send_waiting,
            args=(store(),),
            kwargs={"smtp_url": settings.smtp_url, "mail_from": settings.mail_from, "now": now()},
            daemon=True,
        ).start()


def _enter(account_id: int) -> None:
    with reading() as db:
        person = queries.person(db, account_id=account_id)
    if person is None:
        raise LoginWrong()
    # A fresh session for whoever logs in; only the language and drafts made here are kept.
    kept = {key: session[key] for key in ("language", "drafts") if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    login_user(Visitor(person))


def _settings() -> Settings:
    settings: Settings = current_app.config["PB"]
    return settings


@views.app_context_processor
def who() -> dict[str, object]:
    """Let every page know who is visiting."""
    return {"me": me()}
