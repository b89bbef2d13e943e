"""Answer with a page, or with only its middle part for a screen that follows by itself."""

from typing import Any

from flask import render_template, request

PANE = "pane"


def page(template: str, **facts: Any) -> str:
    """Render a template; asked for a pane, leave out everything around the main part."""
    layout = "_parts/pane.html" if wants_pane() else "_parts/layout.html"
    return render_template(template, layout=layout, **facts)


def wants_pane() -> bool:
    """Say whether a live page asks for its changed middle part."""
    return request.headers.get("X-Part") == PANE
