"""What holds for every answer: headers, cookies, where a redirect may lead, forms that come too late."""

import re
from urllib.parse import quote

import pytest
from flask import Flask, session, url_for
from hypothesis import given
from hypothesis import strategies as st

from pb.people.rules import Role
from pb.store.engine import Store
from pb.web.addresses import own_path
from support.neighbourhood import PASSWORD, Neighbourhood, email_of
from support.room import nothing_changes
from support.visitor import Page, Visitor

# What no redirect of ours may follow.
LEADS_AWAY = [
    "//evil",
    "//evil.example/x",
    "/\\evil",
    "\\\\evil",
    "https:evil",
    "https://evil.example",
    "http:/evil",
    "javascript:alert(1)",
    "data:text/html,x",
    "\t//evil",
    " //evil",
    "/\t/evil",
    "/\n/evil",
    "/\r\nSet-Cookie: a=b",
    "/x\r\nLocation: //evil",
    "/\x00",
    "///evil",
    "/\\/evil",
    "evil",
    "",
    "?x",
    "#x",
    "\u2028//evil",
    "/" * 301,
    "/x\x7f",
    "@evil.example",
    "/\\@evil",
]


@pytest.mark.parametrize("path", LEADS_AWAY)
def test_a_path_that_leads_away_is_not_followed(path: str) -> None:
    assert own_path(path, "/thuis") == "/thuis"


@pytest.mark.parametrize(
    "path", ["/", "/werk", "/werk?a=b&c=d", "/ronde/1#plan", "/plan/1/stap/2?terug=klopt", "/%2F%2Fevil"]
)
def test_a_path_of_our_own_is_followed(path: str) -> None:
    assert own_path(path, "/thuis") == path


def test_no_path_at_all_goes_home() -> None:
    assert own_path(None, "/thuis") == "/thuis"


@given(st.text(alphabet="/\\:?#@. \t\r\nabhtps%0", max_size=12))
def test_whatever_is_followed_stays_on_this_site(path: str) -> None:
    followed = own_path(path, "/thuis")
    assert followed == "/thuis" or (followed[0] == "/" and followed[1:2] not in ("/", "\\"))
    assert not re.search(r"[\x00-\x20\\]", followed)


@pytest.mark.parametrize(
    "path", ["//evil", "/\\evil", "https:evil", "%0d%0aSet-Cookie:x=y", "https://evil.example", "/\r\nX: y"]
)
def test_the_site_itself_never_sends_anyone_away(visitor: Visitor, place: Neighbourhood, path: str) -> None:
    chosen = visitor.raw("GET", f"/taal/en?next={quote(path)}")
    assert chosen.headers["Location"] == "/"
    page = visitor.get(f"/inloggen?next={quote(path)}")
    form = page.all("form#wachtwoord")[0]
    assert form.attributes["action"] == "/inloggen"
    held = page.values("form#wachtwoord") | {"work_email": email_of(Role.ADMIN), "password": PASSWORD}
    answer = visitor.raw("POST", f"/inloggen?next={quote(path)}", data=held)
    assert answer.headers["Location"] == "/werk"
    assert "Set-Cookie: x" not in str(answer.headers)


ASKED = {
    "a page": ("GET", "/", 200),
    "a form": ("GET", "/inloggen", 200),
    "a file": ("GET", "/static/beslisavond.css", 200),
    "nothing": ("GET", "/er-is-hier-niets", 404),
    "a door": ("GET", "/werk", 302),
    "a wrong method": ("DELETE", "/", 405),
    "no token": ("POST", "/inloggen", 403),
    "state": ("GET", "/avond/9/stand", 404),
    "a strange path": ("GET", "//admin", 404),
    "another": ("GET", "/admin/..;/", 404),
    "a dotted one": ("GET", "/static/../config.py", 404),
    "options": ("OPTIONS", "/", 200),
    "an encoded one": ("GET", "/static/%2e%2e/config.py", 404),
    "capitals": ("GET", "/WERK", 404),
}


def test_every_answer_carries_the_same_strict_headers(visitor: Visitor, place: Neighbourhood) -> None:
    for name, (method, path, status) in ASKED.items():
        answer = visitor.raw(method, path)
        assert answer.status_code in (status, 308), f"{name}: {answer.status_code}"
        head = answer.headers
        policy = head["Content-Security-Policy"]
        for rule in (
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ):
            assert rule in policy, name
        assert "unsafe" not in policy
        assert (head["X-Content-Type-Options"], head["Referrer-Policy"]) == ("nosniff", "same-origin"), name
        assert head["Cross-Origin-Opener-Policy"] == "same-origin", name
        if not path.startswith("/static/"):
            assert head["Cache-Control"] == "private, no-store", name
        assert "Access-Control-Allow-Origin" not in head, name
        answer.close()


