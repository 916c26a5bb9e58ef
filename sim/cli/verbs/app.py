"""``sim app``."""

import importlib.util
import socket
from typing import Annotated

import typer

from sim.cli import options, say
from sim.cli.guard import Failure


def verb(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="The port to listen on; a free one where not said.")
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="The address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    quiet: options.Quiet = False,
) -> None:
    """Open the page: explore, play a capital, take lessons.

    It needs the extra "app" and no network. It ends with Ctrl-C.
    """
    if importlib.util.find_spec("nicegui") is None:
        raise Failure("the page needs NiceGUI, which is not installed: pip install 'driftback[app]'")
    if port is not None and not _free(host, port):
        raise Failure(f"port {port} of {host} is taken: name another with --port, or none to get a free one")
    chosen = port or _free_port(host)

    from sim.views.app.server import serve

    address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{chosen}"
    serve(host, chosen, browser, lambda: say.note(f"the page is at {address} (Ctrl-C ends it)", quiet))


def _free(host: str, port: int) -> bool:
    with socket.socket() as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
        except OSError:
            return False
    return True


def _free_port(host: str) -> int:
    with socket.socket() as found:
        try:
            found.bind((host, 0))
        except OSError as error:
            raise Failure(f"{host} is no address of this machine: {error.strerror}") from None
        return int(found.getsockname()[1])
