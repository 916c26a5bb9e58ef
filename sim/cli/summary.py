"""What a run and a comparison showed, as plain data for ``--json``; :mod:`sim.cli.printing` puts it into words."""

import math
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.definitions import Drift
    from sim.api import Run
    from sim.engine.ensemble import Pair
    from sim.report.showing import ShownEnsemble

YEARLY = ("reengagement", "china_flow", "arms_flow", "tension")  # their means
MOVES = ("pyongyang_toward_beijing", "pyongyang_toward_moscow", "beijing_trade", "seoul_north")  # made most often


def run_summary(run: "Run", many: "ShownEnsemble") -> dict[str, object]:
    """Return what one run, its ensemble, and their control showed."""
    from sim.engine.ensemble import Pair
    from sim.report.text import answer, doubt

    drifted, control = many.drift, many.control
    judged = int(drifted.judged.sum())
    return {
        "scenario": run.scenario.name,
        "question": run.scenario.question,
        "answer": answer.answer_of_run(many, control),
        "doubt": doubt.at_length(many),
        "parameter_sets": many.source.name.lower(),
        "calibrated": False,
        "seed": run.seed,
        "runs": len(many),
        "judged": judged,
        "effect_of_the_end": _effect(Pair(many, control)) if judged else None,
        "definitions": _definitions(drifted) if judged else None,
        "world": {**_world(run), "years": year_rows(run)},
    }


def pair_summary(pair: "Pair", one: "Run", other: "Run") -> dict[str, object]:
    """Return what two scenarios showed under the same chance, and where one run of both parts."""
    from sim.report.text import answer, doubt
    from sim.scenario.source import together

    parting = pair.first_divergence(one.number)
    return {
        "one": one.scenario.name,
        "other": other.scenario.name,
        "answer": answer.answer_of_pair(pair),
        "doubt": doubt.at_length(pair.one, pair.other),
        "parameter_sets": together(pair.one.source, pair.other.source).name.lower(),
        "calibrated": False,
        "seed": one.seed,
        "runs": len(pair.one),
        "effect": _effect(pair),
        "first_divergence": parting and asdict(parting),
        "worlds": [_world(one), _world(other)],
    }


def _effect(pair: "Pair") -> dict[str, object]:
    """Return the effect on re-engagement; without bounds where there are too few runs or parameter sets."""
    from sim.report.text import answer

    effect = answer.effect_of(pair)
    low, high = (None if math.isnan(bound) else bound for bound in effect.interval)
    sets, caveat = effect.estimate.sets, effect.estimate.caveat or None
    bounds = {"low": low, "high": high, "caveat": caveat}
    return {"when": effect.when, "mean": effect.mean, **bounds, "sets": sets, "runs": len(effect.values)}


def _definitions(drifted: "Drift") -> dict[str, object]:
    from sim.analysis.definitions import describe_definitions

    without = drifted.control[drifted.judged].notna().mean()
    return {
        name: {"says": words, "share": float(drifted.share[name]), "share_without_an_end": without.get(name)}
        for name, words in describe_definitions().items()
    }


def _world(run: "Run") -> dict[str, object]:
    from sim.model import months
    from sim.report.text.turning_points import turns

    return {
        "number": run.number,
        "war_ends": None if run.war_end is None else months.name(run.war_end),
        "turns": [{"month": months.name(turn.month), "kind": turn.kind, "text": turn.text} for turn in turns(run)],
    }


def year_rows(run: "Run") -> list[dict[str, object]]:
    """Return a row a year: means of states, and the moves made most often."""
    year = run.series.index.year  # type: ignore[attr-defined]
    means = run.series[list(YEARLY)].groupby(year).mean()
    moves = run.moves[list(MOVES)].groupby(year).agg(_commonest)
    return [{"year": int(at), **means.loc[at].to_dict(), **moves.loc[at].to_dict()} for at in means.index]


def _commonest(options: "pd.Series") -> str:
    return str(options.value_counts().index[0])
