"""The addresses that are measured: all that anybody may open, of the largest that a record has.

They are made of the URL configuration, so that none is left out: a pattern whose arguments nobody
knows here fails, as it does in tests/public_pages.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.urls import NoReverseMatch, URLPattern, reverse

from alliance.urls import urlpatterns
from recommendations.filters import RecommendationFilterSet
from recommendations.index.keeping import Index, opened_at
from recommendations.index.view import key_of
from recommendations.models import Edition
from recommendations.record import Record
from recommendations.urls import app_name
from recommendations.viewpoint import Viewpoint
from recommendations.views.recommendation_list import ROWS_A_PAGE
from tests.public_pages import QUERIES, patterns

FAR_PAGE = 200
# A past day that is looked at, or one of those before it.
DAYS_AGO = 200


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
    newest: int
    middle: int
    far_page: int

    def arguments(self, name: str) -> dict[str, Any]:
        of_report = name in ("report", "text", "earlier")
        return {
            "report": self.report if of_report else self.of_detail,
            "number": self.newest if name.startswith("edition") else self.number,
            "label": self.label,
            "slug": self.party if name == "party" else self.area,
        }

    def queries(self, name: str) -> dict[str, str]:
        """Return the query strings of a pattern, each with what is said of it."""
        if name == "list":
            return {"": "", ", far page": f"page={self.far_page}"}
        if name == "list_csv":
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
    updates = record.counting_updates().order_by().values("action")
    first = updates.annotate(n=Count("pk")).order_by("-n", "action")[0]
    action = record.actions().select_related("recommendation__report").get(pk=first["action"])
    editions = list(Edition.objects.order_by("number").values_list("number", flat=True))
    return Largest(
        report=report,
        area=area,
        party=party,
        of_detail=action.recommendation.report.slug,
        number=action.recommendation.number,
        label=action.label,
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
    for name, route, pattern in patterns():
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


def _of_operators() -> Iterator[Address]:
    for pattern in urlpatterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            yield Address(pattern.name, reverse(pattern.name))


def past(n: int) -> dict[str, Any]:
    """Return pages that look at the past, and so many query strings of views that nobody made."""
    known = largest()
    with opened_at(Viewpoint.present()) as index:
        made = {key for (key,) in index.view.store.execute("SELECT view FROM views")}
    return {
        "pages": {
            "list": reverse(f"{app_name}:list"),
            "report": reverse(f"{app_name}:report", kwargs={"report": known.report}),
            "area": reverse(f"{app_name}:area", kwargs={"slug": known.area}),
        },
        "queries": {
            "as_of": [f"as_of={day}" for day in _days(n, made)],
            "edition": [f"edition={number}" for number in _editions(n, known.middle, made)],
        },
    }


def _days(n: int, made: set[str]) -> list[str]:
    found: list[str] = []
    day = Viewpoint.present().on - timedelta(days=DAYS_AGO)
    while len(found) < n:
        if key_of(Viewpoint(on=day, as_of=day)) not in made:
            found.append(day.isoformat())
        day -= timedelta(days=1)
    return found


def _editions(n: int, middle: int, made: set[str]) -> list[int]:
    """Return those nearest to the middle."""
    editions = sorted(Edition.objects.all(), key=lambda one: abs(one.number - middle))
    views = ((one.number, Viewpoint(on=one.published_on, edition=one)) for one in editions)
    found = [number for number, view in views if key_of(view) not in made]
    if len(found) < n:
        raise LookupError(f"The record has {len(found)} editions that nobody looked from, not {n}.")
    return found[:n]
