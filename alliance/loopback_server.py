"""Gunicorn on the loopback address, as a child that lives as long as we do."""

import errno
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import TracebackType

from django.conf import settings
from django.utils.translation import gettext as _

from alliance.parent import ends_with_this_process

HOST = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 35  # gunicorn itself gives requests 30


class ServerError(Exception):
    """What went wrong, as a sentence for the person at the terminal."""


def refuse_unusable_port(port: int) -> None:
    """Looks at IPv6 too: a browser may take localhost for ::1 and reach another server there."""
    for family, host in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                # As gunicorn does; else connections that have just closed count as in use.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OverflowError as error:
            raise ServerError(
                _("%(port)d is not a port: choose 1024 to 65535.") % {"port": port}
            ) from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ServerError(
                    _("Port %(port)d is in use. Choose another: make run PORT=%(next)d")
                    % {"port": port, "next": port + 1}
                ) from error
            if error.errno == errno.EACCES:
                raise ServerError(
                    _("Port %(port)d needs more rights: choose 1024 or up.") % {"port": port}
                ) from error
            if family == socket.AF_INET:
                raise ServerError(
                    _("Port %(port)d cannot be used: %(reason)s.")
                    % {"port": port, "reason": error.strerror}
                ) from error


class LoopbackServer:
    def __init__(self, port: int) -> None:
        self.port = port
        self.is_stopping = False

    def __enter__(self) -> "LoopbackServer":
        command = [sys.executable, "-m", "gunicorn", "alliance.wsgi", "--no-control-socket"]
        command += ["--bind", f"{HOST}:{self.port}", "--workers", "2", "--log-level", "warning"]
        # A group of its own: Ctrl-C would otherwise reach gunicorn directly as well, and it
        # takes a SIGINT as an order to cut requests off.
        self.process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            process_group=0,
            preexec_fn=ends_with_this_process(),
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def stop(self) -> None:
        self.is_stopping = True
        self.process.terminate()

    def is_answering(self) -> bool:
        """Waits for the first answer. False when it was told to stop before."""
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._answers():
                return True
            time.sleep(0.1)
        if self.is_stopping:
            return False
        if self.process.poll() is None:
            raise ServerError(
                _("The server did not answer within %(n)d seconds.") % {"n": SECONDS_TO_START}
            )
        raise ServerError(_("The server stopped before it answered; its messages stand above."))

    def _answers(self) -> bool:
        # A proxy set in the environment has no business with a loopback address.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://{HOST}:{self.port}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def wait(self) -> int:
        code = self.process.wait()
        return code if code >= 0 else 128 - code
