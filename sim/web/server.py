"""The page on a server of this machine: files of a folder, for those who are let in."""

import socket
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any

from sim.web.host_check import REFUSED, is_own_request

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",  # the rest stands in the page, for other hosts too
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # the service worker keeps the files, and asks whether they are new
}
NO_FILE = "There is no such file.\n"
MOVED = {"/world": "history", "/play": "play", "/lessons": "lessons"}  # addresses of the first edition


class Server(ThreadingHTTPServer):
    """A server of the files of a folder; Ctrl-C does not wait for readers."""

    daemon_threads = True

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.host = host
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), partial(Files, directory=str(folder)))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader who has gone."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Files(SimpleHTTPRequestHandler):
    """Answers with a file, or refuses what is not :func:`sim.web.host_check.is_own_request`."""

    server: Server
    timeout = 60  # seconds that a reader may be silent
    protocol_version = "HTTP/1.1"
    # What a machine says of endings is its own, and a module of another type is not run.
    extensions_map = {  # noqa: RUF012
        ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
        ".json": "application/json", ".svg": "image/svg+xml", ".wasm": "application/wasm", ".png": "image/png",
        "": "application/octet-stream",
    }  # fmt: skip

    def parse_request(self) -> bool:
        """Read a request; refuse a stranger's before anything is looked for."""
        if not super().parse_request():
            return False
        if is_own_request(self.server.host, self.headers.get("Host", ""), self.headers.get("Origin")):
            return True
        self._say(403, REFUSED)
        return False

    def do_GET(self) -> None:
        """Answer with a file, or with where an address of the first edition has gone."""
        path, mark, query = self.path.partition("?")
        if path not in MOVED:
            super().do_GET()
            return
        self.send_response(302)
        self.send_header("Location", f"/#/{MOVED[path]}{mark}{query}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_head(self) -> IO[bytes] | None:  # type: ignore[override]
        """Find a file; an address that none can have, with a NUL in it, is that of none."""
        try:
            return super().send_head()
        except ValueError:
            self._say(404, NO_FILE)
            return None

    def list_directory(self, path: object) -> None:
        """List no folder."""
        self._say(404, NO_FILE)

    def end_headers(self) -> None:
        """Add what the browser has to know."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: whoever serves a class wants to read the address."""

    def _say(self, code: int, text: str) -> None:
        said = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said)
        self.close_connection = True
