"""What an edition was digested from, as one JSON file that can be checked alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recommendations.digests.canonical import canonical
from recommendations.models import EditionDigest, EditionItem


def pieces(digest: EditionDigest, items: Iterable[EditionItem]) -> Iterator[str]:
    """Yield the file: an item a line, sorted by digest, each with its own."""
    yield f'{{"format":{digest.format},"header":{digest.header},'
    yield f'"previous":{canonical(digest.previous)},"items":[\n'
    comma = ""
    for item in items:
        key, own = canonical(item.key), canonical(item.digest)
        yield f'{comma}{{"digest":{own},"key":{key},"content":{item.content}}}'
        comma = ",\n"
    yield f'\n],"digest":{canonical(digest.digest)}}}\n'
