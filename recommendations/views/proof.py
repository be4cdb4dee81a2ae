"""What readers need to check, without us, that the record was not rewritten."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.digests import keys, notes
from recommendations.exports.edition_json import pieces
from recommendations.record import Record
from recommendations.web.conditional import revalidated
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

CHECK = "recommendations/verify_record.py"
TEXT = "text/plain; charset=utf-8"


@require_safe
@revalidated
@strict(is_file=True)
def edition_record(request: PublicRequest, number: int) -> StreamingHttpResponse:
    """Answer with all that an edition was digested from."""
    record = Record(request.viewpoint)
    digest = get_object_or_404(record.digests(), edition__number=number)
    items = record.digested_items(number).iterator(chunk_size=200)
    response = StreamingHttpResponse(pieces(digest, items), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="record-{number}.json"'
    return response


@require_safe
@strict(is_file=True)
def checkpoint(request: PublicRequest) -> HttpResponse:
    """Answer with the newest digest, signed: what readers keep."""
    signers, digest = keys.signers(), Record(request.viewpoint).newest_digest()
    if not signers:
        return _missing(_("This tracker signs no checkpoints: it has no key."))
    if digest is None:
        return _missing(_("There is no edition yet, so there is nothing to sign."))
    head = notes.Head(signers[0].name, digest.edition_id, digest.digest)
    return _fresh(notes.sign(head, signers))


@require_safe
@strict(has_viewpoint=False, is_file=True)
def checkpoint_keys(request: PublicRequest) -> HttpResponse:
    """Answer with the public keys of those that sign checkpoints, one a line."""
    signers = keys.signers()
    if not signers:
        return _missing(_("This tracker signs no checkpoints: it has no key."))
    return _fresh("".join(f"{one.verifier.text}\n" for one in signers))


@require_safe
@strict(has_viewpoint=False, is_file=True)
def record_check(request: PublicRequest) -> HttpResponse:
    """Answer with the program that checks downloaded editions, at an address that lasts."""
    found = finders.find(CHECK)
    if not isinstance(found, str):
        raise Http404
    response = _fresh(Path(found).read_text(encoding="utf-8"))
    response["Content-Disposition"] = 'attachment; filename="verify_record.py"'
    return response


def _fresh(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type=TEXT)
    response["Cache-Control"] = "no-cache"
    return response


def _missing(sentence: str) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=404, content_type=TEXT)
