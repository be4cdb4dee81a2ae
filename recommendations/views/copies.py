"""Our copies of sources, where their rights are set to allow that readers have them."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from recommendations.models.source import CopyRights
from recommendations.record import Record
from recommendations.web.copy_files import copy_answer
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest


@require_safe
@strict(is_file=True)
def copy_file(request: PublicRequest, source: str, sha256: str) -> FileResponse:
    """Answer with the bytes of a copy, to be saved: nothing of it is shown as a page of ours."""
    kept = Record(request.viewpoint).captures().kept().select_related("source")
    capture = kept.filter(
        source__slug=source, source__copy_rights=CopyRights.ALLOWED, sha256=sha256
    ).first()
    answer = copy_answer(capture) if capture else None
    if answer is None:
        raise Http404
    return answer
