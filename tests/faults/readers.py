"""Whoever reads the site through the proxy: one after the other, or many at once."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread
from types import TracebackType

import requests

from .machines import PASSWORD, Machines
from .processes import HANGS

AREA = "/areas/taiwan/"
PAGES = ("/", "/recommendations/", AREA, "/ja/", "/changes/feed.atom", "/deadlines/")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
# A mark that the tracker ignores, and that makes an address that no cache has.
NEW = count()


class Reader:
    def __init__(self, site: Machines) -> None:
        self.root = f"https://localhost:{site.proxy.port}"
        self.session = requests.Session()
        # Neither a proxy nor other certificates of this machine.
        self.session.trust_env = False
        self.session.verify = str(site.folder / "fullchain.pem")

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(
            self.root + path, headers=headers, timeout=HANGS, allow_redirects=False
        )

    def status_of_new(self, path: str = "/") -> int:
        """Return the status of a page that has to be made."""
        return self.get(f"{path}?utm_source={next(NEW)}").status_code

    def text(self, path: str) -> str:
        return self.get(path).text

    def post(self, path: str, data: dict[str, str]) -> requests.Response:
        """Send the form of a page as a browser does."""
        page = self.get(path)
        found = TOKEN.search(page.text)
        if found is None:
            return page
        seen = re.search(r'name="seen_version" value="(\w+)"', page.text)
        data = {**data, "csrfmiddlewaretoken": found[1]}
        data |= {"seen_version": seen[1]} if seen else {}
        return self.session.post(
            self.root + path,
            data=data,
            # The port is one of this script alone.
            headers={"Referer": f"https://localhost{path}"},
            timeout=HANGS,
            allow_redirects=False,
        )

    def sign_in(self, password: str = PASSWORD) -> requests.Response:
        return self.post("/accounts/login/", {"login": "editor", "password": password})

    def sign_out(self) -> None:
        assert self.post("/accounts/logout/", {}).status_code == 302

    def rename_area(self, name: str) -> None:
        """Change public content: whose name stands on the page of the area."""
        listed = self.text("/admin/recommendations/policyarea/?q=taiwan")
        found = re.search(r"/admin/recommendations/policyarea/(\d+)/change/", listed)
        assert found, listed[:500]
        page = self.text(found[0])
        position = re.search(r'name="position" value="(\d+)"', page)
        assert position
        data = {"name": name, "slug": "taiwan", "position": position[1]}
        data |= {f"assignments-{part}_FORMS": "0" for part in ("TOTAL", "INITIAL")}
        assert self.post(found[0], data).status_code == 302


def asked(port: int, path: str, **headers: str) -> requests.Response:
    """Ask one node by itself, past the proxy."""
    address = f"http://127.0.0.1:{port}{path}"
    return requests.get(address, headers={"Host": "localhost", **headers}, timeout=HANGS)


class Load:
    """Readers who go on reading, pages that are kept and pages that have to be made."""

    def __init__(self, site: Machines, *, n: int = 3) -> None:
        self.site, self.over = site, Event()
        self.seen: Counter[str] = Counter()
        self.slowest = 0.0
        self.threads = [Thread(target=self._read) for _n in range(n)]

    def _read(self) -> None:
        reader = Reader(self.site)
        for number in count():
            if self.over.is_set():
                return
            page = PAGES[number % len(PAGES)]
            mark = f"?utm_source={next(NEW)}" if number % 3 == 0 else ""
            began = time.monotonic()
            try:
                status = str(reader.get(page + mark).status_code)
            except requests.RequestException as error:
                status = type(error).__name__
            self.seen[status] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def go_on(self, number: int = 60) -> None:
        """Wait until so many more were answered."""
        wanted = sum(self.seen.values()) + number
        until = time.monotonic() + HANGS
        while sum(self.seen.values()) < wanted and time.monotonic() < until:
            time.sleep(0.05)

    def __str__(self) -> str:
        n = ", ".join(f"{number} x {status}" for status, number in sorted(self.seen.items()))
        return f"{n}; slowest {self.slowest:.1f} s"


@contextmanager
def reading(site: Machines) -> Iterator[Load]:
    with Load(site) as load:
        load.go_on()
        yield load
        load.go_on()
