"""Every public page is HTML as its standard has it.

What is named here are the kinds of faults that the Nu HTML checker finds, and found: elements that
are not nested rightly, names that two elements have, references that lead nowhere, roles that an
element has by itself, labels where nothing is that could have one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest

from .public_pages import EMBEDS, PAGES, REPORT, addresses

MORE = [
    "/?as_of=2025-03-31&edition=1",
    "/recommendations/?status=partly&party=japan",
    "/recommendations/?q=command",
    "/recommendations/?q=zzzzz",
    "/recommendations/?rows=all",
    "/recommendations/?unit=recommendations",
    "/recommendations/?status=zzz",
    "/brief/?status=implemented",
    "/changes/compare/?from=2025-01-01",
    f"{REPORT}/T1/",
    "/embed/recommendations/?status=partly&theme=dark",
    "/nowhere",
]
# Lists say that they are such where a style takes their marks away: Safari forgets it.
OWN_ROLES = {
    "a": "link",
    "article": "article",
    "button": "button",
    "footer": "contentinfo",
    "form": "form",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "header": "banner",
    "li": "listitem",
    "main": "main",
    "nav": "navigation",
    "option": "option",
    "table": "table",
    "tbody": "rowgroup",
    "td": "cell",
    "textarea": "textbox",
    "th": "columnheader rowheader",
    "thead": "rowgroup",
    "tr": "row",
}
# What is no landmark, control or figure has no name, unless a role makes it one.
NAMELESS = {"b", "div", "em", "i", "p", "pre", "q", "s", "span", "strong", "time"}
REFERENCES = ("for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-controls")
HEADINGS = {f"h{n}" for n in range(1, 7)}


def faults(html: str) -> Iterator[str]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    for (line, _column), code, _values in parser.errors:
        yield f"line {line}: {code}"
    elements = [one for one in page.iter() if isinstance(one.tag, str)]
    names = Counter(one.get("id") for one in elements if one.get("id") is not None)
    yield from (f"two have the id “{name}”" for name, n in names.items() if n > 1 or not name)
    for one in elements:
        yield from (f"<{one.tag}>: {fault}" for fault in faults_of(one, names))


def faults_of(one: Element, names: Counter[str | None]) -> Iterator[str]:
    role = one.get("role", "")
    if role and role in OWN_ROLES.get(one.tag, "").split():
        yield f"has the role {role} by itself"
    if one.tag in NAMELESS and not role and one.get("aria-label") is not None:
        yield "has a label and no role"
    if one.tag == "img" and one.get("alt") is None:
        yield "has no alt"
    if one.tag in HEADINGS and not "".join(one.itertext()).strip():
        yield "is empty"
    if one.get("style") is not None:
        yield "has a style of its own"
    for name in one.attrib:
        if name.startswith("hx-"):
            yield f"has {name}, which no standard knows, in place of data-{name}"
    for name in REFERENCES:
        for wanted in one.get(name, "").split():
            if wanted not in names:
                yield f"refers to “{wanted}” by {name}, which is nowhere"


@pytest.mark.run_once
@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_no_page_has_a_fault_that_a_checker_would_name(client, baseline, prefix):
    found = {}
    for address in [*addresses([*PAGES, *EMBEDS]), *MORE]:
        html = client.get(prefix + address).content.decode()
        if told := list(faults(html)):
            found[prefix + address] = told[:5]
    assert not found


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p>One<div>two</div></p>", "unexpected-end-tag"),
        ("<a id=x></a><a id=x></a>", "two have the id “x”"),
        ("<table><tr role=row><td>1</table>", "<tr>: has the role row by itself"),
        ("<p data-x hx-get='/x'>", "has hx-get"),
        ("<label for=x>", "refers to “x” by for"),
        ("<pre aria-label=Answer>", "has a label and no role"),
        ("<h2> </h2>", "is empty"),
        ("<p style='color: red'>", "has a style of its own"),
        ("<img src=x>", "has no alt"),
    ],
)
def test_a_fault_is_named(html, fault):
    assert any(fault in told for told in faults(f"<!doctype html><title>x</title>{html}"))


def test_what_is_right_is_no_fault():
    html = "<h1 id=x>One</h1><ul role=list aria-labelledby=x><li data-hx-get='/x'>two</ul>"
    assert not list(faults(f"<!doctype html><title>x</title>{html}"))
