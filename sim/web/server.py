"""The server of the page: its addresses, and how it starts."""

import ctypes
import platform
from collections.abc import Callable

import nicegui
from fastapi import Request
from nicegui import app, ui

from sim.web import get
from sim.web.door import Door
from sim.web.explore import Explorer
from sim.web.lean import Lives
from sim.web.lessons import Lessons
from sim.web.one_world import OneWorld
from sim.web.play import Play
from sim.web.shell import page
from sim.web.state import asked

_M_ARENA_MAX = -8  # malloc.h
_SLOWEST = 60.0  # seconds that an address may take to be read, on a machine that simulates runs meanwhile


def serve(host: str, port: int, show: bool, ready: Callable[[], None]) -> None:
    """Serve the page until it is interrupted.

    Parameters
    ----------
    show
        Whether to open the browser.
    ready
        Called once the server listens.
    """
    _share_memory()
    lives = Lives()

    @ui.page("/", response_timeout=_SLOWEST)
    async def explore(request: Request) -> None:
        with page("/", *await asked(request.url.query)) as frame:
            frame.begin = Explorer(frame, lives).draw

    @ui.page("/world", response_timeout=_SLOWEST)
    async def world(request: Request) -> None:
        with page("/world", *await asked(request.url.query)) as frame:
            frame.begin = OneWorld(frame, lives).draw

    @ui.page("/play", response_timeout=_SLOWEST)
    async def play(request: Request) -> None:
        with page("/play", *await asked(request.url.query)) as frame:
            frame.begin = Play(frame).draw

    @ui.page("/lessons", response_timeout=_SLOWEST)
    async def lessons(request: Request) -> None:
        with page("/lessons", *await asked(request.url.query)) as frame:
            Lessons(frame, lives)

    get.serve(lives)
    app.add_middleware(Door, host=host)
    app.on_startup(ready)
    nicegui.run.process_pool_start_method = "spawn"
    ui.run(
        host=host, port=port, show=show, reload=False, title="Driftback", dark=None, tailwind=False, language="en-US",
        show_welcome_message=False, reconnect_timeout=10.0, message_history_length=50, uvicorn_logging_level="warning",
    )  # fmt: skip


def _share_memory() -> None:
    """Let all threads use one heap where glibc gives each its own.

    An ensemble is made by whichever thread is free, and what a thread frees no other gets: the memory held goes up
    with every move. One heap costs no time that the benchmark of the page can see.
    """
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
