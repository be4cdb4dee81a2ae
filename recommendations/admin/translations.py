"""Texts of the record in another language: what is missing, what was drafted, what is confirmed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
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
from recommendations.translating.record_texts import is_in_record, label_of, translate
from recommendations.translating.texts import Text, as_read, texts_of
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
    """Show the texts of one report, and of the vocabularies, in one state.

    They come in the order in which readers meet them. It takes as many queries however many there
    are.
    """
    return _show(request)


def _show(
    request: HttpRequest, *, status: int = 200, overtaken: Translation | None = None
) -> HttpResponse:
    reports = list(Report.objects.all())
    if not reports:
        raise Http404
    report = _chosen(request, "report", {one.slug: one for one in reports}, reports[0].slug)
    stored = list(Translation.objects.select_related("confirmed_by"))
    codes = {code: code for code, _name in settings.LANGUAGES}
    language = _chosen(request, "language", codes, _usual(stored))
    rows = list(_rows(report, language, stored))
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


def _usual(stored: Iterable[Translation]) -> str:
    """Return the language with most to confirm, or else one that is not that of the page."""
    drafted = Counter(row.language for row in stored if not row.is_confirmed)
    if drafted:
        return drafted.most_common(1)[0][0]
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


def _rows(report: Report, language: str, stored: Iterable[Translation]) -> Iterator[TranslationRow]:
    of_digest = {row.digest: row for row in stored if row.language == language}
    for text in as_read(texts_of(report)):
        if text.language not in ("", language):
            digest = digest_of(text.kind, text.words, language)
            yield TranslationRow(text, of_digest.get(digest), digest)


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

    What a colleague saved since the page was opened is not overwritten: both are shown. Where the
    list's script sends the form, the answer says as JSON what became of it.
    """
    publishing.lock_state()
    post = request.POST
    kind, original, language = (post.get(name, "") for name in ("kind", "original", "language"))
    # A form sends line breaks as CR LF.
    original = original.replace("\r\n", "\n")
    back = f"{reverse('admin:translations')}?{QueryDict(post.get('keep', '')).urlencode()}"
    is_in_place = request.accepts("application/json") and not request.accepts("text/html")
    if language not in dict(settings.LANGUAGES) or not is_in_record(kind, original):
        gone = _("This text is not in the record any more. Your translation was: “%(words)s”")
        gone %= {"words": post.get("words", "")}
        if is_in_place:
            return JsonResponse({"problems": [gone]}, status=400)
        messages.error(request, gone)
        return HttpResponseRedirect(back)
    confirms = "confirm" in post
    words = post.get("words", "").replace("\r\n", "\n")
    stored = Translation.objects.filter(digest=digest_of(kind, original, language)).first()
    if stored and post.get("seen") != seen_version(stored):
        if (stored.text, stored.is_confirmed) == (words.strip(), confirms):
            return _saved(stored) if is_in_place else HttpResponseRedirect(back)
        if is_in_place:
            return _overtaken(stored)
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
        if is_in_place:
            return JsonResponse({"problems": error.messages}, status=400)
        for sentence in error.messages:
            messages.error(request, sentence)
        request.GET = QueryDict(post.get("keep", ""))
        return _refused(request)
    if is_in_place:
        return _saved(row)
    messages.success(request, _said_of(row) % {"words": str(row)})
    return HttpResponseRedirect(back)


def _said_of(row: Translation) -> str:
    return _("Confirmed: “%(words)s”") if row.is_confirmed else _("Saved as a draft: “%(words)s”")


def _saved(row: Translation) -> JsonResponse:
    state = CONFIRMED if row.is_confirmed else DRAFTED
    said = _said_of(row) % {"words": str(row)}
    return JsonResponse({"state": state, "said": said, "seen": seen_version(row)})


def _overtaken(stored: Translation) -> JsonResponse:
    """Say what a colleague saved meanwhile. Sent again with this version, ours replaces it."""
    nothing_lost = _(
        "Nothing was overwritten. Take over what you need and save again: then yours replaces it."
    )
    problems = [
        _("Somebody else saved this translation while you were writing yours"),
        nothing_lost,
    ]
    answer = {"problems": problems, "theirs": stored.text, "seen": seen_version(stored)}
    return JsonResponse(answer, status=409)
