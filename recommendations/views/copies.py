"""Our copies of sources, where their rights are set to allow that readers have them."""

from __future__ import annotations

from mimetypes import guess_extension

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from recommendations.models.source import CopyRights
from recommendations.record import Record
from recommendations.sources.captures import open_copy
from recommendations.web.parameters import strict
from recommendations.web.public_request import PublicRequest

# What no list of types of this machine need know.
ENDINGS = {"application/warc": ".warc", "application/pdf": ".pdf"}


@require_safe
@strict(is_file=True)
def copy_file(request: PublicRequest, source: str, sha256: str) -> FileResponse:
    """Answer with the bytes of a copy, to be saved: nothing of it is shown as a page of ours."""
    kept = Record(request.viewpoint).captures().kept()
    capture = kept.filter(
        source__slug=source, source__copy_rights=CopyRights.ALLOWED, sha256=sha256
    ).first()
    file = open_copy(capture) if capture else None
    if capture is None or file is None:
        raise Http404
    media_type = capture.media_type.partition(";")[0].strip()
    ending = ENDINGS.get(media_type) or guess_extension(media_type) or ".bin"
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{source}-{sha256[:12]}{ending}",
        content_type="application/octet-stream",
    )
