"""``sim app``."""

import importlib.util
import socket
from typing import Annotated

import typer

from sim.cli import options, say
from sim.cli.guard import Failure

OPEN = (
    "Whoever can reach this machine can open it, with no password and nothing encrypted, and uses this machine's "
    "processor; nobody can read or write its files."
)


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

    from sim.web.door import alone
    from sim.web.server import serve

    opened = f"http://{_address(host)}:{chosen}"
    words = f"the page is at {opened} (Ctrl-C ends it)"
    if not alone(host):
        words += f"\n{OPEN}"
    serve(host, chosen, browser, lambda: say.note(words, quiet))


def _address(host: str) -> str:
    """Return the address to open: where all of this machine's are listened on, the one that others can reach."""
    if host != "0.0.0.0":
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        try:
            found.connect(
                ("192.0.2.1", 9)
            )  # of an address for documentation: it names the way there, and sends nothing
        except OSError:  # there is no network
            return socket.gethostname()
        return str(found.getsockname()[0])


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
