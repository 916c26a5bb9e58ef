"""``sim app``."""

import socket
import tempfile
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say
from sim.cli.guard import Failure, how_to_install
from sim.cli.verbs.site import has_page

OPEN = (
    "Whoever can reach this machine can open it, with no password and nothing encrypted. Each reader's own device "
    "simulates; nobody can read or write this machine's files."
)

OPEN_CLASS = (
    "Whoever is in this network and sees the room code can sit down at a table; nothing is encrypted. Nobody is asked "
    "for a name, and nobody can read or write this machine's files."
)


def verb(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="A folder that `sim site` wrote (default: the page of this package)."),
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65535, help="Port to listen on (default: a free one).")
    ] = None,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    together: Annotated[
        bool, typer.Option("--class", help="Let a class play one history together, on phones in the same network.")
    ] = False,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    quiet: options.Quiet = False,
) -> None:
    """Open the page: the answer, explore, play, lessons.

    It needs no network. Stop it with Ctrl-C. `sim site` writes the same page for any web server, and the documentation.
    """
    from sim.web.host_check import listens_here_only
    from sim.web.server import Server
    from sim.web.site_folder import write_site

    if folder is not None and not has_page(folder):
        raise Failure(f"{folder} has no page. Write one there first: sim site {folder}")
    with tempfile.TemporaryDirectory() as name:
        if folder is None:
            write_site(Path(name))
        if together:
            _play_together(folder or Path(name), host, port, browser)
            return
        try:
            server = Server(folder or Path(name), host, port or 0)
        except (OSError, TypeError, ValueError) as error:  # a name that cannot be encoded is a TypeError
            raise Failure(_why(error, host, port)) from None
        opened = f"http://{_address(host)}:{server.server_port}/"
        words = f"the page is at {opened} (Ctrl-C ends it)"
        say.note(words if listens_here_only(host) else f"{words}\n{OPEN}")
        if browser:
            webbrowser.open(opened)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say.note("")
        finally:
            server.server_close()


def _play_together(folder: Path, host: str, port: int | None, browser: bool) -> None:
    """Serve a class: this machine listens to others, for that is what was asked."""
    try:
        from sim.web import classroom
    except ImportError as error:
        raise Failure(f"a class needs {error.name}. {how_to_install('class')}") from None
    listening = "0.0.0.0" if host == "127.0.0.1" else host
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind((listening, port or 0))
        except OSError as error:
            raise Failure(_why(error, listening, port)) from None
        port = int(probe.getsockname()[1])
    own = f"{_address(listening)}:{port}"
    room = classroom.Classroom({own, f"127.0.0.1:{port}", f"localhost:{port}"}, f"http://{own}")
    screen = f"http://127.0.0.1:{port}/#/class?key={room.key}"
    say.note(f"the big screen is at {screen}")
    say.note(f"phones open http://{own}/phone.html and type {room.room}")
    say.note("Ctrl-C ends the class, and nothing of it is kept")
    say.note(OPEN_CLASS)
    if browser:
        webbrowser.open(screen)
    classroom.serve(room, folder, listening, port)
    say.note("")


def _why(error: Exception, host: str, port: int | None) -> str:
    why = error.strerror if isinstance(error, OSError) else "no name of a machine"
    if port is not None and not isinstance(error, socket.gaierror) and "in use" in str(why):
        return f"port {port} of {host} is taken: name another with --port, or none to get a free one"
    return f"{host} cannot be listened on{f' at port {port}' if port else ''}: {why}"


def _address(host: str) -> str:
    """Return the address to open: where all of this machine's are listened on, the one that others can reach."""
    if host != "0.0.0.0":
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # of an address for documentation: it names the way, and sends nothing
        except OSError:  # there is no network
            return socket.gethostname()
        return str(probe.getsockname()[0])
