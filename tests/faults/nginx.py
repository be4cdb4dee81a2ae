"""The proxy of deploy/nginx/tracker.conf, with names, ports and folders of this machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from alliance.environment import BASE_DIR

from .processes import Process, free_port, program

MAIN = """
pid FOLDER/nginx.pid;
error_log FOLDER/nginx-error.log;
events {}
http {
    access_log FOLDER/access.log;
    client_body_temp_path FOLDER/nginx-body;
    proxy_temp_path FOLDER/nginx-proxy;
    include FOLDER/tracker.conf;
}
"""


def proxy_of(nodes: Sequence[int], folder: Path, *, speaks_tls: bool = True) -> Process:
    """Return the proxy of two nodes by their ports. With TLS its certificate lies in `folder`.

    The same port twice is one node.
    """
    port, plain = free_port(), free_port()
    text = (BASE_DIR / "deploy/nginx/tracker.conf").read_text()
    for name, here in {
        "/etc/nginx/certificates": str(folder),
        "/var/cache/nginx/tracker": str(folder / "kept"),
        "server node-1:8000": f"server 127.0.0.1:{nodes[0]}",
        "server node-2:8000": f"server 127.0.0.1:{nodes[-1]}",
        "listen 443 ssl": f"listen 127.0.0.1:{port}" + (" ssl" if speaks_tls else ""),
        "listen 80": f"listen 127.0.0.1:{plain}",
        "server_name tracker.example.org": "server_name localhost",
    }.items():
        assert name in text, name
        text = re.sub(rf"{re.escape(name)}\b", here, text)
    if not speaks_tls:
        text = re.sub(r"^ +ssl_.*\n", "", text, flags=re.MULTILINE)
    (folder / "tracker.conf").write_text(text)
    main = folder / "nginx.conf"
    main.write_text(MAIN.replace("FOLDER", str(folder)))
    command = [program("nginx"), "-c", str(main), "-g", "daemon off;"]
    return Process("proxy", command, port=port, log=folder / "proxy.log", env={})
