"""The file of a copy as an answer: to be saved, and never shown as a page of ours."""

from __future__ import annotations

from mimetypes import guess_extension

from django.http import FileResponse

from recommendations.models import Capture
from recommendations.sources.captures import open_copy

# What no list of types of this machine need know. A page is packed with how it was asked for.
ENDINGS = {
    "application/warc": ".warc.gz",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
}


def copy_answer(capture: Capture) -> FileResponse | None:
    """Return the bytes of a copy as an attachment, or nothing where its file is not there.

    Its source has to be loaded.
    """
    file = open_copy(capture)
    if file is None:
        return None
    media_type = capture.media_type.partition(";")[0].strip()
    ending = ENDINGS.get(media_type) or guess_extension(media_type) or ".bin"
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{capture.source.slug}-{capture.sha256[:12]}{ending}",
        content_type="application/octet-stream",
    )
