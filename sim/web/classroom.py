"""A class that plays together: who sits at which table, what each chose, and what the teacher's browser shows them.

The server simulates nothing. The teacher's browser has the engine; phones have buttons. What the teacher sends is kept,
the latest of each kind, so that whoever comes late or comes back sees it at once. All of it lives in memory and ends
with the program.
"""

import asyncio
import json
import mimetypes
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from sim.model.capitals import CAPITALS
from sim.web.host_check import REFUSED
from sim.web.server import HEADERS

LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # none that looks like another
SEATS = 200  # phones at most
PHONE_BYTES, TEACHER_BYTES = 400, 200_000  # of one message
PHONE_RATE, TEACHER_RATE = (5.0, 20), (20.0, 60)  # messages a second, and at once
GUESSES = 20  # wrong room codes from one address before it is heard no more, for a minute
KINDS = ("ask", "tell", "bet", "reveal", "end")  # what a teacher says
_GONE, _TOO_MUCH, _NOT_UNDERSTOOD = 4001, 1008, 1003
_MATTERS, _OPTIONS = 3, 10


@dataclass(eq=False)
class Connection:
    """One open connection; of messages that wait to be sent the latest of each kind is kept."""

    socket: WebSocket
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, message: dict[str, Any]) -> None:
        """Have a message sent as soon as the other side takes it."""
        self.waiting.pop(message["type"], None)
        self.waiting[message["type"]] = message
        self.news.set()

    async def deliver(self) -> None:
        """Send what waits, for as long as the connection is open."""
        while True:
            await self.news.wait()
            self.news.clear()
            while self.waiting:
                message = self.waiting.pop(next(iter(self.waiting)))
                await self.socket.send_text(json.dumps(message, separators=(",", ":"), ensure_ascii=False))


@dataclass
class Bucket:
    """How many messages may still come: it fills steadily, and is full at the beginning."""

    rate: float
    most: float
    left: float = field(init=False)
    since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = self.most

    def take(self) -> bool:
        """Return whether one more message may come now."""
        now = time.monotonic()
        self.left = min(self.most, self.left + (now - self.since) * self.rate)
        self.since = now
        self.left -= 1.0
        return self.left >= 0.0


@dataclass
class Phone:
    """Somebody at a table, known by a token alone."""

    link: Connection | None = None
    table: str = ""
    choices: dict[int, int] = field(default_factory=dict)  # by matter the place of an option
    bet: float | None = None


class Classroom:
    """One class: a room code for phones, a key for the teacher, and what was said last.

    Parameters
    ----------
    hosts
        What requests may say in ``Host``: the class's address, and this machine's own.
    address
        What phones open, ``http://192.0.2.7:8000``.
    """

    def __init__(self, hosts: set[str], address: str) -> None:
        self.hosts, self.address = hosts, address
        self.room = "".join(secrets.choice(LETTERS) for _ in range(5))
        self.key = secrets.token_urlsafe(18)
        self.teacher: Connection | None = None
        self.phones: dict[str, Phone] = {}
        self.said: dict[str, dict[str, Any]] = {}  # by kind the teacher's latest
        self.guesses: dict[str, Bucket] = {}

    # --- Who may come in

    def admits(self, request: HTTPConnection) -> bool:
        """Return whether a request is for this address, and from its own pages or from none."""
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if host not in self.hosts:
            return False
        return origin is None or (urlsplit(origin).scheme == "http" and urlsplit(origin).netloc == host)

    def knows(self, room: str, client: str) -> bool:
        """Return whether a room code is right; an address that has guessed too often is not heard."""
        if len(self.guesses) > 1000:
            self.guesses.clear()
        bucket = self.guesses.setdefault(client, Bucket(GUESSES / 60.0, GUESSES))
        if bucket.left < 1.0 and not bucket.take():
            return False
        if secrets.compare_digest(room.upper().encode(), self.room.encode()):
            return True
        bucket.take()
        return False

    # --- The teacher

    async def teach(self, socket: WebSocket) -> None:
        """Keep the teacher's connection; another one that has the key takes its place."""
        if not secrets.compare_digest(socket.query_params.get("key", "").encode(), self.key.encode()):
            await socket.close(_TOO_MUCH)
            return
        await socket.accept()
        link = self.teacher = Connection(socket)
        link.send({"type": "room", "room": self.room, "address": self.address})
        self._tell_teacher()
        await _serve(link, TEACHER_BYTES, Bucket(*TEACHER_RATE), self._heard_teacher)
        if self.teacher is link:
            self.teacher = None

    def _heard_teacher(self, message: dict[str, Any]) -> bool:
        kind = message.get("type")
        if kind not in KINDS:
            return False
        if kind == "end":
            self.said.clear()
        else:
            self.said[kind] = message
        if kind in ("ask", "bet", "end"):
            for phone in self.phones.values():
                phone.choices, phone.bet = {}, None
        if kind == "bet":
            self.said.pop("reveal", None)
        for phone in self.phones.values():
            _give(phone, message)
        self._tell_teacher()
        return True

    def _tell_teacher(self) -> None:
        """Say who sits where and what each table has chosen; nobody has a name."""
        if self.teacher is None:
            return
        here = [phone for phone in self.phones.values() if phone.table]
        self.teacher.send({
            "type": "tables",
            "tables": {capital: self._table(capital) for capital in CAPITALS},
            "bets": [phone.bet for phone in here if phone.bet is not None],
        })  # fmt: skip

    def _table(self, capital: str) -> dict[str, Any]:
        """Return how many sit at a table, and how often each option of each matter was chosen there."""
        here = [phone for phone in self.phones.values() if phone.table == capital]
        made = [[phone.choices[matter] for phone in here if matter in phone.choices] for matter in range(_MATTERS)]
        return {
            "here": sum(phone.link is not None for phone in here),
            "votes": [{str(option): count for option, count in Counter(message).items()} for message in made],
        }

    # --- Phones

    async def join(self, socket: WebSocket) -> None:
        """Keep a phone's connection; a token that is known leads back to its table."""
        client = socket.client.host if socket.client else ""
        if not self.knows(socket.query_params.get("room", ""), client):
            await socket.close(_TOO_MUCH)
            return
        token = socket.query_params.get("token", "")
        if token not in self.phones:
            if len(self.phones) >= SEATS:
                await socket.close(_TOO_MUCH)
                return
            token = secrets.token_urlsafe(12)
            self.phones[token] = Phone()
        await socket.accept()
        phone, link = self.phones[token], Connection(socket)
        phone.link = link
        link.send({"type": "welcome", "token": token, "table": phone.table, "capitals": list(CAPITALS)})
        for message in self.said.values():
            _give(phone, message)
        self._tell_table(phone.table)
        self._tell_teacher()
        await _serve(link, PHONE_BYTES, Bucket(*PHONE_RATE), lambda message: self._heard_phone(phone, message))
        if phone.link is link:
            phone.link = None
            if not phone.table:
                del self.phones[token]
        self._tell_teacher()

    def _heard_phone(self, phone: Phone, message: dict[str, Any]) -> bool:
        match message:
            case {"type": "join", "table": str(table)} if table in CAPITALS:
                left, phone.table, phone.choices = phone.table, table, {}
                for said in self.said.values():
                    _give(phone, said)
                self._tell_table(left)
            case {"type": "choose", "matter": int(matter), "option": int(option)} if (
                phone.table and 0 <= matter < _MATTERS and 0 <= option < _OPTIONS
            ):
                phone.choices[matter] = option
            case {"type": "bet", "value": int() | float() as value} if phone.table and abs(value) <= 1e6:
                phone.bet = float(value)
            case _:
                return False
        self._tell_table(phone.table)
        self._tell_teacher()
        return True

    def _tell_table(self, capital: str) -> None:
        """Show a table its own votes."""
        if not capital:
            return
        table = self._table(capital)
        for phone in self.phones.values():
            if phone.table == capital and phone.link is not None:
                phone.link.send({"type": "table", "table": capital, "choices": phone.choices, **table})


