"""Build the app; the only module besides the command line that knows every room."""

import logging
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, send_file
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings
from pb.decide.views import views as decide
from pb.divide.views import views as divide
from pb.divide.views.example import views as ways
from pb.evening.views import views as evening
from pb.grants.views import views as grants
from pb.inviting.views import views as inviting
from pb.minutes.views import views as minutes
from pb.panel.views import views as panel
from pb.people.login import recognise
from pb.people.views import views as people
from pb.plans.views import views as plans
from pb.public.views import views as public_pages
from pb.rounds.views import views as rounds
from pb.sortition.views import views as sortition
from pb.store.engine import Store
from pb.web.doors import guard, public
from pb.web.errors import explain_errors
from pb.web.headers import set_headers
from pb.web.i18n import speak
from pb.web.limits import limit_forms
from pb.web.qr import qr_svg
from pb.web.session import keep_sessions

ROOMS = (
    people,
    rounds,
    plans,
    panel,
    inviting,
    sortition,
    evening,
    decide,
    divide,
    ways,
    minutes,
    grants,
    public_pages,
)
csrf = CSRFProtect()


def build(settings: Settings) -> Flask:
    """Build the app from its settings; it refuses to start when an endpoint has no door."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        PB=settings,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="pb",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=32 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=500_000,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.extensions["store"] = Store(settings.database_url)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["municipality"] = settings.municipality
    app.jinja_env.globals["qr_svg"] = qr_svg
    app.jinja_env.globals["theme"] = bool(settings.theme_css)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    # Two slashes are another address, not a detour that repeats what somebody sent as host.
    app.url_map.merge_slashes = False
    if not settings.development:
        app.config["TRUSTED_HOSTS"] = [urlsplit(settings.base_url).hostname]
    keep_sessions(app)
    speak(app)
    recognise(app)
    limit_forms(app)
    csrf.init_app(app)
    for room in ROOMS:
        app.register_blueprint(room)
    # Guarded by its own cookie, JSON only and same site only; a tap must not die with a form's token.
    csrf.exempt(app.view_functions["evening.score"])
    csrf.exempt(app.view_functions["divide.divide_myself"])
    _serve_files(app, settings)
    set_headers(app, settings.peertube_hosts, https=settings.https)
    explain_errors(app)
    guard(app)
    if settings.https:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    logging.getLogger("pb").setLevel(logging.INFO)
    app.logger.info("database: %s", app.extensions["store"].describe())
    return app


def _serve_files(app: Flask, settings: Settings) -> None:
    public("stylesheet, letters, scripts")(app.view_functions["static"])

    @app.get("/thema.css")
    @public("the municipality's own colours and letters")
    def theme() -> Response:
        if not settings.theme_css:
            abort(404)
        return send_file(Path(settings.theme_css).resolve(), mimetype="text/css")
