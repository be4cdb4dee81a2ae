"""Stop one server after the other, and say what readers see meanwhile.

`python -m tests.faults replica_behind` takes the named cases alone.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable
from traceback import format_exc

from .machines import MAX_LAG, TOKEN, Machines
from .processes import wait_for
from .readers import AREA, Reader, asked, reading

CASES: list[Callable[[Machines], str]] = []


def case(check: Callable[[Machines], str]) -> Callable[[Machines], str]:
    CASES.append(check)
    return check


def states(site: Machines) -> list[dict]:
    return [asked(node.port, "/readyz").json() for node in site.nodes if node.running]


def wait_for_state(site: Machines, server: str, state: str) -> None:
    is_so = lambda: all(one[server]["state"] == state for one in states(site))  # noqa: E731
    wait_for(f"{server} is {state}", is_so)


def is_well(site: Machines) -> None:
    """All is back: everything is answered, changed and seen at once by whoever changed it."""
    wait_for_state(site, "primary", "answers")
    wait_for_state(site, "cache", "answers")
    wait_for_state(site, "replica", "answers")
    wait_for("a reader is answered", lambda: Reader(site).status_of_new() == 200)
    wait_for("an editor signs in", lambda: Reader(site).sign_in().status_code == 302)
    site.wait_for_replica()


@case
def everything_is_there(site: Machines) -> str:
    reader = Reader(site)
    first = reader.get("/")
    assert first.status_code == 200 and first.headers["X-Cache"] in ("MISS", "REVALIDATED", "HIT")
    again = Reader(site).get("/", Cookie="_ga=GA1.2.3; other=x")
    assert again.headers["X-Cache"] in ("HIT", "REVALIDATED"), again.headers
    # After a second, which nginx counts in whole ones, a node says "unchanged" and it has the page.
    time.sleep(2.1)
    later = Reader(site).get("/", Cookie="_ga=GA1.2.3; other=x")
    assert later.headers["X-Cache"] == "REVALIDATED", later.headers
    assert again.content == later.content == first.content
    assert reader.get("/", **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert "X-Accel-Expires" not in first.headers
    dark = reader.get("/", Cookie="theme=dark")
    assert 'data-theme="dark"' in dark.text and 'data-theme="dark"' not in reader.text("/")
    plain = reader.get("/", **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and plain.text == first.text
    return "200, kept by the proxy, which asks a node each second"


@case
def somebody_is_signed_in(site: Machines) -> str:
    editor = Reader(site)
    assert editor.sign_in().status_code == 302
    for _n in range(2):
        page = editor.get("/")
        assert page.headers["X-Cache"] == "BYPASS", page.headers
        assert page.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in page.headers
    workspace = editor.get("/admin/")
    assert (workspace.status_code, workspace.headers["X-Cache"]) == (200, "BYPASS")
    assert Reader(site).get("/admin/").status_code == 302
    assert Reader(site).get("/").headers["X-Cache"] in ("HIT", "REVALIDATED", "EXPIRED")
    assert editor.get("/", Cookie="__Host-sessionid=made-up").headers["X-Cache"] == "BYPASS"
    return "200, private, past every cache"


@case
def watching(site: Machines) -> str:
    reader = Reader(site)
    assert [reader.get(f"/{name}").status_code for name in ("readyz", "metrics")] == [404, 404]
    for node in site.nodes:
        assert asked(node.port, "/metrics").status_code == 404
        told = asked(node.port, "/metrics", Authorization=f"Bearer {TOKEN}")
        assert told.status_code == 200
        for server in ("primary", "replica", "cache"):
            assert f'tracker_up{{server="{server}"}} 1.0' in told.text, told.text
    return "404 through the proxy and without the token; each node tells who has it"


@case
def replica_behind(site: Machines) -> str:
    """Within the limit readers see what was; who wrote never does; beyond it nobody does."""
    editor, reader = Reader(site), Reader(site)
    assert editor.sign_in().status_code == 302
    site.wait_for_replica()
    wait_for_state(site, "replica", "answers")
    site.replica.ask("SELECT pg_wal_replay_pause()")
    editor.rename_area("Taiwan, seen late")
    assert "Taiwan, seen late" in editor.text(AREA)
    editor.sign_out()
    assert any(cookie.name == "__Host-revision" for cookie in editor.session.cookies)
    late = "Taiwan, seen late" not in reader.text(AREA)
    for _n in range(4):
        assert "Taiwan, seen late" in editor.text(AREA)
    assert late, "a reader was expected to be read the replica"
    began = time.monotonic()
    wait_for("readers see it", lambda: "Taiwan, seen late" in reader.text(AREA))
    waited = time.monotonic() - began
    behind = states(site)[0]["replica"]
    assert behind["state"] == "behind" and behind["revisions_behind"], behind
    site.replica.ask("SELECT pg_wal_replay_resume()")
    return f"200; who published sees it at once, others {waited:.0f} s later (limit {MAX_LAG} s)"


@case
def replica_stopped(site: Machines) -> str:
    with reading(site) as load:
        site.replica.stop()
        load.go_on(150)
        wait_for_state(site, "replica", "away")
        assert all(one["ready"] for one in states(site))
        assert Reader(site).sign_in().status_code == 302
        site.replica.start()
    assert set(load.seen) == {"200"}, load
    return str(load)


@case
def primary_stopped(site: Machines) -> str:
    editor = Reader(site)
    assert editor.sign_in().status_code == 302
    site.wait_for_replica()
    with reading(site) as load:
        site.primary.stop()
        load.go_on(150)
        wait_for_state(site, "primary", "away")
        assert all(one["ready"] for one in states(site))
        assert Reader(site).sign_in().status_code == 503
        assert editor.get("/admin/").status_code == 503
        assert editor.get("/").status_code == 503
        site.primary.start()
    assert set(load.seen) == {"200"}, load
    return f"{load}; signing in and whoever is signed in: 503"


@case
def cache_stopped(site: Machines) -> str:
    with reading(site) as load:
        site.cache.stop(by=signal.SIGKILL)
        load.go_on(150)
        wait_for_state(site, "cache", "away")
        assert all(one["ready"] for one in states(site))
        said = [Reader(site).sign_in("wrong").text for _n in range(12)]
        assert "Too many" in said[-1], "attempts are counted in the database"
        site.primary.ask("TRUNCATE alliance_shared_cache")
        assert Reader(site).sign_in().status_code == 302
        site.cache.start()
    assert set(load.seen) == {"200"}, load
    return f"{load}; signing in: as ever, and attempts are still limited"


@case
def one_node_killed(site: Machines) -> str:
    with reading(site) as load:
        site.nodes[0].stop(by=signal.SIGKILL)
        load.go_on(150)
        assert Reader(site).sign_in().status_code == 302
        site.nodes[0].start()
    assert set(load.seen) == {"200"}, load
    return str(load)


@case
def both_databases_stopped(site: Machines) -> str:
    site.replica.stop()
    site.primary.stop()
    reader = Reader(site)
    wait_for("readers are told", lambda: reader.status_of_new() == 503)
    page = reader.get("/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert not any(one["ready"] for one in states(site))
    assert all(asked(node.port, "/healthz").status_code == 200 for node in site.nodes)
    site.primary.start()
    site.replica.start()
    return "503, to come back in 5 s"


@case
def both_nodes_killed(site: Machines) -> str:
    for node in site.nodes:
        node.stop(by=signal.SIGKILL)
    assert Reader(site).get("/").status_code == 502
    for node in site.nodes:
        node.start()
    # nginx leaves them out for some seconds.
    wait_for("they are asked again", lambda: Reader(site).get("/").status_code == 200)
    return "502"


@case
def all_back(site: Machines) -> str:
    editor = Reader(site)
    assert editor.sign_in().status_code == 302
    editor.rename_area("Taiwan, at last")
    site.wait_for_replica()
    wait_for("readers see it", lambda: "Taiwan, at last" in Reader(site).text(AREA))
    with reading(site) as load:
        load.go_on(150)
    assert set(load.seen) == {"200"}, load
    return str(load)


def main() -> int:
    # As when it is stopped by hand: what was started ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = [check for check in CASES if check.__name__ in sys.argv] or CASES
    failed = 0
    with Machines() as site:
        print(f"Servers in {site.folder}", flush=True)
        for check in chosen:
            name = check.__name__.replace("_", " ")
            try:
                is_well(site)
                print(f"ok      {name}: {check(site)}", flush=True)
            except (AssertionError, OSError):
                failed += 1
                print(f"FAILED  {name}: {format_exc()[-2000:]}", flush=True)
                break
        if failed:
            site.keep_logs()
    print(f"{chosen.index(check) + 1 - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
