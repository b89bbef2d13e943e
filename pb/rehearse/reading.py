"""What a page says, read as somebody reads it."""

import re
from html import unescape

from pb.core.money import parse_euros
from pb.rehearse.browser import Answer, Form, UnexpectedAnswer


def own_form(page: Answer) -> Form:
    """Find the form that a page is about. Raises: UnexpectedAnswer."""
    forms = [
        one for one in page.page.forms if "csrf_token" in dict(one.fields) and "uitloggen" not in one.action
    ]
    if not forms:
        raise UnexpectedAnswer(f"{page.url}: no form: {page.text[:300]}")
    return forms[0]


def step_of(console: Answer) -> str:
    """Tell what the one button of the console does next."""
    return dict(console.form("/volgende").fields)["step"]


def heading(page: Answer) -> str:
    """Give the words above a page."""
    found = re.search(r"<h1>(.*?)</h1>", page.body.decode(), re.DOTALL)
    return _words(found[1]) if found else ""


def amounts_of(page: Answer) -> tuple[list[tuple[str, int]], int]:
    """Read what each plan gets, and all together, from the page to confirm. Units: cents."""
    table = re.search(r'<table class="amounts">(.*?)</table>', page.body.decode(), re.DOTALL)
    if table is None:
        raise UnexpectedAnswer("the page to confirm shows no amounts")
    body, _tfoot, foot = table[1].partition("<tfoot>")
    row = r'<th scope="row">((?:(?!<span class="narrow|</th>).)*)(?:(?!</tr>).)*<strong>([^<]*)</strong>'
    amounts = [(_words(title), parse_euros(sum_)) for title, sum_ in re.findall(row, body, re.DOTALL)]
    # The first line below is what all plans get together, in the last column.
    totals = re.findall(r'<td class="num">([^<]*)</td>', foot.partition("</tr>")[0])
    if not totals:
        raise UnexpectedAnswer("the page to confirm shows no total")
    return amounts, parse_euros(totals[-1])


def _words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())
