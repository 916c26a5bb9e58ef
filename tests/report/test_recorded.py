"""The numbers behind pictures, tables and accounts of one run, many and a pair, as they were recorded.

``python -m tests.report.test_recorded`` records them anew. The last tests count some of them again from the tables.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import api
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference import filtering, hindcast
from sim.inference.filtering import FilterSettings
from sim.inference.matching import draw_prior
from sim.inference.parameter_sets import retained_sets
from sim.model.capitals import CAPITALS
from sim.prediction import model_comparison, move_forecasters, verdict
from sim.report import datasets
from sim.report.figures import (
    ensemble_figures,
    evidence_figures,
    history_figures,
    record_figures,
    run_figures,
    trial_figures,
    verdict_figures,
)
from sim.report.folders import hindcast_folder, record_folder, verdict_folder
from sim.report.reference import check_months, influence
from sim.report.showing import Pair, ShownEnsemble, ShownRun
from sim.report.text import answer, at_work, chronicle, explanation, on_record, turning_points, verdict_text
from sim.scenario.source import Source

from ..prediction.records import made_record
from ..prediction.trials import simulated
from ..recording import check, record_anew

FILE = Path(__file__).with_name("recorded.csv")
COMMAND = "python -m tests.report.test_recorded"


@cache
def one() -> ShownRun:
    """Return a run whose war ends."""
    return api.run("war-ends-early", seed=7)


@cache
def many() -> ShownEnsemble:
    """Return some runs whose war ends at any time."""
    return api.ensemble("war-ends-any-time", 24, seed=5)


@cache
def two() -> Pair:
    """Return runs beside the same runs of another scenario."""
    return Pair(many(), api.ensemble("moscow-never-buys", 24, seed=5))


def run_pass() -> dict[str, Any]:
    """Return the pictures, turning points, years and accounts of a run."""
    run = one()
    accounts = [explanation.accounts(run, capital, month) for capital in CAPITALS for month in (0, 30, 41, 66, 90)]
    work = at_work.goals_at_work(run)
    return {
        "story": run_figures.story(run), "capitals": run_figures.capitals(run),
        "turns": [(turn.month, turn.kind) for turn in turning_points.turns(run)],
        "main": [turn.month for turn in turning_points.main_turns(run, 5)],
        "years": [vars(year) if hasattr(year, "__dict__") else year for year in chronicle.years(run)],
        "chronicle": chronicle.chronicle_of(run), "accounts": accounts, "at work": work,
        "assumed": at_work.assumed_share(run, work),
        "reasons": [explanation.main_reasons(account).count("main reason") for some in accounts for account in some],
    }  # fmt: skip


def runs_pass() -> dict[str, Any]:
    """Return the pictures of many runs, of a pair, and what is said of them."""
    ensemble, pair = many(), two()
    control = ensemble.control
    data = datasets.ensemble_dataset(ensemble).to_dataframe().reset_index(drop=True).select_dtypes("number")
    return {
        **{name: ensemble_figures.fan(ensemble, name, control) for name in ("reengagement", "china_flow")},
        "difference": ensemble_figures.difference(ensemble, control),
        "history": history_figures.beside_history(ensemble),
        "pair": ensemble_figures.pair(pair), "effect": answer.effect_of(pair), "data": data.sum(),
        "lanes": record_figures.lanes(api.ensemble("hindcast", 12, seed=2)),
        "rows": answer.definition_rows(ensemble.drift), "answer": answer.answer_of_run(ensemble, control),
        "of the pair": answer.answer_of_pair(pair), "levels": answer.reengagement_levels(ensemble),
        "interval": answer.interval(ensemble, control), "sure": answer.how_sure(answer.effect_of(pair).estimate),
    }  # fmt: skip


def record_pass() -> dict[str, Any]:
    """Return what is known as of a month, and the pictures of a study of the record that is made by hand."""
    asked = Experiment(filtering.known_world("2020-06"), retained_sets(), 3)
    known = filtering.filter_states(asked, FilterSettings(128))
    study = made_record()
    compared = model_comparison.compare_contenders(study)
    return {
        "fans": record_figures.record_fans(known), "cells": record_folder.cells_in_words(),
        "cumulative": _data(evidence_figures, evidence_figures.cumulative, study, compared),
        "table": on_record.evidence_table(compared, model_comparison.CLAIMS),
        "answer": on_record.answer(move_forecasters.compare_forecasters(study.scores()), compared),
    }  # fmt: skip


def _data(module: Any, picture: Callable[..., Any], *words: Any) -> Any:
    """Return what a picture says in place of the picture, whatever it is drawn by."""

    def shown(*said: Any, **more: Any) -> list[Any]:
        return [part for part in (*said, *more.values()) if not callable(part)]

    with pytest.MonkeyPatch.context() as patch:
        for name in {"draw", "ranges", "shaded_table"} & vars(module).keys():
            patch.setattr(module, name, shown)
        return picture(*words)


def verdict_pass() -> dict[str, Any]:
    """Return tables, facts and pictures of a verdict."""
    evidence = simulated(4, 2)
    judged = verdict.judge(evidence)
    tables = verdict_folder.tables(evidence, judged)
    names = [name for name, make in verdict_figures._DRAWN.items() if name != "groups"]
    pictures = {name: _data(verdict_figures, verdict_figures.picture, name, evidence, judged, tables) for name in names}
    return {"tables": tables, "facts": verdict_folder.facts(evidence, judged), "pictures": pictures,
            "spread": verdict_folder.spread(judged, tables), "condition": verdict_folder.condition(judged),
            "failures": verdict_folder.failures(judged, tables["forecasts"]),
            **{name: getattr(verdict_text, name)(tables) for name in (
                "weighings", "fitting", "pairings", "variants", "tabulate_return", "tell_cause",
            )},
            "placebos": _data(verdict_figures, verdict_figures.placebos, evidence, judged)}  # fmt: skip


def hindcast_pass() -> dict[str, Any]:
    """Return the tables of a trial on history."""
    sets = equally_weighted(draw_prior([6], 3), Source.PRIOR)
    asked = Experiment(hindcast.free_runs(), sets, 7).runs_of_every_set(3)
    trials = {"prior": hindcast.try_sets(asked)}
    return {"tables": hindcast_folder.tables(trials), "matrix": hindcast_folder.matrix_rows(trials),
            "columns": [(one.count, one.shares, one.words) for one in hindcast_folder.matrix_columns(trials)],
            "profile": hindcast_folder.profile({"prior": asked.ensemble()})}  # fmt: skip


def trial_pass() -> dict[str, Any]:
    """Return the rows of pictures of trials, from tables that are made by hand."""
    chance = np.random.default_rng(1)
    names = [f"x{place}" for place in range(40)]
    table = pd.DataFrame(chance.random((40, 5)), names, ["mean", "low", "high", "sets_low", "sets_high"])
    index = pd.DataFrame({"mu_star": np.linspace(4.0, 0.1, 40), "mu_star_conf": 0.2, "rank": range(1, 41)}, names)
    turns = pd.DataFrame({"parameter": names[:3], "origin": 1.0, "turned": 2.0, "share": [0.5, -0.25, 0.125]})
    levels = pd.DataFrame([("model", level, min(level + 0.1, 1.0)) for level in trial_figures._LEVELS],
                          columns=["forecaster", "level", "share"])  # fmt: skip
    figures = {"ablation": (table, "groups", "by hand"), "tornado": (index, "morris", "by hand"),
               "turn": (turns, "fails", 0.7, 0.4, "by hand"), "reliability": (levels, "by hand")}  # fmt: skip
    return {name: _data(trial_figures, getattr(trial_figures, name), *words) for name, words in figures.items()}


def reference_pass() -> dict[str, Any]:
    """Return the months to check a rewritten model by, and what reaches what."""
    return {"links": [(link.source, link.target, link.rule, link.sign) for link in influence.links()],
            "months": {check.month: check_months.month(check) for check in check_months.CHECKS},
            "state": check_months.state_inside_ranges()}  # fmt: skip


PASSES: dict[str, Callable[[], Any]] = {
    "run": run_pass, "runs": runs_pass, "record": record_pass, "verdict": verdict_pass, "hindcast": hindcast_pass,
    "trial": trial_pass, "reference": reference_pass,
}  # fmt: skip


@pytest.mark.parametrize("name", PASSES)
def test_every_number_of_a_small_pass_is_the_recorded_one(name: str) -> None:
    check({name: PASSES[name]()}, FILE, COMMAND)


def test_a_fan_holds_the_quantiles_of_its_series() -> None:
    chart, series = ensemble_figures.fan(many(), "china_flow"), many().series("china_flow")
    wide, half = chart.panels[0].bands
    for edge, level in ((wide.low, 0.1), (half.low, 0.25), (half.high, 0.75), (wide.high, 0.9)):
        assert edge == pytest.approx([np.quantile(series[month], level) for month in series])


def test_a_story_has_as_many_changes_as_the_moves_have() -> None:
    run = one()
    for lane, lever in zip(run_figures.story(run).lanes, run_figures.story(run).data, strict=False):
        assert sum(part.last - part.first for part in lane.stretches) == len(run.moves), lever


if __name__ == "__main__":
    record_anew(PASSES, FILE)
