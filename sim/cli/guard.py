"""How a command ends: what went wrong becomes one clear message and an exit code, never a traceback."""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from importlib.util import find_spec
from types import FrameType
from typing import Any

import typer
from typer.core import TyperGroup

FAILURE, INVALID, SOME_FAILED, INTERRUPTED = 1, 3, 4, 130
# 2 is Typer's own.
EXIT_CODES = {
    0: "done",
    FAILURE: "could not be done; the message says why and what to do",
    2: "the command line was wrong",
    INVALID: "a scenario is invalid, or data cannot be used: a damaged folder, a wrong table",
    SOME_FAILED: "done, but some runs failed and are left out",
    INTERRUPTED: "interrupted",
}


class Failure(Exception):
    """Something that the user can mend; the message says how."""


def needs(*libraries: str) -> None:
    """Make sure that libraries of the extra ``study`` are there before anything is computed.

    Raises
    ------
    Failure
        Naming the first that is not.
    """
    for library in libraries:
        if find_spec(library) is None:
            raise Failure(f"this needs {library}, which is not installed. {how_to_install('study')}")


def how_to_install(extra: str) -> str:
    """Return how an optional part is installed: from the project's folder, for no index has it."""
    return f"In the project's folder: pip install -c constraints.txt -e '.[{extra}]'"


class Guarded(TyperGroup):
    """The commands, with one place where every error ends."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            with _ctrl_c_heard():
                return copy_context().run(super().invoke, ctx)  # which facts a command reads ends with it
        except KeyboardInterrupt:
            print("\ninterrupted", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except Exception as error:
            if hasattr(error, "exit_code") or isinstance(error, typer.Abort | BrokenPipeError):  # Typer ends these well
                raise
            code, message = _verdict(error)
            if code == FAILURE and ctx.params["debug"]:
                raise
            print(message, file=sys.stderr)
            raise typer.Exit(code) from None


@contextmanager
def _ctrl_c_heard() -> Iterator[None]:
    """See to it that Ctrl-C ends the command wherever it falls.

    Python drops what is raised in a destructor or in a callback from C, and libraries swallow or rename what is raised
    while they are imported: from there it rings again.
    """
    shown, default = sys.unraisablehook, signal.getsignal(signal.SIGINT)
    if default is not signal.default_int_handler:  # nobody listens: started in the background, or by another program
        yield
        return

    def dropped(what: "sys.UnraisableHookArgs") -> None:
        if issubclass(what.exc_type, KeyboardInterrupt):
            _ring_again()
        else:
            shown(what)

    signal.signal(signal.SIGINT, _rung)
    sys.unraisablehook = dropped
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, default)
        sys.unraisablehook = shown


def _rung(_: int, frame: FrameType | None) -> None:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            _ring_again()
            return
        frame = frame.f_back
    raise KeyboardInterrupt


def _ring_again() -> None:
    again = threading.Timer(0.01, _thread.interrupt_main)
    again.daemon = True
    again.start()


@contextmanager
def ctrl_c_held_back() -> Iterator[None]:
    """Let a Ctrl-C wait until the block ends; where it is there to be pressed, in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        raise KeyboardInterrupt


def _verdict(error: Exception) -> tuple[int, str]:
    """Return the exit code and the message."""
    from sim.engine.choosing import NoSuchEngine
    from sim.registers.fact_tables import VintageError
    from sim.scenario.errors import ScenarioError
    from sim.storage.study_errors import DataError, StudyError

    match error:
        case ScenarioError() | DataError() | VintageError():
            return INVALID, str(error)
        case Failure() | StudyError() | NoSuchEngine() | FloatingPointError():
            return FAILURE, str(error)
        case OSError():
            why = error.strerror or str(error)
            return FAILURE, f"{error.filename or 'the output'}: {why[:1].lower()}{why[1:]}"
        case MemoryError():
            return FAILURE, "not enough memory for so many runs: ask for fewer with --runs"
    return FAILURE, (
        f"this is a defect: {type(error).__name__}: {error}\n"
        "It is not your mistake. `sim --debug` before the same words shows where it lies."
    )
