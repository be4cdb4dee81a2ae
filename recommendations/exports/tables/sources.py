"""Reads what the evidence cites: sources, and the copies that are kept of them."""

from __future__ import annotations

from array import array

from django.db.models import Exists, OuterRef

from recommendations.exports.csv_rows import stated
from recommendations.index.conditions import keys as among
from recommendations.paths import path_of
from recommendations.querysets import CaptureQuerySet, SourceQuerySet
from recommendations.querysets.base import count_of
from recommendations.text.languages import plain_texts

from .history import evidence
from .rows import Capture
from .rows import Source as SourceRow
from .source import Keys, Source, in_order, keys_of


def sources(source: Source) -> SourceQuerySet:
    """Return the sources that items of the table of evidence cite."""
    items = evidence(source).filter(source=OuterRef("pk")).order_by()
    return source.record.sources().filter(Exists(items)).order_by("pk")


def source_keys(source: Source) -> array[int]:
    return keys_of(sources(source).values_list("pk", flat=True).iterator())


def read_sources(source: Source, keys: Keys) -> list[SourceRow]:
    """Return the sources of keys (one query)."""
    items = evidence(source).filter(source=OuterRef("pk"))
    rows = (
        sources(source)
        .filter(pk__in=among(keys))
        .order_by()
        .annotate(n=count_of(items))
        .with_dead_since()
    )
    named = plain_texts("evidence.publisher")
    listed = source.address(path_of("recommendations:list"))
    found = {
        one.pk: SourceRow(
            id=one.slug,
            source_url=one.url,
            host=one.host,
            title=one.title,
            publisher=named(one.publisher),
            language=one.language,
            kind=one.kind,
            is_state_media=one.is_state_media,
            published_on=stated(one.published_on, one.published_precision),
            published_precision=one.published_precision if one.published_on else "",
            archived_url=one.archived_url,
            items=one.n,
            url=f"{listed}?source={one.slug}",
            dead_since=one.dead_since.date() if one.dead_since else None,
        )
        for one in rows
    }
    return in_order(keys, found)


def captures(source: Source) -> CaptureQuerySet:
    cited = sources(source).filter(pk=OuterRef("source")).order_by()
    return source.record.captures().filter(Exists(cited)).order_by("pk")


def capture_keys(source: Source) -> array[int]:
    return keys_of(captures(source).values_list("pk", flat=True).iterator())


def read_captures(source: Source, keys: Keys) -> list[Capture]:
    """Return the copies of keys (one query)."""
    rows = captures(source).filter(pk__in=among(keys)).order_by().select_related("source")
    found = {
        one.pk: Capture(
            id=f"{one.source.slug}/{one.pk}",
            source=one.source.slug,
            made_at=one.made_at,
            way=one.way,
            sha256=one.sha256,
            size=one.size,
            media_type=one.media_type,
            archived_url=one.archived_url,
            removed_at=one.removed_at,
            removal_reason=one.removal_reason,
        )
        for one in rows
    }
    return in_order(keys, found)
