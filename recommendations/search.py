"""Full text, one interface for SQLite (FTS5) and PostgreSQL (tsvector).

A text is split in two: words, which the English stemmers of both databases see, and the Japanese
runs, cut in overlapping pairs of characters, because no word breaks are written there. A query is
split the same way, and each of its terms reaches the database quoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection, models
from django.db.models.expressions import RawSQL

from .models import Action, Recommendation, SearchDocument, StatusUpdate

JAPANESE = "々〆〇\u3041-\u3096\u309d-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
JAPANESE_RUN = re.compile(f"[{JAPANESE}\U00020000-\U0003ffff]+")
TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
# Words that PostgreSQL's English dictionary leaves out; FTS5 has no such list.
STOP_WORDS = frozenset(
    [
        "i",
        "me",
        "my",
        "we",
        "our",
        "you",
        "your",
        "he",
        "him",
        "his",
        "she",
        "her",
        "it",
        "its",
        "they",
        "them",
        "their",
        "what",
        "which",
        "who",
        "whom",
        "this",
        "that",
        "these",
        "those",
        "am",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "have",
        "has",
        "had",
        "having",
        "do",
        "does",
        "did",
        "doing",
        "a",
        "an",
        "the",
        "and",
        "but",
        "if",
        "or",
        "because",
        "as",
        "until",
        "while",
        "of",
        "at",
        "by",
        "for",
        "with",
        "about",
        "against",
        "between",
        "into",
        "through",
        "during",
        "before",
        "after",
        "above",
        "below",
        "to",
        "from",
        "up",
        "down",
        "in",
        "out",
        "on",
        "off",
        "over",
        "under",
        "again",
        "then",
        "once",
        "here",
        "there",
        "when",
        "where",
        "why",
        "how",
        "all",
        "any",
        "both",
        "each",
        "few",
        "more",
        "most",
        "other",
        "some",
        "such",
        "no",
        "nor",
        "not",
        "only",
        "own",
        "same",
        "so",
        "than",
        "too",
        "very",
        "s",
        "t",
        "can",
        "will",
        "just",
        "don",
        "should",
        "now",
    ]
)


@dataclass(frozen=True, slots=True)
class Term:
    text: str
    is_japanese: bool = False
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def normalise(text: str) -> str:
    """Fold full and half width, case, and the two kana scripts."""
    return unicodedata.normalize("NFKC", text).casefold().translate(HIRAGANA_TO_KATAKANA)


def words_of(text: str) -> str:
    return " ".join(JAPANESE_RUN.sub(" ", normalise(text)).split())


def bigrams_of(text: str) -> str:
    """Return the pairs of each Japanese run, and its last character, so that one finds it too."""
    pieces = []
    for run in JAPANESE_RUN.findall(normalise(text)):
        pieces += [one + other for one, other in pairwise(run)]
        pieces.append(run[-1])
    return " ".join(pieces)


def parse(text: str) -> Query:
    """Read words, "quoted phrases" and -exclusions."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for minus, phrase, word in TERM.findall(text):
        terms = unwanted if minus else wanted
        terms += _terms(phrase or word, is_phrase=bool(phrase))
    return Query(tuple(wanted), tuple(unwanted))


def _terms(text: str, *, is_phrase: bool) -> Iterable[Term]:
    text = normalise(text)
    for run in JAPANESE_RUN.findall(text):
        yield Term(run, is_japanese=True, is_phrase=True)
    for rest in JAPANESE_RUN.split(text):
        if any(character.isalnum() for character in rest) and (
            is_phrase or rest.strip() not in STOP_WORDS
        ):
            yield Term(rest.strip(), is_phrase=is_phrase)


def matching(queryset: models.QuerySet, text: str) -> models.QuerySet:
    """Filter actions or recommendations by a query; one without any term finds nothing."""
    query = parse(text)
    if not query:
        return queryset.none()
    match = _match_postgresql if connection.vendor == "postgresql" else _match_sqlite
    if query.wanted:
        queryset = queryset.filter(search_document__in=match(query.wanted, all_of=True))
    if query.unwanted:
        queryset = queryset.exclude(search_document__in=match(query.unwanted, all_of=False))
    return queryset


