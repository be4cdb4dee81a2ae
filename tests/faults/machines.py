"""All servers of a site with several machines, on this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from alliance.environment import BASE_DIR

from .nginx import proxy_of
from .postgresql import Cluster, is_caught_up, make_primary, make_replica
from .processes import Folder, Process, free_port, program, wait_for

TOKEN = "of-the-script-and-of-nobody-else-0123456789"
PASSWORD = "only for these minutes"
# Long enough for a look at pages that lag behind, on a busy machine.
MAX_LAG = 10
EDITOR = f"""
from django.contrib.auth.models import Group, User
user = User.objects.create_user("editor", password={PASSWORD!r}, is_staff=True)
user.groups.add(Group.objects.get(name="Editor"))
"""


class Machines:
    """`with Machines() as site:` starts them and leaves nothing behind."""

    def __init__(self) -> None:
        self.home = Folder()
        self.folder = self.home.path
        self.nodes: list[Process] = []
        self.clusters: list[Cluster] = []
        self.others: list[Process] = []

    def __enter__(self) -> Machines:
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self) -> None:
        self.primary = make_primary(self.folder)
        self.clusters.append(self.primary)
        self.cache = self._cache()
        self._load()
        self.replica = make_replica(self.folder, self.primary)
        self.clusters.append(self.replica)
        self.nodes = [self._node(n) for n in (1, 2)]
        self.proxy = self._proxy()
        self.others = [self.cache, self.proxy]
        for process in (*self.nodes, self.proxy):
            process.start()
        self.wait_for_replica()

    def __exit__(self, *error: object) -> None:
        for process in (*self.others, *self.nodes):
            process.stop()
        for cluster in reversed(self.clusters):
            cluster.stop()
        self.home.remove()

    def keep_logs(self) -> None:
        """Show the end of what each server wrote, which goes with the folder."""
        for log in sorted(self.folder.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}")

    def wait_for_replica(self) -> None:
        wait_for("the replica catches up", lambda: is_caught_up(self.primary, self.replica))

    def environment(self, *, user: str = "tracker_app", metrics: Path | None = None) -> dict:
        given = {
            "SECRET_KEY": "of-the-script-" + "0123456789" * 5,
            "ALLOWED_HOSTS": "localhost",
            "DATABASE_URL": self.primary.url(user),
            "NUM_PROXIES": "1",
            "TRUST_PROXY_SSL_HEADER": "1",
            "MFA_REQUIRED": "none",
            "STATIC_BASE_DIR": str(self.folder / "static"),
            "ALLIANCE_VAR": str(self.folder / "var"),
            "DJANGO_SETTINGS_MODULE": "alliance.settings",
            "DEBUG": "0",
            "ALLIANCE_TRYOUT": "0",
        }
        if metrics:
            given |= {
                "REPLICA_DATABASE_URL": self.replica.url(user),
                "REPLICA_MAX_LAG": str(MAX_LAG),
                "CACHE_URL": f"redis://127.0.0.1:{self.cache.port}/0",
                "METRICS_TOKEN": TOKEN,
                "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            }
        return given

    def _load(self) -> None:
        self._manage("migrate", "--verbosity", "0", user="tracker_owner")
        self._manage("collectstatic", "--noinput", "--verbosity", "0")
        self._manage("load_report", "fixtures/us_japan_alliance_2024.yaml")
        self._manage("shell", "--no-imports", "--command", EDITOR)

    def _manage(self, *arguments: str, user: str = "tracker_app") -> None:
        env = {**os.environ, **self.environment(user=user)}
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"{arguments}: {done.stdout}{done.stderr}")

    def _cache(self) -> Process:
        port = free_port()
        command = [program("valkey-server", "redis-server"), "--port", str(port), "--save", ""]
        command += ["--bind", "127.0.0.1", "--dir", str(self.folder)]
        cache = Process("cache", command, port=port, log=self.folder / "cache.log", env={})
        cache.start()
        self.others.append(cache)
        return cache

    def _node(self, number: int) -> Process:
        port, metrics = free_port(), self.folder / f"metrics-{number}"
        metrics.mkdir()
        command = [str(Path(sys.executable).with_name("gunicorn")), "alliance.wsgi"]
        command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--no-control-socket"]
        log, env = self.folder / f"node-{number}.log", self.environment(metrics=metrics)
        return Process(f"node-{number}", command, port=port, log=log, env=env)

    def _proxy(self) -> Process:
        self._certificate()
        return proxy_of([node.port for node in self.nodes], self.folder)

    def _certificate(self) -> None:
        files = ["-keyout", f"{self.folder}/privkey.pem", "-out", f"{self.folder}/fullchain.pem"]
        name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        subprocess.run([*command, *files, *name], check=True, capture_output=True)
