"""What an editor should look at first, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .document import Document
from .hits import CONCLUSION
from .repetitions import Merged


def notes_of(document: Document, found: Sequence[Merged]) -> Iterator[str]:
    yield from document.notes
    if not found:
        yield _(
            "No recommendation was found. Mark what is one in the breakdown, or write each so that "
            "it opens with a bold sentence, a number or the word “Recommendation”."
        )
    if n := sum(one.hit.rule == CONCLUSION for one in found):
        yield (
            ngettext(
                "%(n)d numbered paragraph asks for nothing. Take it if you want it.",
                "%(n)d numbered paragraphs ask for nothing. Take those that you want.",
                n,
            )
            % {"n": n}
        )
    if n := sum(bool(one.repeated) for one in found):
        yield (
            ngettext(
                "The report lists %(n)d recommendation more than once; it is proposed once.",
                "The report lists %(n)d recommendations more than once; each is proposed once.",
                n,
            )
            % {"n": n}
        )
    for name, value in (
        (_("title"), document.title),
        (_("authors"), document.authors),
        (_("date of publication"), document.published_on),
    ):
        if not value:
            yield _("The file does not say the %(name)s: add it.") % {"name": name}
