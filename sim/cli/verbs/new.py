"""``sim new``."""

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import say
from sim.cli.guard import Failure
from sim.cli.options import Quiet
from sim.cli.skeletons import fill_skeleton


def verb(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the file: letters, digits, - and _; a folder may come first.")
    ],
    parent: Annotated[str, typer.Option("--from", help="Name or path of the scenario to change.")] = "baseline",
    quiet: Quiet = False,
) -> None:
    """Write a commented scenario to start from."""
    from sim.scenario import loads

    target = Path(name).with_suffix("") if name.endswith((".yaml", ".yml")) else Path(name)
    file = target.with_name(f"{target.name}.yaml")
    _check(target, file)
    text = fill_skeleton("scenario.yaml", name=target.name, file=file, parent=_from_here(parent, file.parent))
    loads(text, str(file))
    with open(file, "x", encoding="utf-8") as new:
        new.write(text)
    say.note(f"wrote {file}")
    say.say_next(
        say.typed_command("check", file), say.typed_command("diff", file, parent), say.typed_command("run", file)
    )


def _check(target: Path, file: Path) -> None:
    """Refuse a name that could not be used, before anything is written."""
    from sim.scenario import available

    if not re.fullmatch(r"\w[\w-]*", target.name):
        near = re.sub(r"[^\w-]+", "-", target.name).strip("-")
        fix = f"; write {near}" if near else ""
        raise typer.BadParameter(f"only letters, digits, - and _ can stand in a name, not {target.name!r}{fix}")
    if file.exists():
        raise Failure(f"{file} is there already, and stays as it is. Choose another name")
    if target.name.casefold() in {known.casefold() for known, _ in available()}:
        raise Failure(f"there is a scenario called {target.name} already. Choose another name")
    if not file.parent.is_dir():
        raise Failure(f"there is no folder {file.parent}. Make it first, or choose another")


def _from_here(parent: str, folder: Path) -> str:
    """Return the parent as the new file has to name it: a path starts from its own folder."""
    from sim.scenario import find

    path = find(parent)
    return os.path.relpath(path, folder) if Path(parent).suffix or len(Path(parent).parts) > 1 else path.stem
