"""How a command ends: what went wrong becomes one clear message and an exit code, never a traceback."""

import sys
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
