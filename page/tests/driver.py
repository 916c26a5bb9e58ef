"""What drives the page from outside, for tests and benchmarks: a server of its own, and the system's Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

ARGUMENTS = ["--no-sandbox", "--disable-gpu"]  # what Chromium needs in a container


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Quiet(SimpleHTTPRequestHandler):
    """A server that knows nothing of the page, and says nothing: not when a browser leaves before it has all, either."""

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_: object) -> None: ...


class Server:
    """`sim app` in a process of its own."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        root = Path(__file__).parents[2]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
        environment["PYTHONPATH"] = os.pathsep.join([str(root), environment.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "sim", "app", "--no-browser", "--port", str(self.port)]
        self.log = (self.folder / "app.log").open("ab")
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(self.address + "/", timeout=5).close()
                return
            except OSError:
                with suppress(subprocess.TimeoutExpired):  # it asks again until the server answers, or has ended
                    self.process.wait(0.2)
                    raise AssertionError(self.words()) from None
        raise AssertionError(f"the server did not start: {self.words()}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def words(self) -> str:
        return (self.folder / "app.log").read_text()


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if path := shutil.which(name):
            return path
    raise RuntimeError(
        "these tests drive a real browser, and there is no Chromium: on Debian and Ubuntu, apt-get install chromium"
    )
