"""Scenarios as the command line names and changes them, and simulating many runs with a bar."""

import os
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from math import inf
from typing import TYPE_CHECKING, Any

import typer

from sim.cli import say
from sim.cli.guard import SOME_FAILED, Failure, ctrl_c_held_back

if TYPE_CHECKING:
    from sim.api import Ensemble, Run
    from sim.calibration.parameter_sets import Sets
    from sim.engine import ensemble as engine
    from sim.scenario import Scenario

_CHUNK = 512  # runs between two movements of the bar


def changed(world: str, settings: Sequence[str], variant: str | None, without: Sequence[str]) -> "Scenario":
    """Return the scenario of this name or path, with the changes of the command line laid over it.

    Its name says what was changed.
    """
    from sim.scenario import ScenarioError, load
    from sim.scenario.words import named

    scenario = load(world)
    values = _values(settings)
    changes: dict[str, Any] = {
        key: value for key, value in (("parameters", values), ("without", list(without)), ("variant", variant)) if value
    }
    if not changes:
        return scenario
    said = [f"{name} = {value}" for name, value in values.items()]
    said += [f"without {', '.join(without)}"] * bool(without) + [f"variant {variant}"] * bool(variant)
    try:
        return scenario.with_(name=named(scenario.name, f" ({'; '.join(said)})"), **changes)
    except ScenarioError as error:
        raise ScenarioError(replace(problem, file="on the command line") for problem in error.problems) from None


def _values(settings: Sequence[str]) -> dict[str, str]:
    """Return name and number of each ``--set``, the number as a scenario file would have it."""
    from sim.scenario.reading import Plain

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
    quiet: bool = False,
    as_of: str | None = None,
) -> "Sets":
    """Return the parameter sets that runs are simulated over, and say which.

    A count beside the defaults, and defaults beside states, are refused.
    """
    if defaults and (count is not None or as_of is not None):
        other = "--sets" if count is not None else "--as-of"
        raise typer.BadParameter(f"say {other} or --defaults, not both", param_hint=other)
    from sim.calibration.parameter_sets import over

    sets = over(*scenarios, count=count, seed=seed, defaults=defaults, found=states(as_of, scenarios, quiet))
    say.note(str(sets), quiet)
    return sets


def states(as_of: str | None, scenarios: Sequence["Scenario"], quiet: bool) -> "Sets | None":
    """Return the states that runs set out from; None where they begin in January 2019."""
    if as_of is None:
        return None
    from sim.calibration.as_of import sets_as_of
    from sim.engine.ensemble import parting

    ready_engine(quiet)
    try:
        found = sets_as_of(as_of, os.cpu_count() or 1)
        for scenario in scenarios:
            parting(scenario, found.states)
    except ValueError as error:
        raise Failure(str(error)) from None
    return found


def whole_run(scenario: "Scenario", seed: int, number: int, sets: "Sets") -> "Run":
    """Return one of the runs in full, with the parameters that it has among the many."""
    from sim.calibration.parameter_sets import run_of
    from sim.report.showing import Run, shown

    found: Run = shown(Run, run_of(scenario, seed, number, sets))
    return found


@contextmanager
def beside(jobs: int) -> "Iterator[Callable[..., Callable[[], Any]]]":
    """Give what begins work beside all that is done meanwhile, piece after piece, and returns what waits for it.

    It is done by a process of its own, which imports Mesa while this one draws many runs. Where only one job is
    allowed, or Mesa is there already, it is done here when asked for.
    """
    if jobs == 1 or "mesa" in sys.modules:
        yield lambda work, *asked: cache(lambda: work(*asked))
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    def begin(work: Callable[..., Any], *asked: Any) -> Callable[[], Any]:
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


def assumed(scenario: "Scenario", runs: int, seed: int, sets: "Sets", jobs: int) -> str:
    """Return in a sentence how much of the effect of the war's end was assumed.

    Nothing where the war does not end, or where runs set out from states, which no assumption was taken from. It is
    measured on half of the pairs: they are simulated once more for every assumption, most of the work.
    """
    if scenario.war_end is None or sets.states is not None:
        return ""
    from sim.trial import ablation as ablate

    runs = max(runs // 2, 1)
    some = sets.some(runs, seed)
    each = max(runs // len(some), 1)
    pairs = f"{each * len(some):,} paired runs"
    return f"{ablate.assumed(scenario, some, each, seed, jobs)} Measured on {pairs}."


def seeded(seed: int | None) -> int:
    """Return the seed, or draw one."""
    return secrets.randbelow(2**32) if seed is None else seed


def ready_engine(quiet: bool, runs: float = inf, months: int = 1) -> None:
    """Compile the rules, where they are not, if that pays; and say which it is.

    Parameters
    ----------
    runs, months
        How many will be simulated, all in all, and how long each.
    """
    from sim.engine import choosing
    from sim.engine.compiled import engine as compiled
    from sim.scenario.values import resolve

    params = tuple(resolve({}))
    if compiled.ready(params):
        return
    if choosing.foreseen(params, runs, months) is compiled.kernel:
        home = compiled.cache_home()
        say.note(f"compiling the rules for this processor, once: half a minute (kept in {home})", quiet)
        compiled.kernel(params)
    else:
        say.note("the rules are not compiled for this processor yet: this answer does without", quiet)


def live(
    runs: int, quiet: bool, once: Callable[[range], tuple["engine.Ensemble", ...]]
) -> tuple[tuple["Ensemble", ...], list[int]]:
    """Simulate many runs, some at a time, with a bar.

    Parameters
    ----------
    once
        Simulates the runs with some numbers, in as many scenarios as it likes.

    Returns
    -------
    ensembles
        One a scenario, without the runs that failed in any.
    failed
        The numbers of those: a state left the finite numbers.
    """
    parts = []
    with say.progress(quiet) as bars:
        bar = bars.add_task("runs", total=runs)
        for first in range(0, runs, _CHUNK):
            numbers = range(first, min(first + _CHUNK, runs))
            parts.append(once(numbers))
            bars.advance(bar, len(numbers))
    return _sound([type(same[0]).concatenate(same) for same in zip(*parts, strict=True)])


def _sound(ensembles: Sequence["engine.Ensemble"]) -> tuple[tuple["Ensemble", ...], list[int]]:
    import numpy as np

    from sim.report.showing import Ensemble, shown

    finite = np.all([np.isfinite(each.states).all(axis=(1, 2)) for each in ensembles], axis=0)
    if not finite.any():
        raise Failure("all runs failed: their states left the finite numbers")
    sound = tuple(shown(Ensemble, each if finite.all() else each.select(finite)) for each in ensembles)
    return sound, ensembles[0].runs[~finite].tolist()


def end_with(failed: Sequence[int], runs: int) -> None:
    """End the command with the exit code for failed runs, if there are any."""
    if failed:
        numbers = ", ".join(map(str, failed[:10])) + ", ..." * (len(failed) > 10)
        print(f"{len(failed)} of {runs} runs failed and are left out: {numbers}", file=sys.stderr)
        raise typer.Exit(SOME_FAILED)
