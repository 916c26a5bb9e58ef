"""What is left of the drift back where all five play best responses: ``python -m research.equilibrium FOLDER``.

Best responses (:mod:`research.best_response`) are chained: one capital after the other holds, from the war's end on,
what serves it best against what the others hold, until a round in which nobody changes anything, or five rounds. Where
it closes, nobody gains by holding another option of one lever, as far as the search can tell: an equilibrium of a game
with few moves. The order of the capitals and the chance are tried three and two ways, for there may be several.

Killed at any point, the same command goes on with the chain where it stopped. A chain takes a minute and a half of a
processor and 240 MB; all six, nine minutes of a processor.
"""

import argparse
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from research.best_response import (
    HELD_OUT,
    JUDGED,
    SEARCHED,
    Held,
    estimate_over_sets,
    holding,
    levels_after,
    played_world,
    search,
    utilities,
    ways_of_holding,
)
from research.choice_sharpness import in_processes
from sim.engine.provenance import decisive
from sim.engine.same_study import resume_study
from sim.inference.parameter_sets import sets_for
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVER, levers_of
from sim.scenario import Scenario
from sim.storage import sealed
from sim.storage.folder import StudyFolder, encode_table

ROUNDS, SEEDS = 5, (23, 24)
ORDERS = {
    "as listed": CAPITALS,
    "the other way round": CAPITALS[::-1],
    "Pyongyang first": ("Pyongyang", "Moscow", "Seoul", "Beijing", "Washington"),
}


def chain_responses(
    played: Scenario, order: tuple[str, ...], seed: int, runs: range = SEARCHED, rounds: int = ROUNDS
) -> tuple[Held, int, bool]:
    """Return what all capitals hold in the end, after how many rounds, and whether the last changed nothing.

    Parameters
    ----------
    played
        A world with a dated end.
    order
        In which the capitals answer.
    seed, runs
        Of the runs that the search looks at.
    rounds
        At most.
    """
    profile: Held = {}
    for number in range(1, rounds + 1):
        before = dict(profile)
        for capital in order:
            own, others = _split(profile, capital)
            answer, _ = search(holding(played, others), capital, runs, seed, own)
            profile = others | answer
        if profile == before:
            return profile, number, True
    return profile, rounds, False


def _split(profile: Mapping[str, int], capital: str) -> tuple[Held, Held]:
    """Return what a capital holds, and what the others do."""
    mine = {lever.field for lever in levers_of(capital)}
    return ({field: place for field, place in profile.items() if field in mine},
            {field: place for field, place in profile.items() if field not in mine})  # fmt: skip


def gain_left(
    played: Scenario, profile: Mapping[str, int], capital: str, seed: int, runs: range = SEARCHED,
    fresh: range = HELD_OUT,
) -> tuple[Held, np.ndarray]:  # fmt: skip
    """Return the best change of one lever that a capital is left with, and what it gains by it in fresh runs.

    Parameters
    ----------
    played
        A world with a dated end.
    profile
        What all hold.
    capital
        Who changes.
    seed
        Of the runs.
    runs
        In which the change is looked for.
    fresh
        In which its gain is measured, in hundredths of the capital's mean monthly utility.
    """
    own, others = _split(profile, capital)
    held = holding(played, others)
    ways = [way for lever in levers_of(capital) for way in ways_of_holding(own, lever) if way != own]
    best = max(ways, key=lambda way: float(utilities(held, capital, way, runs, seed).mean()))
    return best, 100.0 * (utilities(held, capital, best, fresh, seed) - utilities(held, capital, own, fresh, seed))


def chain(played: Scenario, order: str, seed: int) -> pd.DataFrame:
    """Return one chain as a row: what is held, the largest gain left, and what the end of the war brings.

    Parameters
    ----------
    played
        A world with a dated end.
    order
        A name of :data:`ORDERS`.
    seed
        Of all its runs.
    """
    profile, rounds, closed = chain_responses(played, ORDERS[order], seed)
    sets = sets_for(played)
    gains = {capital: gain_left(played, profile, capital, seed) for capital in CAPITALS}
    left = max(gains, key=lambda capital: float(gains[capital][1].mean()))
    ended, endless = levels_after(played, sets, seed)
    held, held_endless = levels_after(holding(played, profile), sets, seed)
    effects = {"by the rules": ended - endless, "held after the end": held - endless,
               "held without an end too": held - held_endless}  # fmt: skip
    row: dict[str, object] = {"order": order, "seed": seed, "rounds": rounds, "closed": closed,
                              "held": json.dumps(_named(profile)), "gains most": left,
                              "by": json.dumps(_named(gains[left][0]))}  # fmt: skip
    for name, values, runs in (("gain left", gains[left][1], HELD_OUT), *((n, v, JUDGED) for n, v in effects.items())):
        estimated = estimate_over_sets(sets, values, runs)
        low, high = estimated.interval()
        row |= {name: estimated.mean, f"{name} low": low, f"{name} high": high}
    return pd.DataFrame([row])


def _named(profile: Mapping[str, int]) -> dict[str, str]:
    return {field: LEVER[field].options[place].name for field, place in sorted(profile.items())}


def _one(played: Scenario, asked: tuple[str, int]) -> pd.DataFrame:
    return chain(played, *asked)


def measure_chains(folder: Path, jobs: int = 1, played: Scenario | None = None) -> pd.DataFrame:
    """Return all chains, a row each.

    Parameters
    ----------
    folder
        Of the study: chains that it holds are not made again.
    jobs
        Processes; the result is the same for any number.
    played
        A world with a dated end; that of the best responses where not said.

    Raises
    ------
    StudyError
        If the folder holds another study.
    """
    played = played or played_world()
    study = StudyFolder[sealed.Manifest](
        folder, "equilibrium", "chains", (), "asked.json", "python -m research.equilibrium"
    )
    chains = {f"{order.replace(' ', '-')}-{seed}": (order, seed) for order in ORDERS for seed in SEEDS}
    asked = {"scenario": played.to_yaml(), "chains": list(chains), **decisive()}
    with resume_study(study, asked):
        missing = {name: asked for name, asked in chains.items() if not study.has(name)}
        for name, row in zip(missing, in_processes(partial(_one, played), missing.values(), jobs), strict=True):
            study.keep(name, encode_table(row))
    return pd.concat([study.rows(name) for name in chains], ignore_index=True)


def main() -> None:
    """Chain best responses and print what comes of it."""
    parser = argparse.ArgumentParser(prog="python -m research.equilibrium", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="of the study; one that was begun goes on")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")
    asked = parser.parse_args()
    chains = measure_chains(asked.folder, asked.jobs)
    sealed.put(
        asked.folder / "equilibrium.csv", chains.to_csv(index=False, float_format="%.4f", lineterminator="\n").encode()
    )
    for row in chains.to_dict("records"):
        how = "closed" if row["closed"] else "did not close"
        print(f"{row['order']}, seed {row['seed']}: {how} in {row['rounds']} rounds; holds {row['held']}")
    print(chains.drop(columns=["held", "by"]).to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
