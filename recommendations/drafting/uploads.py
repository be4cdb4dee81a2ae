"""Uploads that end when they have brought enough."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from recommendations.importing.problems import LARGEST_FILE


class UploadLimit(FileUploadHandler):
    """Stops a file at the size that can be imported.

    It comes before the handlers that keep what arrives, so that they keep no more than this.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.received = 0

    @property
    def was_stopped(self) -> bool:
        return self.received > LARGEST_FILE

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.was_stopped:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""
        return
