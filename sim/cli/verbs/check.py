"""``sim check``."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from sim.cli import say
from sim.cli.guard import INVALID
from sim.cli.options import AsJson, Quiet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.errors import Problem


def verb(
    files: Annotated[list[str], typer.Argument(metavar="SCENARIO", help="Names or paths of scenario files.")],
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Check scenario files and explain every mistake."""
    from sim.scenario.errors import list_problems

    checked = [_checked(file) for file in files]
    if json:
        say.as_json([_plain(result) for result in checked])
    else:
        for result in checked:
            say.data(list_problems(result["problems"]) or f"{result['file']}: ok: {result['question']}")
            if result["drawn"]:
                say.data(f"    drawn for each run: {'; '.join(result['drawn'])}")
    if not all(result["ok"] for result in checked):
        raise typer.Exit(INVALID)
    if not json:
        say.say_next(say.typed_command("run", files[0]))


class _Checked(TypedDict):
    file: str
    ok: bool
    question: str
    drawn: list[str]
    problems: "Sequence[Problem]"


def _plain(result: _Checked) -> dict[str, object]:
    """Return what was found as plain data: the first problems, and how many more there are."""
    from sim.scenario.errors import MOST

    problems = result["problems"]
    return {**result, "problems": [asdict(problem) for problem in problems[:MOST]], "more": len(problems[MOST:])}


def _checked(file: str) -> _Checked:
    from sim.scenario import ScenarioError, load
    from sim.scenario.describe import doubt

    try:
        scenario = load(file)
    except ScenarioError as error:
        return {"file": file, "ok": False, "question": "", "drawn": [], "problems": error.problems}
    question = scenario.question or "(asks no question)"
    return {"file": file, "ok": True, "question": question, "drawn": doubt(scenario), "problems": ()}
