"""Full text, one interface for SQLite (FTS5) and PostgreSQL (tsvector).

A text is split in two: words, which the English stemmers of both databases see, and the Japanese
runs, cut in overlapping pairs of characters, because no word breaks are written there. A query is
split the same way, and each of its terms reaches the database quoted.

Both get words of letters and digits alone, without stop words: their own ways with "1.1", "2+2",
"and/or" and "Japan's" differ.
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
from .text.languages import in_every_language

# Without the middle dot, which separates the words of a name.
KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
KANJI = "々〆〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
JAPANESE_RUN = re.compile(f"[{KANA}{KANJI}]+")
HIRAGANA = (*range(0x3041, 0x3097), 0x309D, 0x309E)
HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in HIRAGANA}
WORD = re.compile(r"[^\W_]+")
# "U.S." and "US" are one word, and so are "1990s" and "1990" (PostgreSQL stems none with digits).
ABBREVIATION = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b")
PLURAL_OF_NUMBER = re.compile(r"(?<=\d)s\b")
# The list of PostgreSQL's English dictionary; FTS5 has none.
ENGLISH_STOP_WORDS = """
i me my myself we our ours ourselves you your yours yourself yourselves he him his
himself she her hers herself it its itself they them their theirs themselves what which
who whom this that these those am is are was were be been being have has had having do
does did doing a an the and but if or because as until while of at by for with about
against between into through during before after above below to from up down in out on
off over under again further then once here there when where why how all any both each
few more most other some such no nor not only own same so than too very s t can will
just don should now
"""
STOP_WORDS = frozenset(ENGLISH_STOP_WORDS.split())
TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')
STRAIGHT_QUOTES = str.maketrans("“”„", '"""')