def test_errors_of_every_kind_are_pages_in_the_visitors_own_language(
    app: Flask, place: Neighbourhood
) -> None:
    for language, words in (("nl", "Deze pagina is er niet"), ("en", "")):
        page = Visitor(app, language).get("/er-is-hier-niets", status=404)
        assert words in page.title
        assert page.tree.css_first("html").attributes["lang"] == language
    told = app.test_client().get("/niets", headers={"Accept": "application/json"})
    assert set(told.get_json()) == {"code", "text"}


def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    app: Flask, place: Neighbourhood
) -> None:
    visitor = Visitor(app)
    answer = visitor.raw("GET", "/inloggen")
    [cookie] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("pb=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain=" not in cookie


def test_over_https_the_cookie_never_travels_without_it(fresh_https_app: Flask) -> None:
    answer = fresh_https_app.test_client().get("/inloggen")
    assert "Secure" in answer.headers["Set-Cookie"]


@pytest.fixture
def fresh_https_app(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Give an app that people reach over https."""
    from config import settings_from
    from pb.app import build

    made = build(
        settings_from(
            {
                "PB_DATABASE_URL": store.engine.url.render_as_string(hide_password=False),
                "PB_VAR": str(tmp_path_factory.mktemp("https")), "PB_BASE_URL": "https://beslis.example",
            }
        )
    )  # fmt: skip
    made.testing = True
    made.extensions["store"].engine.dispose()
    made.extensions["store"] = store
    return made


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "a.b.c", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb", "A" * 4000, "\u00ff"],
)
def test_a_made_up_session_is_nobody(app: Flask, place: Neighbourhood, cookie: str) -> None:
    browser = app.test_client()
    browser.set_cookie("pb", cookie)
    assert browser.get("/").status_code == 200
    assert browser.get("/werk").status_code == 302


def test_a_login_starts_a_new_session_and_a_logout_ends_every_one(app: Flask, place: Neighbourhood) -> None:
    visitor = Visitor(app)
    visitor.get("/inloggen")
    before = visitor.browser.get_cookie("pb")
    with visitor.browser.session_transaction() as held:
        held["planted"] = "by somebody else"
    visitor.log_in(email_of(Role.ADMIN))
    after = visitor.browser.get_cookie("pb")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with visitor.browser.session_transaction() as held:
        assert "planted" not in held
    stolen = Visitor(app)
    stolen.browser.set_cookie("pb", after.value)
    assert stolen.get("/werk").title == "Rondes"
    visitor.get("/werk")
    visitor.post("/uitloggen")
    assert stolen.get("/werk").title == "Inloggen"


def test_the_form_token_of_before_the_login_is_worth_nothing_after_it(
    app: Flask, place: Neighbourhood
) -> None:
    visitor = Visitor(app)
    old = visitor.get("/inloggen").values("form#link")["csrf_token"]
    visitor.log_in(email_of(Role.ADMIN))
    assert visitor.raw("POST", "/uitloggen", data={"csrf_token": old}).status_code == 403


def send(visitor: Visitor, token: str | None, **headers: str) -> Page:
    data = {"work_email": "iemand@post.example", "password": "geheim geheim", "csrf_token": token}
    sent = {name: value for name, value in data.items() if value is not None}
    answer = visitor.raw(
        "POST", "/inloggen", data=sent, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    return visitor._read(answer, "/inloggen", 403)


def test_a_form_that_comes_too_late_is_not_lost(visitor: Visitor, place: Neighbourhood, store: Store) -> None:
    visitor.get("/inloggen")
    other = Visitor(visitor.app)
    other.get("/inloggen")
    with nothing_changes(store):
        for token in (
            None,
            "",
            "x",
            # Not its last character: that holds bits of base64 that mean nothing.
            ("A" if visitor.token[0] != "A" else "B") + visitor.token[1:],
            other.token,
            "é",
        ):
            page = send(visitor, token)
            assert "iemand@post.example" in page.text
            assert "geheim geheim" not in page.html
            assert page.one("main form").attributes["action"] == "/inloggen"
            held = page.values("main form")
            assert held["work_email"] == "iemand@post.example"
    # The button on that page sends it again, with a token that counts.
    again = visitor.post(
        "/inloggen", page.values("main form") | {"password": "niet dit wachtwoord"}, status=422
    )
    assert again.title == "Inloggen"


def test_a_form_that_another_site_sends_gets_no_button_to_send_it_again(
    visitor: Visitor, place: Neighbourhood
) -> None:
    visitor.get("/inloggen")
    page = send(visitor, None, Sec_Fetch_Site="cross-site", Origin="null")
    assert not page.all("main form")
    assert "iemand@post.example" in page.text


def test_what_was_typed_comes_back_as_text(visitor: Visitor, place: Neighbourhood) -> None:
    visitor.get("/inloggen")
    for typed in (
        "<script>alert(1)</script>",
        '"onfocus="alert(1)',
        "{{7*7}}",
        "</dd><h1>",
        "a\nb",
        "'><svg onload=x>",
    ):
        answer = visitor.raw("POST", "/inloggen", data={"work_email": typed})
        assert answer.status_code == 403
        assert Page(answer, "/inloggen").values("main form")["work_email"] == typed


def test_the_answer_to_a_link_request_is_the_same_for_every_address(
    visitor: Visitor, place: Neighbourhood
) -> None:
    answers = [
        visitor.fill("/inloggen", {"email": email}, form="form#link").text
        for email in (email_of(Role.ADMIN), "niemand@post.example", "NIEMAND2@post.example")
    ]
    assert len(set(answers)) == 1


def test_after_five_wrong_passwords_one_address_has_to_wait_known_or_not(
    app: Flask, place: Neighbourhood
) -> None:
    told = []
    for email in (email_of(Role.ADMIN), "niemand@post.example"):
        visitor = Visitor(app)
        wrong = {"work_email": email, "password": "niet dit wachtwoord"}
        for _ in range(5):
            visitor.fill("/inloggen", wrong, status=422, form="form#wachtwoord")
        page = visitor.fill("/inloggen", wrong, status=429, form="form#wachtwoord")
        assert int(page.answer.headers["Retry-After"]) >= 60
        told.append(page.text)
        # The right password has to wait as well; another address has not.
        visitor.fill("/inloggen", wrong | {"password": PASSWORD}, status=429, form="form#wachtwoord")
    assert told[0] == told[1]
    Visitor(app).log_in(email_of(Role.OFFICER))


@pytest.mark.parametrize("password", ["", "x", "x" * 201, "x" * 10_000, "\0", "é" * 100, " "])
def test_no_password_of_any_shape_breaks_the_login(
    visitor: Visitor, place: Neighbourhood, password: str
) -> None:
    answers = {"work_email": email_of(Role.ADMIN), "password": password}
    visitor.fill("/inloggen", answers, status=422, form="form#wachtwoord")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:1", "evil.example/x", "a" * 300, "", "\u00e9vil", "@"]
)
def test_a_made_up_host_stands_in_no_mail_and_no_redirect(
    visitor: Visitor, place: Neighbourhood, host: str
) -> None:
    forwarded = {"X-Forwarded-Host": host, "X-Forwarded-For": "1.2.3.4, " * 1000, "Forwarded": f"host={host}"}
    held = visitor.get("/inloggen").values("form#link") | {"email": "bewoner@post.example"}
    answer = visitor.raw("POST", "/inloggen/stuur-link", data=held, headers=forwarded)
    assert answer.headers["Location"] == "/inloggen/link-verstuurd"
    mail = Visitor(visitor.app).log_in(email_of(Role.ADMIN)).get("/beheer/outbox").text
    assert "http://127.0.0.1:8000/inloggen/link" in mail
    assert "evil" not in mail
    for path in ("/", "/werk", "/kaart", "/niets"):
        straight = visitor.raw("GET", path, headers={"Host": host})
        assert straight.status_code in (200, 302, 400, 404)
        assert "evil" not in straight.get_data(as_text=True) + straight.headers.get("Location", "")


def test_a_language_is_kept_and_an_unknown_one_is_not(app: Flask, place: Neighbourhood) -> None:
    visitor = Visitor(app, "fr;q=0.9, xx")
    assert visitor.get("/").tree.css_first("html").attributes["lang"] == "nl"
    visitor.get("/taal/en?next=/inloggen")
    assert visitor.get("/").tree.css_first("html").attributes["lang"] == "en"
    for code in ("xx", "nl-NL", "../x", "%00", "a" * 500):
        answer = visitor.raw("GET", f"/taal/{code}")
        assert answer.status_code in (302, 404)
    assert visitor.get("/").tree.css_first("html").attributes["lang"] == "en"


def test_too_much_in_one_form_is_told_so(visitor: Visitor, place: Neighbourhood) -> None:
    visitor.get("/inloggen")
    answer = visitor.raw("POST", "/inloggen", data={"csrf_token": visitor.token, "work_email": "x" * 600_000})
    assert answer.status_code == 413
    assert "te groot" in answer.get_data(as_text=True)


def test_the_app_knows_no_address_twice(house: Flask) -> None:
    seen: dict[tuple[str, str], str] = {}
    for rule in house.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            key = (re.sub(r"<[^>]+>", "<>", rule.rule), method)
            assert key not in seen, f"{rule.endpoint} and {seen[key]}"
            seen[key] = rule.endpoint
    with house.test_request_context():
        assert url_for("people.login") == "/inloggen"
        assert "language" not in session
