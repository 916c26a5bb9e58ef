"""How a command ends: what went wrong becomes one clear message and an exit code, never a traceback."""

import _thread
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

FAILURE, INVALID, SOME_FAILED, INTERRUPTED = 1, 3, 4, 130  # 0 is done; 2, a wrong command line, is Typer's own


class Failure(Exception):
    """Something that the user can mend; the message says how."""


class Guarded(TyperGroup):
    """The commands, with one place where every error ends."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            with _ctrl_c_heard():
                return super().invoke(ctx)
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
    """Ring again for a Ctrl-C that fell into a destructor or a callback from C, where Python drops what is raised."""
    shown = sys.unraisablehook

    def ring(dropped: Any) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            shown(dropped)
            return
        again = threading.Timer(0.01, _thread.interrupt_main)  # at once would fall into the same hole
        again.daemon = True
        again.start()

    sys.unraisablehook = ring
    try:
        yield
    finally:
        sys.unraisablehook = shown


def _verdict(error: Exception) -> tuple[int, str]:
    """Return the exit code and the message."""
    from sim.scenario.errors import ScenarioError

    match error:
        case ScenarioError():
            return INVALID, str(error)
        case Failure():
            return FAILURE, str(error)
        case OSError():
            return FAILURE, f"{error.filename or 'the output'}: {(error.strerror or str(error)).lower()}"
        case MemoryError():
            return FAILURE, "not enough memory for so many runs: ask for fewer with --runs"
    return FAILURE, (
        f"this is a defect: {type(error).__name__}: {error}\n"
        "It is not your mistake. `sim --debug` before the same words shows where it lies."
    )
