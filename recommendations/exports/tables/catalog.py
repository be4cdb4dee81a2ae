"""The record as a dataset that machines find: schema.org on the page, DCAT as a file.

Its shape follows DCAT-AP 3 as far as the record says what that asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.models import Edition
from recommendations.paths import path_of
from recommendations.record import Record
from recommendations.text.licence import LICENCE_URL

from .package import description
from .registry import TABLES
from .source import Source

MEDIA = "https://www.iana.org/assignments/media-types/"
THEME = "http://publications.europa.eu/resource/authority/data-theme/"
CSV, JSON_LINES = "text/csv", "application/jsonl"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


@dataclass(frozen=True)
class Distribution:
    """One file of the dataset."""

    title: str
    url: str
    media_type: str


def distributions(source: Source) -> Iterator[Distribution]:
    """Yield each file of the record, seen from where the source looks."""
    for name, table in TABLES.items():
        yield _file(source, f"{table.title} (CSV)", "table_csv", name, media_type=CSV)
        title = f"{table.title} (JSON Lines)"
        yield _file(source, title, "table_jsonl", name, media_type=JSON_LINES)
    yield _file(source, _("All tables (XLSX)"), "record_xlsx", media_type=XLSX)
    if edition := source.record.newest_edition():
        title = _("All tables as %(edition)s told them (ZIP)") % {"edition": edition}
        yield _file(source, title, "edition_zip", edition.number, media_type=ZIP)


def _file(
    source: Source, title: str, name: str, *arguments: object, media_type: str
) -> Distribution:
    path = path_of(f"recommendations:{name}", *arguments)
    return Distribution(title, _address(source, path), media_type)


def _address(source: Source, path: str) -> str:
    return source.address(source.record.viewpoint.address(path))


def coverage(record: Record) -> str:
    """Return from when until when the record tells, as an interval of ISO 8601."""
    first = record.first_day()
    return f"{first.isoformat() if first else '..'}/{record.viewpoint.on.isoformat()}"


def dataset_of(source: Source, *, page: str) -> dict[str, Any]:
    """Return the record as a Dataset of schema.org. `page` is where people read of it."""
    edition = source.record.newest_edition()
    publisher = {"@type": "Organization", "name": site_name(), "url": f"{source.root}/"}
    found = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": _address(source, path_of("recommendations:data")),
        "name": _name(),
        "description": description(),
        "url": page,
        "identifier": _address(source, path_of("recommendations:data")),
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": publisher,
        "publisher": publisher,
        "inLanguage": source.language,
        "temporalCoverage": coverage(source.record),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": one.title,
                "contentUrl": one.url,
                "encodingFormat": one.media_type,
            }
            for one in distributions(source)
        ],
    }
    return found | _of_edition(edition)


def _name() -> str:
    return _("Record of %(site)s") % {"site": site_name()}


def _of_edition(edition: Edition | None) -> dict[str, Any]:
    if edition is None:
        return {}
    moment = edition.published_at.isoformat().replace("+00:00", "Z")
    return {"version": str(edition.number), "dateModified": moment}


# DCAT ------------------------------------------------------------------------------------------

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
LANGUAGE_CODES = {"en": "ENG", "ja": "JPN"}


def catalog_of(source: Source) -> dict[str, Any]:
    """Return a catalogue whose one dataset is the record, as JSON-LD."""
    home = _address(source, path_of("recommendations:data"))
    return {
        "@context": CONTEXT,
        "@type": "dcat:Catalog",
        "@id": _address(source, path_of("recommendations:data_catalog")),
        "dcterms:title": _said(_name()),
        "dcterms:description": _said(description()),
        "dcterms:publisher": _publisher(source),
        "dcterms:license": {"@id": LICENCE_URL},
        "dcterms:language": _languages(),
        "foaf:homepage": {"@id": f"{source.root}/"},
        "dcat:dataset": [_dcat_dataset(source, home)],
    }


def _dcat_dataset(source: Source, home: str) -> dict[str, Any]:
    record = source.record
    edition, first = record.newest_edition(), record.first_day()
    period = {"dcat:endDate": _day(record.viewpoint.on.isoformat())}
    if first:
        period = {"dcat:startDate": _day(first.isoformat())} | period
    found: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "@id": f"{home}#dataset",
        "dcterms:title": _said(_name()),
        "dcterms:description": _said(description()),
        "dcterms:identifier": home,
        "dcterms:publisher": _publisher(source),
        "dcterms:license": {"@id": LICENCE_URL},
        "dcterms:language": _languages(),
        "dcterms:temporal": {"@type": "dcterms:PeriodOfTime", **period},
        "dcat:landingPage": {"@id": home},
        "dcat:theme": [{"@id": f"{THEME}INTR"}, {"@id": f"{THEME}GOVE"}],
        "dcat:distribution": [_dcat_distribution(one) for one in distributions(source)],
    }
    if edition:
        found["dcat:version"] = str(edition.number)
        moment = edition.published_at.isoformat().replace("+00:00", "Z")
        found["dcterms:modified"] = {"@type": "xsd:dateTime", "@value": moment}
    return found


def _dcat_distribution(one: Distribution) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "@id": f"{one.url}#distribution",
        "dcterms:title": _said(one.title),
        "dcat:accessURL": {"@id": one.url},
        "dcat:downloadURL": {"@id": one.url},
        "dcat:mediaType": {"@id": f"{MEDIA}{one.media_type}"},
        "dcterms:license": {"@id": LICENCE_URL},
    }


def _publisher(source: Source) -> dict[str, Any]:
    return {"@type": "foaf:Agent", "@id": f"{source.root}/#publisher", "foaf:name": site_name()}


def _languages() -> list[dict[str, str]]:
    codes = (LANGUAGE_CODES.get(code) for code, _label in settings.LANGUAGES)
    return [{"@id": f"{LANGUAGES}{code}"} for code in codes if code]


def _said(text: str) -> dict[str, str]:
    return {"@value": text, "@language": get_language() or "en"}


def _day(day: str) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": day}
