"""Which source an address is, and which source an item of evidence cites."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from recommendations import acts
from recommendations.models import Evidence, Source
from recommendations.models.act import Event
from recommendations.models.source import WORDS
from recommendations.text.source_keys import source_key

BATCH = 500


def known_source(url: str) -> Source | None:
    """Return the source at an address, if there is one (one query)."""
    return Source.objects.filter(key=source_key(url)).first()


@transaction.atomic
def source_for(url: str, *, by: User | None = None, **words: Any) -> Source:
    """Return the source at an address. Where there is none it is made, in these words (WORDS).

    One that is there keeps its own. Raises ValidationError for an address or a word that cannot
    be.
    """
    if found := known_source(url):
        return found
    made = Source(url=url, **words)
    made.full_clean()
    made.save()
    acts.note(Event.SOURCE, person=by, subject=acts.name_of(made), detail=f"added: {made.url}")
    return made


def give_sources(items: Iterable[Evidence]) -> None:
    """Give items that are about to be published the source at their address.

    Where there is none it is made in the words of its first item (at most three queries for each
    BATCH of items). What drafts cite is no source yet.
    """
    keyed = [(source_key(item.url), item) for item in items]
    for start in range(0, len(keyed), BATCH):
        batch = keyed[start : start + BATCH]
        ids = _ids_of({key for key, _item in batch})
        new = {}
        for key, item in batch:
            if key not in ids and key not in new:
                new[key] = _in_words_of(item)
        Source.objects.bulk_create(new.values())
        ids |= {key: made.pk for key, made in new.items()}
        changed = [item for key, item in batch if item.source_id != ids[key]]
        for key, item in batch:
            item.source_id = ids[key]
        Evidence.objects.bulk_update(changed, ["source"])


def _ids_of(keys: Collection[str]) -> dict[str, int]:
    return dict(Source.objects.filter(key__in=keys).values_list("key", "pk"))


def _in_words_of(item: Evidence) -> Source:
    made = Source(**{name: getattr(item, name) for name in WORDS})
    made.take_address(item.url)
    return made