def _match_sqlite(terms: Iterable[Term], *, all_of: bool) -> RawSQL:
    expression = (" AND " if all_of else " OR ").join(_fts5(term) for term in terms)
    return RawSQL(
        "SELECT rowid FROM recommendations_search WHERE recommendations_search MATCH %s",
        [expression],
    )


def _fts5(term: Term) -> str:
    if term.is_japanese and len(term.text) == 1:
        return f'"{term.text}" *'
    text = _pairs(term.text) if term.is_japanese else term.text.replace('"', " ")
    return f'"{text}"'


def _pairs(run: str) -> str:
    return " ".join(one + other for one, other in pairwise(run))


def _match_postgresql(terms: Iterable[Term], *, all_of: bool) -> RawSQL:
    conditions, params = [], []
    for term in terms:
        if not term.is_japanese:
            conditions.append("to_tsvector('english', words) @@ phraseto_tsquery('english', %s)")
            params.append(term.text)
        elif len(term.text) == 1:
            conditions.append("to_tsvector('simple', bigrams) @@ to_tsquery('simple', %s)")
            params.append(f"{term.text}:*")
        else:
            conditions.append("to_tsvector('simple', bigrams) @@ phraseto_tsquery('simple', %s)")
            params.append(_pairs(term.text))
    where = (" AND " if all_of else " OR ").join(conditions)
    return RawSQL(f"SELECT id FROM recommendations_searchdocument WHERE {where}", params)


# The index --------------------------------------------------------------------------------------


def index(*, recommendation_ids: Collection[int]) -> None:
    """Write what search looks through, for these recommendations and their actions."""
    expected = expected_documents(recommendation_ids)
    stored = stored_documents(recommendation_ids)
    new, changed = [], []
    for key, document in expected.items():
        found = stored.get(key)
        if found is None:
            new.append(document)
        elif (found.words, found.bigrams) != (document.words, document.bigrams):
            found.words, found.bigrams = document.words, document.bigrams
            changed.append(found)
    SearchDocument.objects.bulk_create(new, batch_size=200)
    SearchDocument.objects.bulk_update(changed, ["words", "bigrams"], batch_size=200)


Key = tuple[str, int]


def stored_documents(recommendation_ids: Collection[int]) -> dict[Key, SearchDocument]:
    documents = SearchDocument.objects.filter(
        models.Q(recommendation__in=recommendation_ids)
        | models.Q(action__recommendation__in=recommendation_ids)
    )
    return {_key(document): document for document in documents}


def _key(document: SearchDocument) -> Key:
    if document.action_id:
        return ("action", document.action_id)
    return ("recommendation", document.recommendation_id)


def expected_documents(recommendation_ids: Collection[int]) -> dict[Key, SearchDocument]:
    """Return the documents as they should be, in a fixed number of queries."""
    recommendations = Recommendation.objects.filter(pk__in=recommendation_ids)
    recommendations = recommendations.select_related("section").prefetch_related(
        "areas",
        models.Prefetch("actions", Action.objects.prefetch_related("parties", "bodies")),
        models.Prefetch(
            "actions__updates",
            StatusUpdate.objects.counting().in_order().prefetch_related("evidence"),
        ),
    )
    documents = {}
    for recommendation in recommendations:
        own = [*_texts_of_recommendation(recommendation)]
        everything = list(own)
        for action in recommendation.actions.all():
            texts = list(_texts_of_action(action, number=recommendation.number))
            if not action.is_draft:
                everything += texts
            document = _document([*own, *texts], action=action)
            documents[_key(document)] = document
        document = _document(everything, recommendation=recommendation)
        documents[_key(document)] = document
    return documents


def _document(texts: Iterable[str], **owner) -> SearchDocument:
    text = "\n".join(texts)
    return SearchDocument(words=words_of(text), bigrams=bigrams_of(text), **owner)


def _texts_of_recommendation(recommendation: Recommendation) -> Iterable[str]:
    yield recommendation.number
    yield recommendation.headline
    yield recommendation.summary
    yield recommendation.section.title
    yield from (area.name for area in recommendation.areas.all())


def _texts_of_action(action: Action, *, number: str) -> Iterable[str]:
    yield action.label_within(number)
    yield action.title
    yield from (party.name for party in action.parties.all())
    yield from (body.name for body in action.bodies.all())
    for update in action.updates.all():
        yield update.note
        for item in update.evidence.all():
            yield from (item.title, item.publisher, item.supports)
