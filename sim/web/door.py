"""Who is let in: a page answers only to its own address, and says to the browser what it may load and who may frame it.

A stranger's site that is open in the same browser can send requests here, under a name of its own that it lets point to
this machine, or from its own pages to ours. A browser tells both: in ``Host`` and in ``Origin``.
"""

import socket
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from fastapi.responses import PlainTextResponse

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[..., Awaitable[Any]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

# NiceGUI writes scripts into its page and compiles templates there. No attribute of an element is ever a script.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; script-src-attr 'none'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # the address holds the reader's scenario
}
REFUSED = "This page answers only to its own address, and to what it asks itself.\n"


def alone(host: str) -> bool:
    """Return whether an address to listen on is open to this machine only."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def ours(host: str, asked: str, origin: str | None) -> bool:
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
        return ip_address(name).is_loopback or not alone(host)
    except ValueError:
        return not alone(host) and name.removesuffix(".local") == socket.gethostname().lower()


class Door:
    """ASGI middleware that refuses what is not :func:`ours`, WebSockets too, and adds :data:`HEADERS`."""

    def __init__(self, app: App, host: str) -> None:
        self.app, self.host = app, host

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        """Serve a request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        said = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not ours(self.host, said.get("host", ""), said.get("origin")):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008, "reason": REFUSED.strip()})
            else:
                await PlainTextResponse(REFUSED, 403)(scope, receive, send)
            return

        begun = False

        async def with_headers(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    *((k.encode(), v.encode()) for k, v in HEADERS.items()),
                ]
            await send(message)

        await self.app(scope, receive, with_headers)
        if scope["type"] == "http" and not begun:  # the reader left first; what asks for an answer still wants one
            await PlainTextResponse("", 499)(scope, receive, with_headers)
