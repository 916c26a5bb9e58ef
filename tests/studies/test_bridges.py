"""Other programs drive the model as one of their own: EMA Workbench and SALib, the real libraries."""

import runpy
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol as analysed
from SALib.sample import sobol as sampled

import sim
from sim.scenario.priors import Range

EXAMPLE = Path(__file__).parents[2] / "examples" / "prim_with_ema.py"
SHORT = sim.load("war-ends-early").with_(months={"to": "2027-06"})
OUTCOME = "reengagement_last_year"


@pytest.fixture(scope="module")
def ema() -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of engines that are not installed, said at import
        import ema_workbench

    return ema_workbench


def test_outcomes_are_the_means_of_the_worlds_that_an_ensemble_simulates() -> None:
    varied = sim.vary(SHORT, {"postwar_need": sim.uniform(0.0, 1.6)}, runs=20, seed=4)
    outcomes = varied.outcomes(pd.DataFrame({"postwar_need": [0.1, 1.5]}))
    many = sim.ensemble(SHORT.with_(postwar_need=1.5), runs=20, seed=4)
    assert outcomes.loc[1, OUTCOME] == pytest.approx(many.outcomes[OUTCOME].mean(), rel=1e-12)
    assert outcomes.loc[0, OUTCOME] != outcomes.loc[1, OUTCOME]


def test_salib_samples_and_analyses_in_the_units_of_the_model() -> None:
    varied = sim.vary(SHORT, {"tension_gain": sim.prior("tension_gain"), "noise_sd": sim.prior("noise_sd")}, runs=16)
    problem = varied.to_salib()
    assert problem["names"] == ["tension_gain", "noise_sd"] and problem["num_vars"] == 2
    sample = sampled.sample(problem, 16, calc_second_order=False, seed=1)  # its own seed is another at each call
    (low, high) = problem["bounds"][0]
    assert low <= sample[:, 0].min() < sample[:, 0].max() <= high
    tensions = varied.of_sample(sample, "tension_mean")
    assert len(tensions) == len(sample) and np.std(tensions) > 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sample this small has wide intervals, and SALib divides by them
        indices = analysed.analyze(problem, tensions, calc_second_order=False)
    assert indices["ST"][0] > indices["ST"][1]  # how steep tension answers, against noise that averages out


def test_salib_is_refused_what_varies_by_steps() -> None:
    with pytest.raises(ValueError, match=r"war\.ends: SALib draws from ranges"):
        sim.vary(SHORT, {"war.ends": sim.values("2025-01", "2026-01")}).to_salib()


def test_ema_performs_experiments_on_the_model_as_its_own(ema) -> None:
    varied = sim.vary(
        SHORT, {"postwar_need": sim.uniform(0.0, 1.6), "war.ends": sim.values("2025-01", "2026-01")}, runs=16, seed=4
    )
    tried, outcomes = ema.perform_experiments(varied.to_ema(), 4)
    assert set(tried["war_ends"]) <= {"2025-01", "2026-01"} and tried["postwar_need"].between(0.0, 1.6).all()
    points = pd.DataFrame({"postwar_need": tried["postwar_need"], "war.ends": tried["war_ends"]})
    assert outcomes[OUTCOME] == pytest.approx(varied.outcomes(points)[OUTCOME].to_numpy(), rel=1e-12)


def test_ema_gets_levers_policies_series_and_distributions(ema) -> None:
    short = sim.load("hindcast").with_(
        months={"to": "2019-12"},
        policies={"hold": [], "hard": [{"capital": "Seoul", "lever": "north", "option": "hard", "from": "2019-02",
                                        "to": "2019-12"}]},
    )  # fmt: skip
    factors = {
        "grievance": sim.normal(24, 3, within=(20, 28)),
        "moves.Beijing.trade": sim.choices("free", "squeeze"),
        "policy": sim.choices("hold", "hard"),
    }
    varied = sim.vary(short, factors, runs=2, seed=4, series=["tension", "reengagement"])
    model = varied.to_ema()
    assert [lever.name for lever in model.levers] == ["moves_Beijing_trade", "policy_"]
    assert [uncertain.name for uncertain in model.uncertainties] == ["grievance"]
    tried, outcomes = ema.perform_experiments(model, scenarios=4, policies=2)
    assert tried["grievance"].between(20, 28).all() and outcomes["tension_by_month"].shape == (8, 12)
    first = tried.iloc[0]
    point = dict(zip(factors, first[["grievance", "moves_Beijing_trade", "policy_"]], strict=True))
    alone = varied.months(pd.DataFrame([point]))
    assert outcomes["reengagement_by_month"][0] == pytest.approx(alone["reengagement"].to_numpy(), rel=1e-12)
    with pytest.raises(ValueError, match=r"months\.to varies"):
        sim.vary(short, {"months.to": sim.values("2019-11")}, series=["tension"]).to_ema()
    with pytest.raises(ValueError, match="SALib draws from ranges"):
        sim.vary(short, {"grievance": factors["grievance"]}).to_salib()
    uncertain = model.uncertainties[0]
    assert uncertain.dist.ppf([0.0, 0.5, 1.0]) == pytest.approx([20, 24, 28])


def test_the_example_with_prim_runs(ema, capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runpy.run_path(str(EXAMPLE))["main"](24)
    printed = capsys.readouterr().out
    assert "of 24 experiments" in printed and "density" in printed


def test_draws_at_the_low_end_reach_ema_and_salib_is_refused_them(ema) -> None:
    varied = sim.vary(SHORT, {"postwar_need": Range(0.1, 0.6, at_low=0.25)}, runs=2, seed=4)
    (parameter,) = varied.to_ema().uncertainties
    assert parameter.dist.ppf([0.1, 0.25, 0.625]).tolist() == pytest.approx([0.1, 0.1, 0.35])
    with pytest.raises(ValueError, match="postwar_need"):
        varied.to_salib()
