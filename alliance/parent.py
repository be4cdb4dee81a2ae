"""A child that ends with the process that started it, however that ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

# Of <linux/prctl.h>: the signal that the kernel sends when the parent is gone.
PR_SET_PDEATHSIG = 1


def ends_with_this_process() -> Callable[[], None] | None:
    """Return what subprocess.Popen takes as preexec_fn; None where only Linux could do it."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def end_with_it() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            # It was gone before the kernel was told.
            os._exit(1)

    return end_with_it
