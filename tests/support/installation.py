"""The site as a municipality runs it: nginx with our own configuration, before gunicorn with ours."""

import http.client
import os
import pwd
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import ROOT
from support.server import environment

NAME = "beslis.example.nl"
NGINX = "/usr/sbin/nginx"


@dataclass
class Installation:
    """One machine with nginx and the site, for as long as a test runs."""

    folder: Path
    url: str
    ports: dict[str, int]
    site: subprocess.Popen[bytes] | None = None
    nginx: subprocess.Popen[bytes] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    def start_site(self, **settings: str) -> None:
        """Start gunicorn, and wait until it answers."""
        self.settings = settings or self.settings
        with (self.folder / "site.log").open("ab") as log:
            self.site = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"],
                cwd=ROOT,
                env=environment(self.url, self.folder)
                | {"PB_BASE_URL": f"https://{NAME}", "PB_BIND": f"127.0.0.1:{self.ports['site']}"}
                | self.settings,
                stdout=log,
                stderr=log,
            )
        wait_for_port(self.ports["site"], self.site)

    def stop_site(self) -> None:
        """Stop gunicorn as systemd does."""
        if self.site is not None:
            self.site.terminate()
            self.site.wait(timeout=45)
            self.site = None

    def start_nginx(self) -> None:
        """Start nginx, and wait until it answers."""
        with (self.folder / "nginx.out").open("ab") as out:
            self.nginx = subprocess.Popen(self.nginx_command("-g", "daemon off;"), stdout=out, stderr=out)
        wait_for_port(self.ports["https"], self.nginx)

    def nginx_command(self, *more: str) -> list[str]:
        """Give the command that runs nginx with the configuration of this installation."""
        return [NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), *more]

    def stop_nginx(self) -> None:
        """Stop nginx."""
        if self.nginx is not None:
            self.nginx.terminate()
            self.nginx.wait(timeout=15)
            self.nginx = None

    def connect(self, *, timeout: float = 60) -> http.client.HTTPConnection:
        """Open a connection as a browser does: to this name, over TLS."""
        connection = http.client.HTTPSConnection(NAME, timeout=timeout)
        connection.sock = self.handshake(timeout=timeout)
        return connection

    def handshake(
        self, *, name: str = NAME, speaks: tuple[str, ...] = ("http/1.1",), timeout: float = 20
    ) -> ssl.SSLSocket:
        """Shake hands with nginx, as somebody who asks for this name."""
        context = ssl.create_default_context(cafile=str(self.folder / "certificate"))
        context.check_hostname = name == NAME
        context.set_alpn_protocols(list(speaks))
        plain = socket.create_connection(("127.0.0.1", self.ports["https"]), timeout=timeout)
        try:
            return context.wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> "Answer":
        """Ask once, on a connection of its own."""
        connection = self.connect()
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def log(self, name: str) -> str:
        """Read a log from its beginning."""
        file = self.folder / name
        return file.read_text() if file.exists() else ""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    body: bytes


def render(folder: Path, ports: Mapping[str, int]) -> str:
    """Give our configuration of nginx with other places and ports, and nothing else changed."""
    text = (ROOT / "deploy/nginx/nginx.conf").read_text()
    kept = ""
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        (folder / kind).mkdir(exist_ok=True)
        kept += f"    {kind}_temp_path {folder / kind};\n"
    changes = {
        "user www-data;": f"user {pwd.getpwuid(os.geteuid()).pw_name};",
        "pid /run/nginx.pid;": f"pid {folder / 'nginx.pid'};",
        "/var/log/nginx/": f"{folder}/",
        "http {\n": "http {\n" + kept,
        "listen 80 default_server;": f"listen 127.0.0.1:{ports['http']} default_server;",
        "listen 80;": f"listen 127.0.0.1:{ports['http']};",
        "listen 443 ": f"listen 127.0.0.1:{ports['https']} ",
        "listen 127.0.0.1:8001;": f"listen 127.0.0.1:{ports['stand']};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{ports['site']};",
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(folder / "certificate"),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(folder / "certificate-secret"),
        "root /opt/beslisavond": f"root {ROOT}",
        # A machine that runs tests may allow fewer open files than a server.
        "worker_rlimit_nofile 16384;\n": "",
        "worker_connections 8192;": "worker_connections 1024;",
        "worker_processes auto;": "worker_processes 2;",
    }
    for old, new in changes.items():
        assert old in text, f"nginx.conf has no '{old}' any more"
        text = text.replace(old, new)
    return text


def make_certificate(folder: Path) -> None:
    """Make a certificate for our name that only this test believes."""
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", folder / "certificate-secret", "-out", folder / "certificate", "-days", "2",
            "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until somebody listens on a port."""
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None, "it ended before it listened"
            assert time.monotonic() < until, "nobody listens"
            time.sleep(0.05)


def reload(process: subprocess.Popen[bytes]) -> None:
    """Say what systemctl reload says."""
    process.send_signal(signal.SIGHUP)
