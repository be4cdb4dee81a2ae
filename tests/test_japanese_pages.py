"""Every page in Japanese: no stray English, and the figures of the English page."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html import unescape

import html5lib
import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import resolve
from django.utils import timezone, translation

from alliance.background import queue
from alliance.models import SeenWorker
from recommendations.admin.background import JobState
from recommendations.capturing.problems import Reason
from recommendations.drafting.file_reading import read_file
from recommendations.filters import RecommendationFilterSet
from recommendations.models import Capture, FileToRead, Recommendation, StatusUpdate
from recommendations.statuses import Status

from .factories import (
    CaptureFactory,
    CaptureRequestFactory,
    FileToReadFactory,
    ReaderReportFactory,
    SourceFactory,
    draft_update,
)
from .lengths import IS_LONG, each, has_long_form
from .stray_english import stray_english

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

LINK = re.compile(r'href="(/ja/[^"#]*)')
# Of the pages that one view makes, and of their addresses with parameters, so many are read.
PAGES_A_VIEW = 6 if IS_LONG else 2
QUERIES_A_VIEW = 3 if IS_LONG else 1
FEWEST = 50 if IS_LONG else 25


def public_pages(client: Client) -> Iterator[tuple[str, str]]:
    """Yield the address and the HTML of what links lead to from the front page."""
    waiting, seen = deque(["/ja/"]), {"/ja/"}
    read: Counter[tuple[str, bool]] = Counter()
    while waiting:
        address = waiting.popleft()
        response = client.get(address)
        assert response.status_code == 200, address
        if not response["Content-Type"].startswith("text/html"):
            continue
        html = response.content.decode()
        yield address, html
        for link in map(unescape, LINK.findall(html)):
            path, _mark, query = link.partition("?")
            if link in seen or path.startswith(("/ja/admin/", "/ja/accounts/")):
                continue
            seen.add(link)
            view = resolve(path).view_name, bool(query)
            read[view] += 1
            if read[view] <= (QUERIES_A_VIEW if query else PAGES_A_VIEW):
                waiting.append(link)


def figures(html: str) -> list[str]:
    """Return what a page counts and draws: numbers of tables and lists, and all geometry."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    found = []
    for element in tree.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag in ("rect", "path", "line", "polygon", "use"):
            names = ("x", "y", "width", "height", "d", "points", "x1", "x2", "y1", "y2", "href")
            found += [f"{tag} {element.get(name)}" for name in names if element.get(name)]
        elif tag in ("td", "b", "strong"):
            text = "".join(element.itertext()).strip()
            # A year by itself is a date, of which Japanese says that it is one.
            is_figure = re.fullmatch(r"[\d.,%+−-]+", text) and not re.fullmatch(r"20\d\d", text)
            found += [text] if is_figure else []
    return found


@has_long_form
def test_every_public_page_is_japanese_with_the_figures_of_the_english_one(baseline, client):
    stray, other = {}, []
    pages = list(public_pages(client))
    for address, html in pages:
        assert '<html lang="ja"' in html, address
        # On the page for programs names, values and forms stand between the words.
        words = [] if "/api/v1/docs/" in address else stray_english(html)
        if words:
            stray[address] = words
        english = client.get(address.removeprefix("/ja")).content.decode()
        if figures(html) != figures(english):
            other.append(address)
    assert len(pages) >= FEWEST
    assert stray == {}
    assert other == []


@has_long_form
def test_what_research_added_is_japanese(second_coding, client):
    counted = Recommendation.objects.filter(from_edition__isnull=False).order_by("position")
    numbers = counted.values_list("number", flat=True)
    pages = [f"/ja/reports/us-japan-alliance-2024/{number}/" for number in numbers]
    for address in ["/ja/corrections/", "/ja/editions/2/", *each(pages, step=4)]:
        response = client.get(address)
        assert response.status_code == 200
        assert stray_english(response.content.decode()) == [], address


