"""By which groups actions are counted and what they are called, kept while an answer is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asgiref.local import Local
from django.core.signals import request_started
from django.utils.translation import get_language, pgettext

from recommendations.kept_of_state import kept_of_answer
from recommendations.record import Record
from recommendations.statuses import WITH_OTHERS
from recommendations.text.languages import versions
from recommendations.text.scripts import language_of
from recommendations.viewpoint import Viewpoint

_of_thread = Local()


@dataclass(frozen=True, slots=True)
class Group:
    """A group as editors wrote it. `parties` are slugs; “with others” has none."""

    code: str
    name: str = ""
    row_name: str = ""
    parties: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """Its name in the language of the reader."""
        if not self.name:
            return pgettext("addressee", "With others")
        return _said(self.name, "addresseegroup.name")

    @property
    def row_label(self) -> str:
        """What a table calls it: a party alone is not all that is asked of it."""
        return _said(self.row_name, "addresseegroup.row_name") if self.row_name else self.label

    @property
    def party(self) -> str:
        """The slug of the one party that it is about, or nothing."""
        return next(iter(self.parties)) if len(self.parties) == 1 else ""


REST = Group(WITH_OTHERS)


def _said(text: str, kind: str) -> str:
    """Return a text in the language of the reader, without a mark: rows repeat it by the dozen."""
    said: dict[tuple[str | None, str, str], str] | None = getattr(_of_thread, "said", None)
    if said is None:
        said = _of_thread.said = {}
    key = (get_language(), text, kind)
    if key not in said:
        is_readers = language_of(text) in ("", key[0])
        said[key] = text if is_readers else versions(text, kind)[0].text
    return said[key]


def groups() -> tuple[Group, ...]:
    """Return all groups in their order, “with others” last (one query an answer)."""
    found: tuple[Group, ...] | None = getattr(_of_thread, "groups", None)
    if found is None:
        found = kept_of_answer(Viewpoint.present(), "addressee groups", _read)
        _of_thread.groups = found
    return found


def _read() -> tuple[Group, ...]:
    rows = Record(Viewpoint.present()).addressee_groups().with_party_slugs()
    named = tuple(Group(*row) for row in rows)
    return named if named and named[-1].code == WITH_OTHERS else (*named, REST)


def has_named_groups() -> bool:
    """Whether there is more to tell of an action than that it has others to do it."""
    return len(groups()) > 1


def group_of(code: str) -> Group:
    """Return a group by its code; of one that was just deleted the code alone is known."""
    for group in groups():
        if group.code == code:
            return group
    return Group(code, name=code)


class GroupLabels:
    """Codes with their labels in the language of the reader, read whenever they are asked for."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter([(group.code, group.label) for group in groups()])

    @property
    def choices(self) -> GroupLabels:
        """Itself, under the name that vocabularies of the code give theirs."""
        return self


def forget(**kwargs: object) -> None:
    """Look for changes before groups are next asked for."""
    _of_thread.groups = _of_thread.said = None


def connect() -> None:
    """Look for changes at the start of each request: another process may have made them."""
    request_started.connect(forget)
