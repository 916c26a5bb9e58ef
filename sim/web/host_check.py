"""Who is let in: the page that `sim app` serves answers only to its own address.

A stranger's site that is open in the same browser can send requests here, under a name of its own that it lets point to
this machine, or from its own pages to ours. A browser tells both: in ``Host`` and in ``Origin``.
"""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

REFUSED = "This page answers only to its own address, and to what it asks itself.\n"


def listens_here_only(host: str) -> bool:
    """Return whether an address to listen on is open to this machine only."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_own_request(host: str, asked: str, origin: str | None) -> bool:
    """Return whether a request is meant for this page: under its name, and from it or from no page.

    Parameters
    ----------
    host
        What the server listens on. A number is always meant as it is, so that only a name can be a stranger's.
    asked, origin
        What the request says in ``Host`` and ``Origin``; None where it does not say the latter.
    """
    try:
        name = urlsplit(f"//{asked}").hostname or ""
        came_from = None if origin is None else urlsplit(origin)
    except ValueError:
        return False
    if came_from is not None and (came_from.scheme not in ("http", "https") or came_from.netloc != asked):
        return False
    if name in ("localhost", host.lower()):
        return True
    try:
        return ip_address(name).is_loopback or not listens_here_only(host)
    except ValueError:
        return not listens_here_only(host) and name.removesuffix(".local") == socket.gethostname().lower()