def _give(phone: Phone, message: dict[str, Any]) -> None:
    """Send a phone what the teacher says: what is for all, and of what is for tables its own."""
    if phone.link is not None:
        own = message.get("tables", {}).get(phone.table) if isinstance(message.get("tables"), dict) else None
        phone.link.send({**message, "tables": None, "table": own})


async def _serve(link: Connection, most: int, bucket: Bucket, heard: Any) -> None:
    """Hear one side until it goes, says too much, or says what is not understood."""
    sending = asyncio.create_task(link.deliver())
    try:
        while True:
            text = await link.socket.receive_text()
            if len(text.encode()) > most or not bucket.take():
                await link.socket.close(_TOO_MUCH)
                return
            try:
                message = json.loads(text)
            except (ValueError, RecursionError):
                message = None
            if not isinstance(message, dict) or not heard(message):
                await link.socket.close(_NOT_UNDERSTOOD)
                return
    except (WebSocketDisconnect, KeyError, RuntimeError):  # gone; or bytes in place of a text
        return
    finally:
        sending.cancel()


class Door:
    """Refuses what is not meant for the class's address, and adds what browsers have to know."""

    def __init__(self, app: ASGIApp, room: Classroom) -> None:
        self.app, self.room = app, room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if not self.room.admits(HTTPConnection(scope)):
            if scope["type"] == "websocket":
                await WebSocket(scope, receive, send).close(_TOO_MUCH)
            else:
                await PlainTextResponse(REFUSED, 403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = ((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self.app(scope, receive, with_headers)


def app_of(room: Classroom, folder: Path) -> Starlette:
    """Return the class's server.

    Parameters
    ----------
    room
        Who may come in.
    folder
        Where the page is.
    """
    import segno

    for ending, kind in ((".js", "text/javascript"), (".wasm", "application/wasm"), (".json", "application/json")):
        mimetypes.add_type(kind, ending)  # what a machine says of endings is its own
    picture = BytesIO()
    segno.make(f"{room.address}/phone.html?room={room.room}", micro=False).save(picture, kind="svg", scale=8, border=2)

    async def code(_: object) -> Response:
        return Response(picture.getvalue(), media_type="image/svg+xml")

    routes = [
        WebSocketRoute("/class/teacher", room.teach), WebSocketRoute("/class/table", room.join),
        Route("/class/code.svg", code), Mount("/", StaticFiles(directory=folder, html=True)),
    ]  # fmt: skip
    return Starlette(routes=routes, middleware=[Middleware(Door, room=room)])


def serve(room: Classroom, folder: Path, host: str, port: int) -> None:
    """Serve a class until Ctrl-C.

    Parameters
    ----------
    room, folder
        See :func:`app_of`.
    host, port
        What to listen on.
    """
    import uvicorn

    uvicorn.run(
        app_of(room, folder), host=host, port=port, log_level="critical", ws_max_size=TEACHER_BYTES,
        ws_ping_interval=60.0, ws_ping_timeout=600.0,  # a machine that slept goes on with whom it had
    )  # fmt: skip
