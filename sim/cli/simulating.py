"""Scenarios as the command line names and changes them, and simulating many runs with a bar."""

import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.cli import say
from sim.cli.folders import free_folder
from sim.cli.guard import INTERRUPTED, SOME_FAILED, Failure, ctrl_c_held_back

if TYPE_CHECKING:
    from sim.engine.sets import Sets
    from sim.scenario import Scenario


def change_scenario(world: str, settings: Sequence[str], variant: str | None, without: Sequence[str]) -> "Scenario":
    """Return the scenario of this name or path, with the changes of the command line laid over it.

    Its name says what was changed.
    """
    from sim.scenario import load
    from sim.scenario.plain_data import derived_name

    scenario = load(world)
    values = _values(settings)
    changes: dict[str, object] = {
        key: value for key, value in (("parameters", values), ("without", list(without)), ("variant", variant)) if value
    }
    if not changes:
        return scenario
    said = [f"{name} = {value}" for name, value in values.items()]
    said += [f"without {', '.join(without)}"] * bool(without) + [f"variant {variant}"] * bool(variant)
    return _laid(scenario, {"name": derived_name(scenario.name, f" ({'; '.join(said)})"), **changes})


def name_owner(scenario: "Scenario", author: str | None, license: str | None) -> "Scenario":
    """Return the scenario with the author and the licence that the command line names for its results."""
    named = (("author", author), ("license", license))
    changes: dict[str, object] = {key: value for key, value in named if value is not None}
    return _laid(scenario, changes) if changes else scenario


def _laid(scenario: "Scenario", changes: dict[str, object]) -> "Scenario":
    from sim.scenario import ScenarioError

    try:
        return scenario.with_(**changes)
    except ScenarioError as error:
        raise ScenarioError(replace(problem, file="on the command line") for problem in error.problems) from None


def _values(settings: Sequence[str]) -> dict[str, str]:
    """Return name and number of each ``--set``, the number as a scenario file would have it."""
    from sim.scenario.yaml_reading import Plain

    values: dict[str, str] = {}
    for setting in settings:
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not (name and equals and value):
            raise typer.BadParameter(f"{setting!r} should look like postwar_need=0.2", param_hint="--set")
        if name in values:
            raise typer.BadParameter(f"{name} is set twice", param_hint="--set")
        values[name] = Plain(value)
    return values


def sets_of(
    scenarios: Sequence["Scenario"],
    count: int | None,
    seed: int,
    defaults: bool,
    as_of: str | None = None,
) -> "Sets":
    """Return the parameter sets that runs are simulated over, and say which; what cannot stand together is refused."""
    not_both(count, defaults, as_of)
    from sim.engine.sets import HAND_SET
    from sim.inference.parameter_sets import sets_for

    among = HAND_SET if defaults else states(as_of, scenarios)
    sets = sets_for(*scenarios, sets=among).some(count, seed)
    say.note(str(sets))
    return sets


def read_facts_to(month: str) -> None:
    """Let all that the command still does read facts to a month, and refuse what cannot be read."""
    from sim.registers import vintage

    vintage.choose(month)
    vintage.last_month()


def states(as_of: str | None, scenarios: Sequence["Scenario"]) -> "Sets | None":
    """Return the states that runs set out from; None where they begin in January 2019."""
    if as_of is None:
        return None
    from sim.engine.experiment import Experiment
    from sim.inference.known_states import sets_as_of
    from sim.model import months

    ready_engine()
    read_facts_to(as_of)
    try:
        sets = sets_as_of(as_of)
        for scenario in scenarios:
            Experiment(scenario, sets).plan_from_start()
    except ValueError as error:
        raise Failure(str(error)) from None
    if sets.states is not None:
        read_facts_to(months.name(sets.states.months - 1))
    return sets


def not_both(sets: int | None, defaults: bool, as_of: str | None = None) -> None:
    """Refuse a number of parameter sets, or states as of a month, beside the hand-set defaults."""
    if defaults and (sets is not None or as_of is not None):
        other = "--sets" if sets is not None else "--as-of"
        raise typer.BadParameter(f"say {other} or --defaults, not both", param_hint=other)


@contextmanager
def work_beside(jobs: int) -> "Iterator[Callable[..., Callable[[], Any]]]":
    """Give what begins work beside all that is done meanwhile, piece after piece, and returns what waits for it.

    It is done by a process of its own, which imports Mesa while this one draws many runs. Where only one job is
    allowed, no process can be made, or Mesa is there already, it is done here when asked for.
    """
    if jobs == 1 or "mesa" in sys.modules or find_spec("_multiprocessing") is None:
        yield lambda work, *asked: cache(lambda: work(*asked))
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    def begin(work: Callable[..., object], *asked: object) -> Callable[[], Any]:
        with ctrl_c_held_back():  # between a worker's start and its first task, it would be waited for without an end
            return other.submit(work, *asked).result

    other = ProcessPoolExecutor(1, get_context("spawn"), initializer=_deaf)
    try:
        yield begin
    finally:
        other.shutdown(wait=False, cancel_futures=True)


def _deaf() -> None:
    """Leave Ctrl-C to the process that was typed at."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def going_on(command: str) -> "Iterator[None]":
    """Say how a study goes on that is interrupted, and end the command."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"\ninterrupted; what is finished is kept. Go on with: {command}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


def prepare_output(kind: str, name: str, seed: int | None, out: Path | None, overwrite: bool) -> tuple[int, Path]:
    """Return the seed, drawn where none is given, and the folder for results of a kind; and say the seed."""
    seed = draw_seed(seed)
    folder = free_folder(out or Path("runs", f"{name}-{seed}"), overwrite, kind)
    say.note(f"seed {seed}")
    return seed, folder


def draw_seed(seed: int | None) -> int:
    """Return the seed, or draw one."""
    return secrets.randbelow(2**32) if seed is None else seed


def ready_engine() -> None:
    """Compile the rules where they are not, and say so."""
    from sim.engine import choosing
    from sim.engine.compiled import llvm_engine
    from sim.scenario.values import resolve

    params = tuple(resolve({}))
    if choosing.answering() == "compiled" and not llvm_engine.ready(params):
        home = llvm_engine.cache_home()
        say.note(f"compiling the rules for this processor, once: some seconds (kept in {home})")
        llvm_engine.kernel(params)


@contextmanager
def bar(of: str) -> "Iterator[Callable[[int, int], None]]":
    """Make the engine ready, show a bar, and give what moves it: how much is done, and of how much."""
    ready_engine()
    with say.progress() as bars:
        task = bars.add_task(of, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total, refresh=True)


def end_with(failed: Sequence[int] | int) -> None:
    """End the command with the exit code for failed runs, if there are any."""
    if failed:
        raise typer.Exit(SOME_FAILED)
