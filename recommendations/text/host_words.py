"""What the sources of one host say alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

# So many sources of a host are needed, and this share of them has to name the same publisher: on
# others stand the texts of many, of which no host tells.
LEAST_SOURCES, LEAST_SHARE = 2, 0.75
# How a text was made public, whoever did it, and no kind of host.
OF_TEXTS = ("announcement",)


def words_of_hosts(
    rows: Iterable[tuple[str, str, str, str]],
) -> Mapping[str, dict[str, str]]:
    """Return by host its publisher, and kind and language where all that state one agree.

    A row has the host, publisher, kind and language of a source.
    """
    said: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for host, *words in rows:
        publisher, kind, language = words
        said[host].append((publisher, "" if kind in OF_TEXTS else kind, language))
    found = {host: _words(words) for host, words in sorted(said.items())}
    return {host: words for host, words in found.items() if words}


def _words(said: list[tuple[str, str, str]]) -> dict[str, str]:
    publishers, kinds, languages = (
        list(filter(None, column)) for column in zip(*said, strict=True)
    )
    if len(said) < LEAST_SOURCES or not publishers:
        return {}
    [(publisher, n)] = Counter(publishers).most_common(1)
    if n < len(said) * LEAST_SHARE:
        return {}
    return {"publisher": publisher, "kind": _one_of(kinds), "language": _one_of(languages)}


def _one_of(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""