@dataclass(frozen=True, slots=True)
class Term:
    """Words, or Japanese characters, that stand side by side."""

    text: str
    is_japanese: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All terms of `wanted`, and of each group of `unwanted` not all of its terms."""

    wanted: tuple[Term, ...]
    unwanted: tuple[tuple[Term, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)


def normalise(text: str) -> str:
    """Fold full and half width, case, and the two kana scripts."""
    return unicodedata.normalize("NFKC", text).casefold().translate(HIRAGANA_TO_KATAKANA)


def words_of(text: str) -> str:
    """Return the words that are no stop words, without accents, punctuation or Japanese."""
    text = unicodedata.normalize("NFKD", JAPANESE_RUN.sub(" ", normalise(text)))
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = ABBREVIATION.sub(lambda found: found[0].replace(".", ""), text)
    words = WORD.findall(PLURAL_OF_NUMBER.sub("", text))
    return " ".join(word for word in words if word not in STOP_WORDS)


def bigrams_of(text: str) -> str:
    """Return the pairs of each Japanese run, and its last character, so that one finds it too."""
    return " ".join(f"{_pairs(run)} {run[-1]}" for run in JAPANESE_RUN.findall(normalise(text)))


def _pairs(run: str) -> str:
    return " ".join(one + other for one, other in pairwise(run))


def parse(text: str) -> Query:
    """Read words, "quoted phrases" and -exclusions, in full width too."""
    wanted: list[Term] = []
    unwanted: list[tuple[Term, ...]] = []
    text = unicodedata.normalize("NFKC", text).translate(STRAIGHT_QUOTES)
    for minus, phrase, word in TERM.findall(text):
        terms = tuple(_terms(phrase or word))
        if not minus:
            wanted += terms
        elif terms:
            unwanted.append(terms)
    return Query(tuple(wanted), tuple(unwanted))


def _terms(text: str) -> Iterable[Term]:
    text = normalise(text)
    for run in JAPANESE_RUN.findall(text):
        yield Term(run, is_japanese=True)
    for rest in JAPANESE_RUN.split(text):
        if words := words_of(rest):
            yield Term(words)


def matching(queryset: models.QuerySet, text: str) -> models.QuerySet:
    """Filter actions or recommendations by a query; one without any term finds nothing."""
    query = parse(text)
    if not query:
        return queryset.none()
    match = _match_postgresql if connection.vendor == "postgresql" else _match_sqlite
    owner = SEARCHED[queryset.model]
    if query.wanted:
        queryset = queryset.filter(pk__in=match([query.wanted], owner))
    if query.unwanted:
        queryset = queryset.exclude(pk__in=match(query.unwanted, owner))
    return queryset


Groups = Collection[tuple[Term, ...]]
# The column of the documents that holds the key of what is searched.
SEARCHED = {Action: "action_id", Recommendation: "recommendation_id"}


def _match_sqlite(groups: Groups, owner: str) -> RawSQL:
    """Return the keys of what has all terms of any group.

    Keys of the rows that are asked for, not of their documents: joining these, SQLite tried every
    hit on every row.
    """
    conditions = [" AND ".join(_fts5(term) for term in terms) for terms in groups]
    return RawSQL(
        f"SELECT {owner} FROM recommendations_search AS hit "
        "JOIN recommendations_searchdocument AS document ON document.id = hit.rowid "
        f"WHERE recommendations_search MATCH %s AND {owner} IS NOT NULL",
        [" OR ".join(f"({condition})" for condition in conditions)],
    )


def _fts5(term: Term) -> str:
    if not term.is_japanese:
        return f'"{term.text}"'
    return f'"{_pairs(term.text)}"' if len(term.text) > 1 else f'"{term.text}" *'


def _match_postgresql(groups: Groups, owner: str) -> RawSQL:
    """Return the keys of what has all terms of any group."""
    params = [_tsquery_text(term) for terms in groups for term in terms]
    conditions = [" AND ".join(_tsquery(term) for term in terms) for terms in groups]
    where = " OR ".join(f"({condition})" for condition in conditions)
    return RawSQL(
        f"SELECT {owner} FROM recommendations_searchdocument "
        f"WHERE ({where}) AND {owner} IS NOT NULL",
        params,
    )


def _tsquery(term: Term) -> str:
    if not term.is_japanese:
        return "to_tsvector('english', words) @@ phraseto_tsquery('english', %s)"
    function = "phraseto_tsquery" if len(term.text) > 1 else "to_tsquery"
    return f"to_tsvector('simple', bigrams) @@ {function}('simple', %s)"


def _tsquery_text(term: Term) -> str:
    if not term.is_japanese:
        return term.text
    return _pairs(term.text) if len(term.text) > 1 else f"{term.text}:*"


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
    assert document.recommendation_id is not None  # The database has one of the two.
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


# Texts that are translated are found by each of their translations too.
TRANSLATED_AT = {
    "recommendation.headline": "headline",
    "recommendation.summary": "summary",
    "section.title": "section__title",
    "policyarea.name": "areas__name",
    "action.title": "actions__title",
    "party.name": "actions__parties__name",
    "body.name": "actions__bodies__name",
    "statusupdate.note": "actions__updates__note",
    "evidence.supports": "actions__updates__evidence__supports",
}


def recommendations_with(kind: str, texts: Collection[str]) -> list[int]:
    """Return the recommendations that a kind of text is searched with."""
    path = TRANSLATED_AT.get(kind)
    if path is None:
        return []
    found = Recommendation.objects.filter(**{f"{path}__in": texts})
    return list(found.values_list("pk", flat=True).distinct())


def _texts_of_recommendation(recommendation: Recommendation) -> Iterable[str]:
    yield recommendation.number
    yield from in_every_language(recommendation.headline, "recommendation.headline")
    yield from in_every_language(recommendation.summary, "recommendation.summary")
    yield from in_every_language(recommendation.section.title, "section.title")
    for area in recommendation.areas.all():
        yield from in_every_language(area.name, "policyarea.name")


def _texts_of_action(action: Action, *, number: str) -> Iterable[str]:
    yield action.label_within(number)
    yield from in_every_language(action.title, "action.title")
    for party in action.parties.all():
        yield from in_every_language(party.name, "party.name")
    for body in action.bodies.all():
        yield from in_every_language(body.name, "body.name")
    for update in action.updates.all():
        yield from in_every_language(update.note, "statusupdate.note")
        for item in update.evidence.all():
            yield from (item.title, item.publisher)
            yield from in_every_language(item.supports, "evidence.supports")
