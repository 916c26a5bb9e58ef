"""``sim new``."""

import os
import re
import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import say
from sim.cli.guard import Failure
from sim.cli.options import Quiet

TEMPLATE = """\
# A world to run. Check it with `sim check {file}`, run it with `sim run {file}`.
# Take the # away from the lines that you want; docs/scenarios.md says more. Months are YYYY-MM and inclusive.

# What the world is called.
name: {name}
# The question that it asks, in one sentence.
question: What changes between Pyongyang and Beijing when the war ends in the middle of 2027?
# How to read its answer.
reading: Compare with {parent} from June 2027 on. What both runs share would have come anyway.
# The scenario that this one changes (a name, or a path from this file). All that is not said here is as it is there.
extends: {parent}

# The war: the first month of peace, or never, or {{uniform: [2026-01, 2030-12]}} for a month drawn anew in each run.
war: {{ends: 2027-06}}

# The months that are reported. The world is simulated from 2019-01 in any case.
# months: {{from: 2022-01, to: 2032-12}}

# What comes from outside, month by month: border, border_russia, need_for_us, sanctions_nominal, news,
# alternative_supplier, flood, crisis, rivalry, and what a government holds right, from -1 to 1:
# line_washington_beijing, line_washington_sanction, line_washington_posture, line_seoul_north, line_seoul_beijing.
# A number holds always; {{from, to, value}} for some months.
# drivers:
#   flood: {{from: 2026-07, to: 2026-08}}
#   border: {{from: 2028-01, to: 2028-12, value: 0.5}}

# Numbers of the model by name, within their plausible range (sim/article/parameters.yaml lists them).
# parameters: {{postwar_need: 0.2, postwar_isolation: 1.0}}

# Claims and assumptions that are switched off (`sim claims` lists them).
# without: [C38, A3]

# The reading of the model; V0 is the base, in V4 Pyongyang bears no grievance.
# variant: V4

# Moves that are made whatever the capital would choose. The arms deal has the capital deal.
# moves:
#   - {{capital: Beijing, lever: trade, option: squeeze, from: 2028-01, to: 2028-06}}
#   - {{capital: deal, lever: arms, option: none, from: 2028-01, to: 2028-12}}
"""


def verb(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What to call it; letters, digits, - and _, after a folder or not.")
    ],
    parent: Annotated[str, typer.Option("--from", help="The scenario that it changes, a name or a path.")] = "baseline",
    quiet: Quiet = False,
) -> None:
    """Write a commented scenario to start from."""
    from sim.scenario import loads

    target = Path(name).with_suffix("") if name.endswith((".yaml", ".yml")) else Path(name)
    file = target.with_name(f"{target.name}.yaml")
    _check(target, file)
    text = TEMPLATE.format(name=target.name, file=file, parent=_from_here(parent, file.parent))
    loads(text, str(file))
    with open(file, "x", encoding="utf-8") as new:
        new.write(text)
    say.note(f"wrote {file}", quiet)
    words = (["check", str(file)], ["diff", str(file), parent], ["run", str(file)])
    say.then(quiet, *(shlex.join(["sim", *each]) for each in words))


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

    found = find(parent)
    return os.path.relpath(found, folder) if Path(parent).suffix or len(Path(parent).parts) > 1 else found.stem
