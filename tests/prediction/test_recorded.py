"""Small passes through every part of the trial, each number as it was recorded.

``python -m tests.prediction.test_recorded`` records them anew. The numbers that are worked out apart stand in the
last tests of this file.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.time_to_event import curve_intervals
from sim.engine.experiment import Experiment
from sim.engine.sets import Sets, equally_weighted
from sim.inference import coding, filtering
from sim.inference.filtering import FilterSettings
from sim.inference.matching import draw_prior
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.model.moves import LEVERS
from sim.prediction import (
    ablation_study,
    border,
    earlier_forecasts,
    estimands,
    falsification,
    forecasting,
    history_trial,
    model_comparison,
    move_forecasters,
    move_forecasts,
    pools,
    questions,
    references,
    rivals,
    scoring,
    sensitivity,
    treatments,
    verdict,
    verdict_tables,
)
from sim.prediction.forecasting import FINELY
from sim.prediction.model_comparison import RecordStudy, compare_contenders
from sim.prediction.verdict_study import DOSES, HEADLINE, REGIMES, Evidence
from sim.scenario import load
from sim.scenario.source import Source

from ..recording import check, record_anew, temporary_folder, written
from . import trials
from .records import made_record
from .test_sensitivity import noisy

FILE = Path(__file__).with_name("recorded.csv")
COMMAND = "python -m tests.prediction.test_recorded"
WORLD = load("war-ends-any-time")
AS_OF, TO = months.index("2020-06"), months.index("2021-12")


@cache
def simulated() -> Evidence:
    """Return a study of six draws of the prior with three paired runs each."""
    return trials.simulated(6, 3)


@cache
def by_hand() -> Evidence:
    """Return a study whose pairs are made, with sets of unlike rates."""
    rates = np.random.default_rng(8).random(40) * 0.6 + 0.4
    return trials.study(temporary_folder() / "study", rates, flipped=1, placebo=0.7)


def study_pass() -> dict[str, Any]:
    """Return what a study plans, simulates and keeps."""
    evidence = simulated()
    kept = {name: evidence.pairs(name) for name in (HEADLINE, "news", "end/2028-01", [*DOSES][3], [*REGIMES][4])}
    placebos = {name: evidence.pairs(name)["effect_24"] for name in evidence.names("placebo")}
    asked = {name: evidence.asked[name] for name in ("seed", "size", "ends", "sets", "arms")}  # type: ignore[literal-required]
    return {"asked": asked, "kept": kept, "placebos": placebos, "fans": evidence.fans, "many": evidence.pairs("many"),
            "aftermath": evidence.pairs("aftermath"), "months": evidence.pairs("months/ended").sum(numeric_only=True),
            "sets": evidence.sets}  # fmt: skip


def _tables(evidence: Evidence) -> dict[str, Any]:
    paired, weights = evidence.pairs(HEADLINE), evidence.sets.weights
    by_set = verdict_tables.by_set(evidence)
    return {
        **{name: getattr(verdict_tables, name)(evidence) for name in (
            "definitions", "end_dates", "anyway", "dose", "weighings", "variants", "regimes", "forecasts",
        ) if name not in ("end_dates", "anyway", "dose", "regimes") or evidence.names("end")},
        **{kind: verdict_tables.ablation_table(evidence, kind) for kind in ("assumptions", "readings")},
        "by_set": by_set, "quantiles": verdict_tables.quantiles_across_sets(by_set),
        "verdict": verdict.judge(evidence),
        "pairings": estimands.pairings(evidence), "end": estimands.prior_of_end(evidence),
        "curves": curve_intervals(paired, weights, evidence.world.horizon),
    }  # fmt: skip


@cache
def _known() -> Sets:
    return filtering.filter_states(_brief(), FilterSettings(64)).sets


def _brief() -> Experiment:
    return Experiment(filtering.known_world("2020-06"), retained_sets(), 3)


@cache
def forecast() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return forecasts of eighteen months from the states of a small filter."""
    asked = Experiment(filtering.recorded_world(), _known(), 4).runs_of_every_set(2, in_turn=True)
    return forecasting.forecast_tables(asked, filtering.learn_discrepancies(_brief()), TO)


def forecast_pass() -> dict[str, Any]:
    """Return forecasts, their pool and recalibration, and how they are scored."""
    table, moves = forecast()
    asked = questions.questions_on(AS_OF, months.index("2023-08"))
    facts = references.question_outcomes(questions.questions_on(AS_OF, TO)).dropna()
    past = earlier_forecasts.known_past({"2020-06": table}, months.index("2022-12"))
    scored = scoring.score_forecasts(table, facts)
    played = np.random.default_rng(2).integers(0, 2, (5, AS_OF + 20, len(LEVERS)), dtype=np.int8)
    return {
        "forecasts": table, "moves": moves, "asked": asked, "facts": facts, "past": past,
        "pool": pools.with_pool(table), "pooled moves": pools.with_pool_of_moves(moves),
        "scores": scored, "summary": scoring.summary(scored), "reliability": scoring.reliability(scored),
        "chances": move_forecasts.move_table(played, AS_OF),
        "references": [said for *_, said in references.by_forecaster(asked[::5], (0.1, 0.5, 0.9))],
    }  # fmt: skip


def border_pass() -> dict[str, Any]:
    """Return how a border may open and visits come back, shut and open at first."""
    at = [months.index(month) for month in ("2019-12", "2021-03", "2023-08", "2024-08")]
    opened = {str(month): border.paths(month, month + 30) for month in at}
    return {"paths": opened, "visits": {str(month): border.visit_paths(month, month + 30) for month in at},
            "ends": forecasting.chances_of_end(_known(), AS_OF, TO)}  # fmt: skip


@cache
def record_study() -> RecordStudy:
    """Return a study of the record that is made by hand."""
    return made_record()


