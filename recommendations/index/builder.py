"""Starts the process that makes a large index, once."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

from django.conf import settings

from alliance import replica

logger = logging.getLogger(__name__)
_running: subprocess.Popen[bytes] | None = None


def start_builder() -> None:
    """Make the index in a process of its own, unless one that this process started is at it.

    Of several that start at the same time one writes, and the others find it done.
    """
    global _running
    if _running is not None and _running.poll() is None:
        return
    logger.warning("The index is made by a process of its own: pages with filters wait for it.")
    _running = subprocess.Popen(
        [
            *(sys.executable, str(settings.BASE_DIR / "manage.py"), "update_index"),
            *("--database", replica.being_read()),
        ],
        cwd=settings.BASE_DIR,
        env=os.environ.copy(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
