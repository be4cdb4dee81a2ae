"""A page can be cited, and the cited address tells the same for good."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from urllib.parse import parse_qs, quote, urlsplit

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from django.utils import translation
from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

from recommendations.models import Edition, Report
from recommendations.viewpoint import today
from recommendations.web.citation import CITABLE, Citation

from .factories import (
    ActionFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    corrected,
    noon,
    published_action,
    published_update,
    retracted,
    set_verifiable,
    split,
)
from .public_pages import EVERY, addresses
from .public_pages import PAGES as SHOWN
from .reading import links_of, text_of

pytestmark = pytest.mark.run_once

# Pages of our own that nobody cites: forms, files, and what leads on elsewhere.
NEVER_CITED = {
    "edition_record",
    "report_error",
    "report_thanks",
    "action",
    "list_csv",
    "list_xlsx",
    "list_jsonl",
    "table_csv",
    "table_jsonl",
    "record_xlsx",
    "edition_zip",
    "codebook",
    "codebook_csv",
    "data_package",
    "data_catalog",
    "brief_docx",
    "cite_bibtex",
    "cite_ris",
    "appearance",
    # Bytes that others wrote, which name themselves by their hash.
    "copy_file",
    # It tells of the site as it is now, whatever edition is looked at.
    "about",
    "changes_feed",
    "feed",
    "deadlines_ics",
    # Parts of pages, and pictures of them, which name the page to cite.
    "oembed",
    *(page.name for page in EVERY if page.name.startswith(("api:", "embed_"))),
    *(page.name for page in EVERY if page.name.endswith("_picture")),
}
BASELINE_PAGES = [
    *addresses([page for page in SHOWN if page.name not in NEVER_CITED]),
    "/recommendations/?status=partly&status=implemented&q=defence",
    "/recommendations/?unit=recommendations&page=1",
    "/changes/?page=2",
    "/changes/?area=taiwan",
    "/changes/compare/?from=2025-01-01",
    "/deadlines/?party=japan",
    "/ja/",
    "/ja/changes/",
]


def page_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


# As the link is called in each language.
PERMANENT_ADDRESS = ("Permanent address", "固定リンク")


def cited(page: str) -> str:
    """The permanent address that a page gives, as a path of this host."""
    [address] = [href for href, text in links_of(page) if text in PERMANENT_ADDRESS]
    assert address.startswith("http://testserver/")
    return address.removeprefix("http://testserver")


def file_of(client, page: str, kind: str):
    [address] = [href for href, text in links_of(page) if text == kind]
    response = client.get(address)
    assert response.status_code == 200, response.content
    return response


def latex_decoder() -> LatexNodes2Text:
    """It knows most of LaTeX, but no braces of text."""
    known = get_default_latex_context_db()
    missing = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    macros = [MacroTextSpec(name, character) for name, character in missing.items()]
    known.add_context_category("braces", macros=macros, prepend=True)
    return LatexNodes2Text(latex_context=known)


def bibtex_fields(text: str) -> dict[str, str]:
    """The fields of the one entry of a file, as a program for references reads them."""
    raw = bibtexparser.parse_string(text)
    assert not raw.failed_blocks
    assert len(raw.blocks) == len(raw.entries) == 1, text
    assert raw.entries[0].entry_type == "misc"
    read = bibtexparser.parse_string(
        text, append_middleware=[LatexDecodingMiddleware(decoder=latex_decoder())]
    )
    fields = {field.key: field.value for field in read.entries[0].fields}
    # An address is taken as it stands.
    assert raw.entries[0]["howpublished"] == f"\\url{{{raw.entries[0]['url']}}}"
    return fields | {"url": raw.entries[0]["url"]}


# On the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", BASELINE_PAGES)
def test_every_page_can_be_cited_by_an_address_with_edition_and_date(client, baseline, address):
    page = page_of(client, address)
    permanent = urlsplit(cited(page))
    query = parse_qs(permanent.query)
    assert (query.pop("as_of"), query.pop("edition")) == ([today().isoformat()], ["1"])
    assert query == parse_qs(urlsplit(address).query)
    dashboard = {
        "/": "/reports/us-japan-alliance-2024/",
        "/ja/": "/ja/reports/us-japan-alliance-2024/",
    }
    path = urlsplit(address).path
    assert permanent.path == dashboard.get(path, path)
    assert client.get(cited(page)).status_code == 200
    assert page.count('<details class="cite no-print">') == 1
    [printed] = re.findall(r'<p class="cite-print">(.*?)</p>', page)
    assert html.unescape(printed).endswith(f"http://testserver{cited(page)}")


@pytest.mark.parametrize("address", BASELINE_PAGES)
def test_every_page_has_its_citation_as_files(client, baseline, address):
    page = page_of(client, address)
    [ris] = rispy.loads(file_of(client, page, "RIS").content.decode())
    bibtex = bibtex_fields(file_of(client, page, "BibTeX").content.decode())
    title = html.unescape(re.search("<title>(.*?) \\|", page)[1])
    expected = (title, f"http://testserver{cited(page)}")
    assert (ris["title"], ris["urls"][0]) == expected
    assert (bibtex["title"], bibtex["url"]) == expected


def test_the_citation_names_site_title_edition_and_dates(client, baseline):
    page = page_of(client, "/reports/us-japan-alliance-2024/1.1/?as_of=2025-06-30")
    edition = Edition.objects.get()
    published = f"{edition.published_on:%-d %b %Y}"
    assert (
        "Integrated Alliance Tracker: “1.1 Restructure alliance command and control, The "
        "U.S.-Japan Alliance in 2024 (Armitage-Nye reports, no. 6)”. Edition 1 "
        f"of {published}, record as of 30 Jun 2025. http://testserver/reports/"
        "us-japan-alliance-2024/1.1/?as_of=2025-06-30&edition=1"
    ) in html.unescape(text_of(page))


def test_the_dashboard_is_cited_with_the_report_in_its_title(client, baseline):
    page = html.unescape(text_of(page_of(client, "/")))
    named = "The U.S.-Japan Alliance in 2024 (Armitage-Nye reports, no. 6)"
    assert f"“{named}: 5 of 83 verifiable actions are implemented”" in page


def test_marks_of_other_sites_and_empty_filters_stay_out_of_the_address(client, baseline):
    page = page_of(client, "/recommendations/?q=&utm_source=x&fbclid=y&party=japan&sort=report")
    assert cited(page) == (
        f"/recommendations/?party=japan&sort=report&as_of={today().isoformat()}&edition=1"
    )


def test_an_edition_alone_is_cited_as_of_the_day_of_its_publication(client, db):
    published_action()
    published_update(published_action(), "partly")
    page = page_of(client, "/changes/?edition=2")
    assert cited(page) == "/changes/?as_of=2026-06-20&edition=2"


def test_the_list_that_htmx_swaps_brings_its_own_citation(client, baseline):
    response = client.get("/recommendations/?party=japan", headers={"HX-Request": "true"})
    part = response.content.decode()
    assert "<html" not in part
    assert cited(part).startswith("/recommendations/?party=japan&as_of=")
    assert "Recommendations and actions" in file_of(client, part, "RIS").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/reports/us-japan-alliance-2024/9.9/",
        "/?zzz=1",
        "/recommendations/?status=zzz",
        "/appearance/",
        "/reports/us-japan-alliance-2024/1.1/report-an-error/",
        "/reports/us-japan-alliance-2024/1.1/report-an-error/thanks/",
        "/admin/login/",
    ],
)
def test_what_is_no_page_of_the_record_is_not_cited(client, baseline, address):
    page = client.get(address, follow=True).content.decode()
    assert "Skip to content" in page
    assert "Cite this page" not in page
    assert "cite-print" not in page


def test_before_the_first_edition_there_is_nothing_to_cite(client, db):
    for address in ("/", "/recommendations/", "/changes/", "/editions/", "/methodology/"):
        assert "Cite this page" not in page_of(client, address)
    assert client.get("/cite.bib?page=/changes/").status_code == 400


def test_of_each_page_it_is_decided_whether_it_is_cited():
    names = {page.name for page in EVERY}
    citable = {name.partition(":")[2] for name in CITABLE}
    assert citable | NEVER_CITED == names
    assert not citable & NEVER_CITED


# For good ---------------------------------------------------------------------------------------


@pytest.fixture
def record(db) -> SimpleNamespace:
    report = ReportFactory(is_featured=True)
    recommendation = RecommendationFactory(report=report, number="1.1")
    area = PolicyAreaFactory(slug="energy")
    recommendation.areas.add(area)
    action = published_action(recommendation=recommendation, parties=["japan"])
    others = [published_action(recommendation=recommendation, parties=["japan"]) for _n in "ab"]
    first = published_update(action, "partly")
    second = published_update(others[0], "implemented")
    published_update(others[1], "no_action")
    other = published_action()
    return SimpleNamespace(
        other=other,
        report=report, recommendation=recommendation, action=action, others=others,
        updates=[first, second],
    )  # fmt: skip


def test_a_cited_page_tells_the_same_after_later_editions(client, record):
    pages = ["/", "/reports/", "/recommendations/", "/recommendations/?status=partly&area=energy"]
    pages += ["/recommendations/?unit=recommendations", "/areas/energy/", "/parties/japan/"]
    pages += [record.recommendation.get_absolute_url(), "/changes/", "/corrections/"]
    pages += ["/editions/", "/editions/5/"]
    addresses = [cited(page_of(client, address)) for address in pages]
    before = [text_of(page_of(client, address)) for address in addresses]

    published_update(record.action, "implemented", on=date(2025, 9, 1))
    corrected(record.updates[0], status="in_progress")
    retracted(record.updates[1])
    parts = ActionFactory.create_batch(2, recommendation=record.recommendation)
    split(record.others[1], into=parts, reason="Two laws, two actions.")
    set_verifiable(record.action, is_verifiable=False, reason="Nobody could tell.")
    Report.objects.update(is_featured=False)
    Report.objects.filter(pk=record.other.recommendation.report_id).update(is_featured=True)

    assert Edition.objects.count() > 8
    now = [text_of(page_of(client, address)) for address in pages]
    assert [a == b for a, b in zip(now, before, strict=True)] == [False] * len(pages)
    assert [text_of(page_of(client, address)) for address in addresses] == before


@pytest.mark.parametrize("address", BASELINE_PAGES)
def test_a_cited_page_shows_the_figures_that_were_seen(client, baseline, address):
    """But for the filter by review date, which no edition tells of what it had not looked at."""
    page = page_of(client, address)
    # What is copied to embed a chart has the address of the page as it is seen.
    whole = [
        re.sub('<details class="take-along.*?</details>', "", one, flags=re.S)
        for one in (page, page_of(client, cited(page)))
    ]
    seen, then = [
        re.sub(r"Up to date \d+", "", text_of(re.search("<h1>.*?</main>", one, re.S)[0]))
        for one in whole
    ]
    of_today = f"Status on {today():%-d %b %Y}"
    assert then.replace(of_today, "Status today") == seen.replace(of_today, "Status today")


def test_a_file_tells_the_edition_of_the_page_it_was_asked_on(client, record):
    page = page_of(client, "/changes/")
    number = Edition.objects.count()
    published_update(record.action, "implemented", on=date(2025, 9, 1))
    [entry] = rispy.loads(file_of(client, page, "RIS").content.decode())
    assert entry["urls"][0].endswith(f"&edition={number}")


# Files ------------------------------------------------------------------------------------------

NASTY = [
    "100% of {braces} & $money #1_a ^b ~c \\end",
    "one { brace",
    "another } brace, }\n\n@misc{evil,",
    "ends in a backslash \\",
    'She said "no" and ‘yes’, “maybe”',
    "統合された同盟へ：日米同盟の指揮統制",
    "A line\r\nER  - \r\nTY  - BOOK\u2028TI  - Evil\x0bend\x85end",
    "<b>bold</b> & <script>alert(1)</script>",
    "%",
    "  much   room  ",
]


def citation(title: str) -> Citation:
    edition = Edition(number=3, kind="updates", published_at=noon(date(2026, 5, 2)))
    return Citation(
        title=title,
        site="Integrated Alliance Tracker",
        page="/recommendations/?q=%7B%25",
        address="https://example.org/recommendations/?q=%7B%25_a&as_of=2026-06-01&edition=3",
        edition=edition,
        on=date(2026, 6, 1),
    )


@pytest.mark.parametrize("title", NASTY)
def test_any_title_is_one_entry_of_bibtex(title):
    fields = bibtex_fields(citation(title).bibtex)
    assert "".join(fields["title"].split()) == "".join(title.split()).replace("\x0b", "")
    assert fields["author"] == "Integrated Alliance Tracker"
    assert (fields["year"], fields["month"]) == ("2026", "may")
    assert fields["note"] == "Edition 3, record as of 1 Jun 2026"
    assert fields["url"] == citation(title).address


@pytest.mark.parametrize("title", NASTY)
def test_braces_of_an_entry_are_balanced_for_bibtex_itself(title):
    """BibTeX counts a brace even behind a backslash."""
    depth, lowest = 0, []
    text = citation(title).bibtex
    for character in text.rstrip():
        depth += {"{": 1, "}": -1}.get(character, 0)
        lowest.append(depth)
    assert lowest[-1] == 0
    assert min(lowest[text.index("{") : -1]) > 0


@pytest.mark.parametrize("title", NASTY)
def test_any_title_is_one_entry_of_ris(title):
    text = citation(title).ris
    [entry] = rispy.loads(text)
    assert "".join(entry["title"].split()) == "".join(title.split()).replace("\x0b", "")
    assert (entry["type_of_reference"], entry["authors"]) == (
        "ELEC",
        ["Integrated Alliance Tracker"],
    )
    assert (entry["year"], entry["date"], entry["edition"]) == ("2026", "2026/05/02", "3")
    assert entry["notes"] == ["Edition 3, record as of 1 Jun 2026"]
    assert entry["urls"] == [citation(title).address]
    lines = text.split("\r\n")
    assert (lines[0], lines[-2:]) == ("TY  - ELEC", ["ER  - ", ""])
    assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert "\n" not in text.replace("\r\n", "")


def test_keys_are_plain_and_differ_with_the_address():
    one = citation("A")
    other = replace(one, address=f"{one.address}&x")
    for key in (one.key, other.key):
        assert re.fullmatch("[a-z0-9-]+", key)
    assert one.key != other.key
    assert one.key == citation("B").key
    assert "recommendations-ed3-20260601" in one.key


def test_a_nasty_title_of_the_record_survives_the_whole_way(client, db):
    title = 'The "Act" & {its} <b> 100%_limits \\ 同盟'
    action = published_action(recommendation=RecommendationFactory(number="7", headline=title))
    page = page_of(client, action.recommendation.get_absolute_url())
    expected = f"7 {title}, {action.recommendation.report.title}"
    assert bibtex_fields(file_of(client, page, "BibTeX").content.decode())["title"] == expected
    [entry] = rispy.loads(file_of(client, page, "RIS").content.decode())
    assert entry["title"] == expected
    assert "<b>" not in re.search('<p class="citation">.*?</p>', page)[0]


@pytest.mark.parametrize(
    ("kind", "content_type", "ending"),
    [
        ("BibTeX", "application/x-bibtex", "bib"),
        ("RIS", "application/x-research-info-systems", "ris"),
    ],
)
def test_files_say_what_they_are_and_have_a_name(client, baseline, kind, content_type, ending):
    response = file_of(client, page_of(client, "/recommendations/?party=japan"), kind)
    assert response["Content-Type"] == f"{content_type}; charset=utf-8"
    name = f'attachment; filename="iat-recommendations-ed1-[0-9a-f-]+\\.{ending}"'
    assert re.fullmatch(name, response["Content-Disposition"])


def test_the_page_speaks_its_own_language_whatever_that_of_the_file(client, baseline):
    with translation.override("ja"):
        expected = translation.gettext("Change log")
    for prefix in ("", "/ja"):
        response = client.get(f"{prefix}/cite.ris?page=/ja/changes/")
        [entry] = rispy.loads(response.content.decode())
        assert entry["title"] == expected
        assert urlsplit(entry["urls"][0]).path == "/ja/changes/"


# What is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        None,
        "",
        "changes/",
        "//evil.example/changes/",
        "/\\evil.example/changes/",
        "https://evil.example/changes/",
        "http://testserver/changes/",
        "javascript:alert(1)",
        "/nowhere/",
        "/changes",
        "/admin/",
        "/accounts/login/",
        "/healthz",
        "/appearance/",
        "/recommendations.csv",
        "/reports/us-japan-alliance-2024/1.1/report-an-error/",
        "/reports/us-japan-alliance-2024/1.1a/",
        "/reports/us-japan-alliance-2024/9.9/",
        "/reports/none/",
        "/areas/none/",
        "/cite.bib?page=/cite.bib",
        "/changes/?zzz=1",
        "/changes/?page=0",
        "/changes/?as_of=1999-01-01",
        "/changes/?edition=2",
        "/editions/2/",
        "/recommendations/?status=zzz",
        "/recommendations/?q=%00",
        "/changes/\r\nX-Evil: 1",
        "/changes/\0",
        "/" + "x" * 5_000,
    ],
)
@pytest.mark.parametrize("file", ["/cite.bib", "/cite.ris", "/ja/cite.ris"])
def test_what_is_no_page_that_can_be_cited_is_refused(client, baseline, page, file):
    response = client.get(file, {} if page is None else {"page": page})
    assert response.status_code == 400
    assert "Content-Disposition" not in response
    assert "X-Evil" not in response


def test_what_a_page_would_refuse_is_refused_for_its_citation(client, baseline):
    for page in ("/ja/changes/?zzz=1", "/reports/?zzz=1", "/recommendations/?status=zzz"):
        response = client.get("/cite.bib", {"page": page})
        assert response.status_code == 400 and "zzz" in response.content.decode(), page


def test_a_page_is_named_once_and_so_is_its_edition(client, baseline):
    assert client.get("/cite.bib?page=/&page=/").status_code == 400
    assert client.get("/cite.bib?page=/%3Fedition=1&edition=1").status_code == 400
    inside = client.get("/cite.bib?page=/changes/%3Fas_of=2025-01-01%26edition=1").content
    beside = client.get("/cite.bib?page=/changes/&as_of=2025-01-01&edition=1").content
    assert inside == beside


def test_a_pasted_address_may_have_an_anchor(client, baseline):
    page = quote("/methodology/#rule", safe="")
    assert client.get(f"/cite.bib?page={page}").status_code == 200


def test_whoever_asks_for_a_party_that_is_a_draft_learns_nothing(client, baseline):
    PartyFactory(slug="secret", name="Zanzibar-secret")
    response = client.get("/cite.ris?page=/parties/secret/")
    assert response.status_code == 400
    assert "Zanzibar" not in response.content.decode()
