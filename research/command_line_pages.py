"""The command line as pages of the reference: every command with its options, and the exit codes."""

import inspect
from typing import Any

import typer

from sim.cli import app
from sim.cli.guard import EXIT_CODES
from sim.report.text.markdown import markdown_table


def command_line_page() -> str:
    """Return the page of commands, in Markdown."""
    group: Any = typer.main.get_command(app)
    parts = [
        "# Command line",
        "What was asked for goes to standard output, messages to standard error. `sim COMMAND --help` says the same as "
        "this page.",
        _options("sim", group.params),
    ]
    for name, command in sorted(group.commands.items()):
        parts += [f"## `sim {name}`", inspect.cleandoc(command.help or ""), _usage(name, command)]
        parts.append(_options(f"sim {name}", command.params))
    return "\n\n".join(parts) + "\n"


def exit_codes_page() -> str:
    """Return the page of exit codes, in Markdown."""
    rows = [(code, means) for code, means in EXIT_CODES.items()]
    return f"# Exit codes\n\nEvery command ends with one of these.\n\n{markdown_table(('exit code', 'means'), rows)}\n"


def _usage(name: str, command: Any) -> str:
    context = command.context_class(command, info_name=f"sim {name}")
    return f"```text\n{context.get_usage().removeprefix('Usage: ')}\n```"


def _options(name: str, params: list[Any]) -> str:
    rows = [(_words(param), param.help or "", _default(param)) for param in params]
    return markdown_table((f"given to `{name}`", "means", "where not said"), rows)


def _words(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.metavar or param.name.upper()}`"
    return ", ".join(f"`{word}`" for word in (*param.opts, *param.secondary_opts))


def _default(param: Any) -> str:
    if param.required:
        return "has to be said"
    return "" if param.default is None or param.default is False else f"`{param.default}`"


PAGES = {"command-line": command_line_page, "exit-codes": exit_codes_page}
