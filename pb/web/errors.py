"""What people see when something is refused or goes wrong: one plain page, never a stack trace."""

from flask import Flask, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from pb.core.errors import Broken, NotFound, TryAgainSoon
from pb.web.pages import page
from pb.web.say import say, say_code

NEVER_SENT_AGAIN = {"csrf_token", "password", "iban"}
# What a page put in its form itself; sent again, but nobody typed it.
NOT_TYPED = {
    "version", "seen", "later", "step", "op", "item", "v", "token", "getoond", "highest_seen", "pool_sha256"
}  # fmt: skip


class TooBig(Broken):
    code = "core.too-big"
    status = 413


class ForeignPage(Broken):
    """Refuse a write that another site's page makes a visitor's browser send."""

    code = "core.foreign-page"
    status = 403


def explain_errors(app: Flask) -> None:
    """Show a page in the visitor's language for everything that is refused."""

    @app.errorhandler(Broken)
    def broken(error: Broken) -> ResponseReturnValue:
        return _answer(error)

    @app.errorhandler(CSRFError)
    def expired(_error: CSRFError) -> ResponseReturnValue:
        if wants_json():
            return jsonify(code="core.form-expired", text=say_code("core.form-expired", {})), 403
        facts = {"typed": _typed(request.form), "own": _from_own_page(), "cookies": bool(request.cookies)}
        return page("core/expired.html", **facts), 403

    app.register_error_handler(HTTPException, _refused)
    _explain_database(app)

    @app.errorhandler(Exception)
    def wrong(error: Exception) -> ResponseReturnValue:
        # Only where it happened: an error's text may hold what a person typed.
        app.logger.error("error: %s at %s", type(error).__name__, _place(error))
        if app.testing:
            raise error
        return _plain(500, None)


def _explain_database(app: Flask) -> None:
    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def busy(error: OperationalError | PoolTimeout) -> ResponseReturnValue:
        app.logger.error("database: %s", type(getattr(error, "orig", error)).__name__)
        return _answer(TryAgainSoon())

    @app.errorhandler(DBAPIError)
    def refused_by_database(error: DBAPIError) -> ResponseReturnValue:
        app.logger.error("database: %s", type(error.orig).__name__)
        return _plain(500, None)


def _refused(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, BadHost | SecurityError):
        # Without a host there is no address that a page of ours could point to.
        return error.get_response()
    if error.code == 404:
        return _answer(NotFound())
    if error.code == 413:
        return _answer(TooBig())
    if error.code is not None and error.code < 400:
        return error.get_response()
    return _plain(error.code or 500, error)


def wants_json() -> bool:
    """Say whether the request comes from our script rather than from a form."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def _answer(error: Broken) -> Response:
    if wants_json():
        answer = jsonify(code=error.code, text=say(error))
    else:
        answer = make_response(page("core/refused.html", error=error, sentence=say(error)))
    answer.status_code = error.status
    wait_seconds = error.facts.get("wait_seconds", 3 if error.status == 503 else None)
    if wait_seconds is not None:
        answer.headers["Retry-After"] = str(wait_seconds)
    return answer


def _plain(status: int, error: HTTPException | None) -> Response:
    kind = "wrong" if status >= 500 else "refused-request"
    if wants_json():
        response = make_response(jsonify(code=f"core.{kind}", text=say_code(f"core.{kind}", {})), status)
    else:
        sentence = say_code(f"core.{kind}", {})
        response = make_response(page("core/refused.html", error=None, sentence=sentence), status)
    if error is not None:
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
    return response


def _typed(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.items(multi=True) if name not in NEVER_SENT_AGAIN]


def _from_own_page() -> bool:
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
