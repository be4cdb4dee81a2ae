"""Texts of the record in another language: what is missing, what was drafted, what is confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from recommendations import publishing
from recommendations.admin.pages import staff_page, user_of
from recommendations.admin.stale_forms import Difference
from recommendations.models import Report, Translation
from recommendations.models.translation import digest_of
from recommendations.text.word_differences import Wording, compare
from recommendations.translating.record_texts import (
    Text,
    is_in_record,
    label_of,
    texts_of,
    translate,
)
from recommendations.web.errors import BadAddress
from recommendations.web.parameters import page_of, strict

A_PAGE = 30
PARAMETERS = ("report", "language", "state", "page")
MISSING, DRAFTED, CONFIRMED = "missing", "drafted", "confirmed"
STATES = {
    MISSING: gettext_lazy("Missing"),
    DRAFTED: gettext_lazy("Machine-drafted, unreviewed"),
    CONFIRMED: pgettext_lazy("translation", "Confirmed"),
}


def urls(site: AdminSite) -> list[URLPattern]:
    def page(view):
        return staff_page(site, view, permission="change_translation")

    return [
        path("translations/", page(translation_list), name="translations"),
        path("translations/save/", page(require_POST(save_translation)), name="save_translation"),
    ]


@dataclass(frozen=True)
class TranslationRow:
    """A text and its translation, if there is one."""

    text: Text
    translation: Translation | None
    digest: str

    @property
    def label(self) -> str:
        return label_of(self.text.kind)

    @property
    def wording(self) -> Wording | None:
        """What changed in the original since it was translated, if anything did."""
        if self.translation is None or not self.translation.changed_from:
            return None
        return compare(self.translation.changed_from, self.text.words)

    @property
    def seen(self) -> str:
        return seen_version(self.translation)

    @property
    def state(self) -> str:
        if self.translation is None:
            return MISSING
        return CONFIRMED if self.translation.is_confirmed else DRAFTED


def seen_version(translation: Translation | None) -> str:
    """Return what changes with a translation's words and with whether somebody stands for them."""
    if translation is None:
        return "none"
    facts = translation.text, translation.changed_from, translation.confirmed_at
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:20]


@require_safe
@strict(*PARAMETERS, has_viewpoint=False)
def translation_list(request: HttpRequest) -> HttpResponse:
    """Show the texts of one report, and of the vocabularies, in one state."""
    return _show(request)


def _show(
    request: HttpRequest, *, status: int = 200, overtaken: Translation | None = None
) -> HttpResponse:
    reports = list(Report.objects.all())
    if not reports:
        raise Http404
    report = _chosen(request, "report", {one.slug: one for one in reports}, reports[0].slug)
    language = _chosen(request, "language", {c: c for c, _name in settings.LANGUAGES}, _usual())
    rows = list(_rows(report, language))
    state = _chosen(request, "state", {one: one for one in STATES}, DRAFTED)
    keep = QueryDict(mutable=True)
    keep.update({"report": report.slug, "language": language, "state": state})
    context = {
        "report": report,
        "reports": reports,
        "language": language,
        "languages": settings.LANGUAGES,
        "state": state,
        "states": [
            {"code": code, "label": label, "n": sum(row.state == code for row in rows)}
            for code, label in STATES.items()
        ],
        # What was typed and refused.
        "typed": request.POST,
        # What a colleague saved while it was typed, with the version that is sent again.
        "overtaken": overtaken,
        "overtaken_version": seen_version(overtaken),
        "differences": _versions(request, overtaken),
        "page": page_of(request, [row for row in rows if row.state == state], size=A_PAGE),
        "keep": f"{keep.urlencode()}&",
    }
    return render(request, "admin/translations.html", context, status=status)


def _usual() -> str:
    """Return the language with most to confirm, or else one that is not that of the page."""
    drafted = Translation.objects.filter(confirmed_at__isnull=True).order_by()
    most = drafted.values_list("language").annotate(n=Count("pk")).order_by("-n").first()
    if most:
        return most[0]
    return next(code for code, _name in settings.LANGUAGES if code != get_language())


def _chosen(request: HttpRequest, name: str, choices: dict, otherwise: str):
    asked = request.GET.getlist(name) or [otherwise]
    if len(asked) > 1 or asked[0] not in choices:
        raise BadAddress(
            [
                _("“%(name)s” can be one of: %(choices)s.")
                % {"name": name, "choices": ", ".join(choices)}
            ]
        )
    return choices[asked[0]]


def _rows(report: Report, language: str) -> Iterator[TranslationRow]:
    stored = {row.digest: row for row in Translation.objects.filter(language=language)}
    for text in texts_of(report):
        if text.language not in ("", language):
            digest = digest_of(text.kind, text.words, language)
            yield TranslationRow(text, stored.get(digest), digest)


def _versions(request: HttpRequest, overtaken: Translation | None) -> list[Difference]:
    if overtaken is None:
        return []
    yours = request.POST.get("words", "")
    return [Difference(label_of(overtaken.kind), yours, overtaken.text)]


@strict(*PARAMETERS, has_viewpoint=False)
def _refused(
    request: HttpRequest, *, status: int = 400, overtaken: Translation | None = None
) -> HttpResponse:
    """Show the list that the form came from, with what was typed."""
    return _show(request, status=status, overtaken=overtaken)


def _first_page(query: str) -> str:
    kept = QueryDict(query, mutable=True)
    kept.pop("page", None)
    return kept.urlencode()


@transaction.atomic
def save_translation(request: HttpRequest) -> HttpResponseBase:
    """Save the words of one text, confirmed or as a draft, and go back to the list.

    What a colleague saved since the page was opened is not overwritten: both are shown.
    """
    publishing.lock_state()
    post = request.POST
    kind, original, language = (post.get(name, "") for name in ("kind", "original", "language"))
    # A form sends line breaks as CR LF.
    original = original.replace("\r\n", "\n")
    back = f"{reverse('admin:translations')}?{QueryDict(post.get('keep', '')).urlencode()}"
    if language not in dict(settings.LANGUAGES) or not is_in_record(kind, original):
        messages.error(
            request,
            _("This text is not in the record any more. Your translation was: “%(words)s”")
            % {"words": post.get("words", "")},
        )
        return HttpResponseRedirect(back)
    confirms = "confirm" in post
    words = post.get("words", "").replace("\r\n", "\n")
    stored = Translation.objects.filter(digest=digest_of(kind, original, language)).first()
    if stored and post.get("seen") != seen_version(stored):
        if (stored.text, stored.is_confirmed) == (words.strip(), confirms):
            return HttpResponseRedirect(back)
        # The list may have fewer pages by now.
        request.GET = QueryDict(_first_page(post.get("keep", "")))
        return _refused(request, status=409, overtaken=stored)
    try:
        row = translate(
            original,
            kind,
            language,
            words,
            by=user_of(request),
            at=timezone.now() if confirms else None,
        )
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        request.GET = QueryDict(post.get("keep", ""))
        return _refused(request)
    said = _("Confirmed: “%(words)s”") if confirms else _("Saved as a draft: “%(words)s”")
    messages.success(request, said % {"words": str(row)})
    return HttpResponseRedirect(back)