def record_pass() -> dict[str, Any]:
    """Return what the record says of contenders, and of forecasters that know no politics."""
    kept = record_study()
    compared = compare_contenders(kept)
    first = str(kept.contenders[3].name)
    scores = kept.scores()
    return {
        "compared": compared, "words": [model_comparison.word(row) for _, row in compared.iterrows()],
        "gap": model_comparison.evidence_gap_by_month(kept, first),
        "levels": model_comparison.log_evidence_levels(kept),
        "contenders": [(c.name, c.family, c.times) for c in kept.contenders], "naive": move_forecasters.naive(30),
        **{by: move_forecasters.compare_forecasters(scores, by) for by in ("capital", "lever")},
        "gaps": move_forecasters.score_gap_by_month(scores), "coding": coding.estimate_coding(),
    }  # fmt: skip


def rivals_pass() -> dict[str, Any]:
    """Return rival theories, ablations, trials on history and the nearest turns."""
    short = WORLD.with_(months={"to": "2028-06"}, war={"ends": "2025-06"})
    sets = equally_weighted(draw_prior([6], 2), Source.PRIOR)
    asked = Experiment(short, sets, 7).runs_of_every_set(2)
    cases = equally_weighted(draw_prior([9], 60), Source.PRIOR)

    def judged(values: pd.DataFrame) -> np.ndarray:
        return np.where((values["postwar_need"] > 0.7) & (values["foresight"] > 6.0), 0.1, 0.9)

    chance = np.random.default_rng(3)
    worth = {members: chance.random(3) for members in ablation_study.coalitions(4)}
    drawn, turns = history_trial.draw_sets(asked, 5), falsification.find_turns(cases, judged, judged, judged, 1_000)
    assert turns.box is not None
    groups = ablation_study.ablate(asked, "groups")
    return {
        "rivals": rivals.rivals_table(asked), "landscape": rivals.landscape_moves(),
        "shapley": ablation_study.shapley_values(worth, 4), "together": ablation_study.interactions(worth, 4),
        "groups": groups, "assumed": ablation_study.assumption_share_text(groups[1]),
        "trial": {name: scores.means.mean() for name, scores in history_trial.try_on_history(drawn, asked).items()},
        "box": turns.box.sentence("It fails"), "turns": (turns.fails, turns.holds, turns.box, turns.rates),
        "rates": falsification.rate(asked, 4)(sets.values),
        "beside": treatments.pairs_beside([treatments.Treatment(short)], asked)[0],
    }  # fmt: skip


def sensitivity_pass() -> dict[str, Any]:
    """Return what a sweep says of its factors, by two designs."""
    return {
        **{design: sensitivity.indices(noisy(design, points, 6, 2.0)) for design, points in  # type: ignore[arg-type]
           (("morris", 12), ("sobol", 64))},
        "noise": sensitivity.noise_share(noisy("latin", 40, 6, 2.0)),  # type: ignore[arg-type]
    }  # fmt: skip


PASSES: dict[str, Callable[[], Any]] = {
    "study": study_pass, "simulated": lambda: _tables(simulated()), "made": lambda: _tables(by_hand()),
    "forecast": forecast_pass, "border": border_pass, "record": record_pass, "rivals": rivals_pass,
    "sensitivity": sensitivity_pass,
}  # fmt: skip


@pytest.mark.parametrize("name", PASSES)
def test_every_number_of_a_small_pass_is_the_recorded_one(name: str) -> None:
    check({name: PASSES[name]()}, FILE, COMMAND)


def test_shares_and_effects_of_the_study_are_those_of_its_pairs() -> None:
    """Sets count alike, and a pair that cannot be judged counts for none."""
    evidence = simulated()
    pairs = evidence.pairs(HEADLINE).query("judged")
    came = pairs["D2"].notna().groupby(pairs["set"]).mean()
    came_true = verdict_tables.definitions(evidence).loc["D2"]
    assert came_true["mean"] == pytest.approx(came.mean())
    ended = evidence.pairs("end/2028-01").query("judged")
    row = verdict_tables.end_dates(evidence).query("end == '2028-01' and lag == 24").iloc[0]
    assert row["mean"] == pytest.approx(ended.groupby("set")["effect_24"].mean().mean())


def test_a_pool_of_forecasts_is_their_mean_quantile_by_quantile() -> None:
    table = forecast()[0]
    pooled = pools.with_pool(table).query("id == 'trade/2021-03'").set_index("forecaster")[list(FINELY)].astype(float)
    assert pooled.loc[pools.POOL].to_numpy() == pytest.approx(pooled.drop(pools.POOL).mean().to_numpy())


@pytest.mark.parametrize(("kept", "now", "fails"), [
    ([1.0, 2.0], [1.0, 2.0], False), ([1.0, 2.0], [1.0, 2.0 + 1e-8], True), ([1.0] * 9, [1.0] * 8 + [1.1], True),
    (list(range(9)), [1, 0, *range(2, 9)], True), ([1.0], [1.0, 1.0], True), ("a 5% share", "his 5% share", False),
    ("a 5% share", "a 6% share", True), ({"a": True}, {"a": False}, True), (["x"] * 9, ["x"] * 8 + ["y"], True),
])  # fmt: skip
def test_a_record_sees_what_is_a_number_else_in_another_order_or_place(
    tmp_path: Path, kept: Any, now: Any, fails: bool
) -> None:
    (tmp_path / "made.csv").write_text(written({"made": kept}), encoding="utf-8")
    if fails:
        with pytest.raises(AssertionError):
            check({"made": now}, tmp_path / "made.csv", "the command")
    else:
        check({"made": now}, tmp_path / "made.csv", "the command")


if __name__ == "__main__":
    record_anew(PASSES, FILE)
