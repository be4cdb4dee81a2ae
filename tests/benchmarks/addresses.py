"""The addresses that are measured: all that anybody may open, of the largest that a record has.

They are made of the URL configuration, so that none is left out: a pattern whose arguments nobody
knows here fails, as it does in tests/public_pages.py.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.urls import NoReverseMatch, URLPattern, resolve, reverse

from alliance.urls import urlpatterns
from recommendations.api.collection import COLLECTIONS
from recommendations.filters import RecommendationFilterSet
from recommendations.index.keeping import Index, opened_at
from recommendations.models import Edition
from recommendations.record import Record
from recommendations.urls import app_name
from recommendations.viewpoint import Viewpoint
from recommendations.views.recommendation_list import ROWS_A_PAGE
from tests.public_pages import QUERIES, patterns

from .page_answers import reader

FAR_PAGE = 200
# As servers are asked here; oEmbed answers for its own host alone.
HOST = "http://localhost"
# Patterns whose report is the one with most actions, not that of the recommendation.
OF_REPORT = ("report", "text", "earlier", "report_picture", "embed_report", "embed_history")
# A past day that is looked at, or one of those before it.
DAYS_AGO = 200
# Arguments of the patterns beside those of the record.
OF_OPERATORS = {"sitemap_file": ["recommendations", 0]}
# A made-up record has neither.
NOT_MADE_UP = ("site_logo", "site_accent")
# They have every row of the record: what a million of them cost, tests/benchmarks/csv_export.py
# tells, and the page that names them is measured.
WHOLE_FILES = ("table_csv", "table_jsonl", "record_xlsx", "edition_zip")
# A made-up record has no copy of a source.
OF_COPIES = "copy_file"


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Largest:
    """What has most actions, or most updates, and the editions."""

    report: str
    area: str
    party: str
    of_detail: str
    number: str
    label: str
    section: str
    update: str
    newest: int
    middle: int
    far_page: int

    def arguments(self, name: str) -> dict[str, Any]:
        of_report = name in OF_REPORT
        return {
            "report": self.report if of_report else self.of_detail,
            "number": self.newest if name.startswith("edition") else self.number,
            "label": self.label,
            "table": "actions",
            "section": self.section,
            "update": self.update,
            "position": 1,
            "edition_number": self.newest,
            "vocabulary": "status",
            "code": "partly",
            "slug": self.party if name.startswith("party") else self.area,
            "chart": "headline",
            "suffix": "svg",
        }

    def queries(self, name: str) -> dict[str, str]:
        """Return the query strings of a pattern, each with what is said of it."""
        if name == "list":
            return {"": "", ", far page": f"page={self.far_page}"}
        if name in WHOLE_FILES or name.endswith("_lines"):
            return {}
        if name == "oembed":
            return {"": f"url={HOST}{reverse(f'{app_name}:report', args=[self.report])}"}
        if name in ("list_csv", "list_xlsx", "list_jsonl"):
            # Of all rows, tests/benchmarks/csv_export.py tells.
            return {" of a report": f"report={self.report}"}
        return {"": QUERIES.get(name, "")}


def largest() -> Largest:
    with opened_at(Viewpoint.present()) as index:
        vocabularies = RecommendationFilterSet().vocabularies
        area, party = vocabularies.areas[0].code, vocabularies.parties[0].code
        counted = index.view.counted_actions
        report = _largest_report(index)
    record = Record(Viewpoint.present())
    # The one with most updates that have a source, whose address is among those measured.
    cited = record.counting_updates().filter(evidence__position=1)
    updates = cited.order_by().values("action")
    first = updates.annotate(n=Count("pk")).order_by("-n", "action")[0]
    owners = "recommendation__report", "recommendation__section"
    action = record.actions().select_related(*owners).get(pk=first["action"])
    editions = list(Edition.objects.order_by("number").values_list("number", flat=True))
    return Largest(
        report=report,
        area=area,
        party=party,
        of_detail=action.recommendation.report.slug,
        number=action.recommendation.number,
        label=action.label,
        section=action.recommendation.section.slug,
        update=cited.filter(action=action).latest_first()[0].slug,
        newest=editions[-1],
        middle=editions[len(editions) // 2],
        far_page=min(FAR_PAGE, -(-len(counted) // ROWS_A_PAGE)),
    )


def _largest_report(index: Index) -> str:
    counted = index.view.counted_actions
    reports = index.view.values("action", "report").items()
    sizes = Counter({key: rows.intersection_cardinality(counted) for key, rows in reports})
    return Record(Viewpoint.present()).reports().get(pk=sizes.most_common(1)[0][0]).slug


def every() -> list[dict[str, str]]:
    """Return the name and the address of each page."""
    return [asdict(one) for one in (*_of_the_record(largest()), *_of_operators())]


def _of_the_record(known: Largest) -> Iterator[Address]:
    rows = _rows_of_api()
    for name, route, pattern in patterns():
        if name.endswith("_item"):
            # What a made-up record has no row of is not measured.
            yield from (Address(name, path) for path in rows.get(name, ()))
            continue
        if name == OF_COPIES:
            continue
        arguments = known.arguments(name)
        try:
            needed = {one: arguments[one] for one in pattern.pattern.converters}
            path = reverse(f"{app_name}:{name}", kwargs=needed)
        except (KeyError, NoReverseMatch):
            raise LookupError(
                f"Nobody knows the arguments of “{name}” ({route}): give them in {__file__}."
            ) from None
        for told, query in known.queries(name).items():
            yield Address(name + told, f"{path}?{query}" if query else path)
        if name == "edition":
            middle = reverse(f"{app_name}:edition", kwargs={"number": known.middle})
            yield Address("edition, middle", middle)


def _rows_of_api() -> dict[str, list[str]]:
    """Return by the name of a pattern the address of the first row that it leads to."""
    found: dict[str, list[str]] = {}
    for table in COLLECTIONS:
        told = reader().get(reverse(f"{app_name}:api:{table}"), {"limit": "200"})
        for row in json.loads(told.content)["data"]:
            path = f"{reverse(f'{app_name}:api:index')}{table}/{row['id']}"
            found.setdefault(f"api:{resolve(path).url_name}", [path])
    return found


def _of_operators() -> Iterator[Address]:
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name not in (None, *NOT_MADE_UP):
            arguments = OF_OPERATORS.get(pattern.name)
            yield Address(pattern.name, reverse(pattern.name, args=arguments))


def past(n: int) -> dict[str, Any]:
    """Return pages that look at the past, and so many query strings, none of them twice."""
    known = largest()
    return {
        "pages": {
            "list": reverse(f"{app_name}:list"),
            "report": reverse(f"{app_name}:report", kwargs={"report": known.report}),
            "area": reverse(f"{app_name}:area", kwargs={"slug": known.area}),
        },
        "queries": {
            "as_of": [f"as_of={day}" for day in _days(n)],
            "edition": [f"edition={number}" for number in _editions(n, known.middle)],
        },
    }


def _days(n: int) -> list[str]:
    first = Viewpoint.present().on - timedelta(days=DAYS_AGO)
    return [(first - timedelta(days=days)).isoformat() for days in range(n)]


def _editions(n: int, middle: int) -> list[int]:
    """Return those nearest to the middle."""
    numbers = Edition.objects.values_list("number", flat=True)
    found = sorted(numbers, key=lambda number: abs(number - middle))
    if len(found) < n:
        raise LookupError(f"The record has {len(found)} editions, not {n}.")
    return found[:n]