def test_the_status_words_are_those_of_the_methodology():
    with translation.override("ja"):
        words = {status.value: str(status.label) for status in Status}
    assert words == {
        "not_assessed": "未評価",
        "no_action": "未措置",
        "in_progress": "措置中",
        "partly": "一部措置済",
        "implemented": "措置済",
        "stalled": "停滞",
        "rejected": "不採用",
        "overtaken": "状況変化により終了",
    }


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ja/nowhere/", 404),
        ("/ja/recommendations/?status=zzz", 400),
        ("/ja/recommendations/?deadline_after=soon", 400),
        ("/ja/?as_of=1990-01-01", 400),
        ("/ja/?edition=99", 400),
        ("/ja/recommendations/?page=99", 400),
        ("/ja/changes/compare/?from=x", 400),
    ],
)
def test_pages_of_errors_are_japanese(baseline, client, address, status):
    response = client.get(address)
    assert response.status_code == status
    words = [word.split(" (")[0] for word in stray_english(response.content.decode())]
    # A refusal names the parameters and the codes that there are.
    codes = {part for code in codes_of_filters() for part in re.findall(r"[a-z]+", code)} | {"rows"}
    assert [word for word in words if word not in codes and word not in address] == []


def codes_of_filters() -> set[str]:
    return {*RecommendationFilterSet.base_filters, *Status, "as_of", "edition", "page", "to"}


# Staff ------------------------------------------------------------------------------------------


def staff_addresses() -> dict[str, list[str]]:
    """Return the pages of the main round, by role."""
    recommendation = Recommendation.objects.get(number="1.1")
    action = recommendation.actions.first()
    update = StatusUpdate.objects.counting().get(action=action)
    report = recommendation.report.slug
    return {
        "analyst": [
            "",
            "log/",
            f"log/?action={action.pk}",
            f"review/{update.slug}/correct/",
            "recommendations/action/",
            "recommendations/action/?work=overdue",
            "recommendations/statusupdate/",
            "reader-reports/",
            "shortcuts/",
            "sources/requests/",
            *(f"sources/{one.source_id}/copies/" for one in Capture.objects.all()),
            *(f"sources/copies/{one.pk}/text/?q=橋" for one in Capture.objects.all()),
            *(f"recommendations/capture/{one.pk}/change/" for one in Capture.objects.all()),
        ],
        "reviewer": ["", "review/", f"review/{update.slug}/", f"review/{update.slug}/retract/"],
        "editor": [
            "",
            f"breakdown/{report}/",
            f"text/{report}/",
            "import/",
            "translations/",
            "translations/?state=confirmed",
            f"actions/{action.pk}/split/",
            f"recommendations/report/{recommendation.report_id}/change/",
            f"recommendations/recommendation/{recommendation.pk}/change/",
            f"recommendations/recommendation/{recommendation.pk}/history/",
            f"recommendations/action/{action.pk}/change/",
            "recommendations/policyarea/",
            "recommendations/party/add/",
            "recommendations/body/",
            "recommendations/contextevent/add/",
            "recommendations/edition/",
            "recommendations/assignment/add/",
            *(f"import/reading/{file.pk}/" for file in FileToRead.objects.all()),
        ],
        "administrator": ["", *(f"background/?state={state}" for state in JobState)],
    }


@pytest.mark.parametrize("role", ["analyst", "reviewer", "editor", "administrator"])
def test_every_page_of_the_staff_is_japanese(baseline, client, staff_member, role):
    user: User = staff_member(role, role.capitalize())
    ReaderReportFactory(recommendation=Recommendation.objects.get(number="1.1"), message="読んだ。")
    draft_update(Recommendation.objects.get(number="1.1").actions.first())
    capture = CaptureFactory(source=SourceFactory(title="第七条"), text="第七条")
    ended = {"ended_at": timezone.now(), "asked_by": user}
    CaptureRequestFactory(address=capture.source.url, asked_by=user)
    CaptureRequestFactory(state="failed", reason=Reason.UNREADABLE, **ended)
    files = [FileToReadFactory(file_name="報告書", uploaded_by=user) for _n in range(3)]
    for file in files:
        read_file.enqueue(file.pk)
    SeenWorker.objects.create(name="港", seen_at=timezone.now())
    job = queue.take(now=timezone.now())
    assert job
    queue.give_up(job, now=timezone.now())
    assert queue.take(now=timezone.now())
    client.force_login(user)
    stray = {}
    for address in staff_addresses()[role]:
        response = client.get(f"/ja/admin/{address}")
        assert response.status_code == 200, address
        words = stray_english(response.content.decode())
        # The name that somebody signs in with.
        if words := [word for word in words if not word.startswith(f"{role} (")]:
            stray[address] = words
    assert stray == {}
