"""The thousand pairs that the page opens with: simulated once and shipped, so that the answer is there at once.

``python -m sim.web.first_pairs`` writes ``first.json``. A test simulates them again; the page's engine gives the same.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from sim.analysis.definitions import WITHIN, is_clearly_closer
from sim.analysis.pairs import Effect, paired_effect
from sim.engine.ensemble import Pair
from sim.engine.experiment import Experiment
from sim.engine.web.modules import shipped_fingerprint
from sim.inference.parameter_sets import sets_for
from sim.model.moves import LEVER
from sim.report.text.answer import LEADS, finding, levels_after
from sim.scenario import Scenario, load
from sim.web import read_from_package, read_from_page, verdict_file

FILE = "first.json"
RUNS, SEED = 1000, 1
NEAR = 20  # pairs among which *One history* looks for the one that it opens with
DEAL = tuple(field for field, lever in LEVER.items() if lever.capital == "deal")
# What is moved as one: the arms deal, and each lever of a capital.
MOVED = (DEAL, *((field,) for field in LEVER if field not in DEAL))


def pairs_of(scenario: Scenario, runs: range = range(RUNS)) -> tuple[Pair, Effect]:
    """Simulate pairs that the page shows of a scenario; return them with the effect in points, two years on."""
    pair = Experiment(scenario, sets_for(scenario), SEED, runs).with_control(("reengagement",))
    return pair, paired_effect(pair)


def move_as_without(scenario: Scenario, pair: Pair, levers: Iterable[str]) -> Scenario:
    """Return a scenario in which levers are moved, for two years from the war's end on, as without the end.

    ``pair`` is of one run.
    """
    end = int(pair.one.war_end[0])
    return scenario.with_(
        moves=[
            {
                "capital": LEVER[field].capital,
                "lever": LEVER[field].name,
                "option": option,
                "from": str(month),
                "to": str(month),
            }
            for field in levers
            for month, option in pair.other.moves(field).iloc[0, end : end + WITHIN + 1].items()
        ]
    )


def longest_chain(scenario: Scenario, run: int) -> int:
    """Return how many moves the longest chain of causes has that the arms deal begins in one history; 0 without one.

    A move counts from the first month in which it differs from that without an end, up to two years after it. Another
    is its cause where, with that other as without the end, it does not come in its month.
    """
    pair, _ = pairs_of(scenario, range(run, run + 1))
    moves = {field: [many.moves(field).iloc[0] for many in pair] for field in LEVER}
    end = int(pair.one.war_end[0])
    months = {
        levers: month
        for levers in MOVED
        for month in range(end + WITHIN, end - 1, -1)  # the earliest stays
        if any(one.iloc[month] != other.iloc[month] for one, other in (moves[field] for field in levers))
    }
    length: dict[tuple[str, ...], int] = {}
    held = {levers: pairs_of(move_as_without(scenario, pair, levers), range(run, run + 1))[0].one for levers in months}
    for levers, month in sorted(months.items(), key=lambda entry: entry[1]):
        causes = [
            length[before]
            for before in length
            if months[before] < month
            and all(held[before].moves(field).iloc[0, month] == moves[field][1].iloc[month] for field in levers)
        ]
        if causes or levers == DEAL:
            length[levers] = 1 + max(causes, default=0)
    return max(length.values(), default=0)


def opening_run(scenario: Scenario, effect: Effect) -> int:
    """Return the history that the page opens with.

    Of the pairs clearly closer, those nearest their median effect; of these the one with the longest chain of causes
    that the arms deal begins, which is what the article argues; and the nearer where two are as long.
    """
    closer = effect.values[is_clearly_closer(effect.values)]
    near = (closer - closer.median()).abs().sort_values(kind="stable").index[:NEAR]
    return int(max(near, key=lambda run: longest_chain(scenario, int(run))))


def simulate_first_pairs() -> dict[str, object]:
    """Simulate the pairs and return what the first view says of them.

    Effects are points of 100, two years after the war's end, in the order of ``runs``.
    """
    scenario = load(read_from_page("controls.json")["base"])
    pair, effect = pairs_of(scenario)
    values, runs = effect.values.to_numpy(), effect.values.index
    ends = pair.one.war_end[np.isin(pair.one.runs, runs)]
    with_end, without = (
        float(many.series("reengagement").loc[runs].to_numpy()[np.arange(len(runs)), ends + WITHIN].mean())
        for many in (pair.one, pair.other)
    )
    clear = float(is_clearly_closer(values).mean())
    return {
        "fingerprint": shipped_fingerprint(),
        "lead": LEADS[read_from_package(verdict_file.FILE)["word"]],
        "finding": finding(ends, clear, effect.mean),
        "levels": levels_after(with_end, without),
        "typical": round(float(np.median(values)), 6),
        "mean": round(effect.mean, 6),
        "clear": clear,
        "further": float(is_clearly_closer(-values).mean()),
        "opens": opening_run(scenario, effect),
        "runs": runs.tolist(),
        "effects": values.round(6).tolist(),
    }


if __name__ == "__main__":
    Path(__file__).with_name(FILE).write_text(json.dumps(simulate_first_pairs()) + "\n", encoding="utf-8")
