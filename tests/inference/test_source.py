"""Every container of results knows where its numbers come from, and every sentence about it reads that."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.api import Pair
from sim.engine.experiment import Experiment
from sim.inference.designs import priors
from sim.inference.parameter_sets import retained_sets, sets_for
from sim.registers.register import registered_parameters, uncertain
from sim.report.text import doubt
from sim.scenario import Scenario, load
from sim.scenario.source import Source, source_of, together
from sim.studies.specification import sweep_by_design, sweep_over_points
from sim.studies.sweep_runner import on_threads
from tests.studies.studies import outcomes, short_war

SHORT = load("hindcast").with_(months={"to": "2019-06"})
WHOLE = SHORT.with_(**{name: float(registered_parameters()[name].default) for name in uncertain()})


def test_a_source_is_told_from_what_the_scenario_gives_and_a_design_varies() -> None:
    some = ["postwar_need", "war.ends"]
    assert source_of(SHORT, Source.RETAINED) == Source.RETAINED
    assert source_of(SHORT, Source.RETAINED, ["war.ends"]) == Source.RETAINED
    assert source_of(SHORT, Source.RETAINED, some) == Source.VARIED_RETAINED
    assert source_of(SHORT, Source.DEFAULTS, some) == Source.VARIED_DEFAULTS
    assert source_of(SHORT, Source.DEFAULTS, uncertain()) == Source.PRIOR
    assert source_of(WHOLE, Source.RETAINED) == Source.SCENARIO
    assert source_of(WHOLE, Source.RETAINED, some) == Source.MIXED
    assert together(Source.PRIOR, Source.DEFAULTS) == Source.MIXED


def test_every_source_has_words_of_its_own() -> None:
    said = {doubt.of(source) for source in Source}
    assert len(said) == len(Source)
    assert all(sentence.startswith("Uncalibrated") and sentence.endswith(".") for sentence in said)
    assert sum("hand-set default" in sentence for sentence in said) == 2


@pytest.mark.parametrize(("world", "how", "source"), [
    (SHORT, {}, Source.RETAINED),
    (SHORT, {"sets": 3}, Source.RETAINED),
    (SHORT, {"defaults": True}, Source.DEFAULTS),
    (WHOLE, {}, Source.SCENARIO),
])  # fmt: skip
def test_runs_and_ensembles_know_it_and_pass_it_on(world: Scenario, how: dict[str, int], source: Source) -> None:
    many, one = sim.ensemble(world, runs=3, seed=1, **how), sim.run(world, seed=1, number=2, **how)
    assert many.source == one.source == many.replay(2).source == many.control.source == source
    pd.testing.assert_frame_equal(many.replay(2).series, one.series)
    words = {"RETAINED": "one of the parameter sets", "DEFAULTS": "is a hand-set default", "SCENARIO": "itself gives"}
    assert words[source.name] in one.chronicle()
    assert sim.vary(world, {"war.ends": sim.values("never")}, **how).source == source


def test_the_sentences_of_a_pair_read_both() -> None:
    one = sim.ensemble(SHORT, runs=2, seed=1)
    pair = Pair(one, sim.ensemble(SHORT, runs=2, seed=1, defaults=True))
    assert doubt.doubt_of_pair(pair) == doubt.of(Source.MIXED)
    assert doubt.at_length(pair.one, pair.other).startswith(doubt.of(Source.MIXED))
    assert doubt.doubt_of_pair(replace(pair, other=one)) == doubt.of(Source.RETAINED)


def test_a_number_of_sets_is_drawn_with_the_seed() -> None:
    many = sim.ensemble(SHORT, runs=40, seed=3, sets=5)
    drawn = retained_sets().some(5, 3).values["postwar_need"]
    assert set(many.parameters["postwar_need"]) == set(drawn)
    assert many.replay(7).scenario.parameters["postwar_need"] == many.parameters["postwar_need"][7]


def test_the_model_of_mesa_simulates_the_world_of_sim_run() -> None:
    for how in ({}, {"defaults": True}, {"sets": 3}):
        model = sim.Peninsula(SHORT, seed=4, run=2, foresight=3.0, **how)
        model.run_model()
        one = sim.run(SHORT.with_(foresight=3.0), seed=4, number=2, **how)
        there = model.datacollector.get_model_vars_dataframe()["tension"].to_numpy(float)
        np.testing.assert_array_equal(there, one.series["tension"].to_numpy())
        assert model.source == one.source


def test_each_row_of_a_sweep_is_the_run_of_an_ensemble_over_the_retained_sets(tmp_path: Path) -> None:
    vary = {"postwar_need": sim.values(0.2, 0.9), "war.ends": sim.values("2022-06", "2022-09")}
    on_threads(sweep_by_design(short_war(), vary, runs=6, seed=3), tmp_path / "study", jobs=1)
    study = sim.study(tmp_path / "study")
    assert study.source == Source.VARIED_RETAINED and study.source.value in study._repr_html_()
    rows = outcomes(tmp_path / "study")
    for point, row in study.design.iterrows():
        world = short_war().with_(postwar_need=row["postwar_need"], war={"ends": row["war.ends"]})
        alone = sim.ensemble(world, runs=6, seed=3).outcomes
        here = rows[rows["point"] == point]
        np.testing.assert_array_equal(here["tension_mean"], alone["tension_mean"])
        np.testing.assert_array_equal(here["effect_of_the_end"], alone["effect_of_the_end"])
    one = study.replay(int(rows["run"].iloc[-1]))  # checked against the fingerprint
    assert one.source == Source.VARIED_RETAINED
    own = Experiment(short_war(), retained_sets(), runs=range(6)).scenario_of(5).parameters
    assert one.scenario.parameters["foresight"] == own["foresight"]
    assert doubt.of(Source.VARIED_RETAINED) in one.chronicle()


def test_what_a_sweep_varies_overrides_the_sets_and_so_does_what_its_scenario_gives(tmp_path: Path) -> None:
    world = short_war().with_(noise_sd=0.5)
    on_threads(
        sweep_over_points(world, pd.DataFrame({"foresight": [2.0, 9.0]}), runs=4, seed=1), tmp_path / "study", jobs=1
    )
    study = sim.study(tmp_path / "study")
    own = Experiment(world, sets_for(world), runs=range(4)).own_parameters
    for run, (point, replicate) in enumerate((p, r) for p in range(2) for r in range(4)):
        values = study.replay(run).scenario.parameters
        assert (values["foresight"], values["noise_sd"]) == ((2.0, 9.0)[point], 0.5)
        assert values["precision"] == own["precision"][replicate]


def test_a_sweep_that_varies_every_number_says_so(tmp_path: Path) -> None:
    asked = sweep_by_design(short_war(), priors(), design="latin", points=3, runs=2, seed=1)
    assert asked.source == Source.PRIOR
    assert sweep_by_design(short_war(), {"foresight": sim.values(2, 5)}, defaults=True).source == Source.VARIED_DEFAULTS
    on_threads(asked, tmp_path / "study", jobs=1)
    study = sim.study(tmp_path / "study")
    assert study.source == study.replay(0).source == Source.PRIOR
    assert "hand-set" not in study._repr_html_()
