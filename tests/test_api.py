"""The public verbs: what a notebook types, and what it gets."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim import api
from sim.cli import app
from sim.engine import blocks
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.mesa import single_run
from sim.engine.provenance import made_by
from sim.inference import parameter_sets
from sim.inference.hindcast import Scores
from sim.inference.matching import draw_prior
from sim.inference.parameter_sets import retained_sets, sets_for
from sim.inference.sets_file import Retained
from sim.prediction import model_comparison
from sim.registers.register import assumptions
from sim.report.folders import hindcast_folder
from sim.report.showing import ShownEnsemble, ShownExperiment, ShownRun, ShownStudy
from sim.scenario import ScenarioError
from sim.storage import sealed
from sim.storage.study_errors import StudyError

matplotlib.use("Agg")

SHORT = sim.load("hindcast").with_(months={"from": "2023-01", "to": "2024-08"})
ENDS = sim.load("baseline").with_(name="war ends in mid-2024", war={"ends": "2024-07"}, months={"to": "2026-12"})


@pytest.fixture(scope="module")
def short_run() -> api.Run:
    return sim.run(SHORT, seed=7)


@pytest.fixture(scope="module")
def many() -> api.Ensemble:
    return sim.ensemble(ENDS, runs=30, seed=7, jobs=2)


@pytest.fixture
def fresh() -> api.Ensemble:
    """Many runs of which nothing was asked yet."""
    return sim.ensemble(ENDS, runs=4, seed=7)


@pytest.fixture(scope="module")
def ablation() -> Any:
    return sim.ablate(ENDS, seed=7, sets=2)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return sim.sweep(SHORT, {"foresight": sim.values(2.0, 5.0)}, tmp_path_factory.mktemp("study") / "s", runs=2, seed=7)


@pytest.fixture(scope="module")
def pair() -> api.Pair:
    return sim.compare(ENDS, ENDS.with_(name="the war goes on", war={"ends": "never"}), runs=30, seed=7)


def test_the_package_offers_its_verbs_and_no_others() -> None:
    assert set(sim.__all__) <= set(dir(sim))
    assert {"load", "run", "ensemble", "compare", "claims"} <= set(sim.__all__)
    for name in sim.__all__:
        assert getattr(sim, name) is getattr(api, name)
    with pytest.raises(AttributeError, match="no attribute 'runn'"):
        _ = sim.runn


def test_whatever_one_reaches_from_the_package_shows_an_example() -> None:
    """Pytest runs the examples of all docstrings; only one takes too long for that."""
    given = {name: getattr(api, name) for name in api.__all__}
    kinds = [one for one in given.values() if isinstance(one, type)]
    examples = {name: one.__doc__ or "" for name, one in given.items() if one not in kinds}
    for kind in [*kinds, ShownRun, ShownEnsemble, ShownExperiment, ShownStudy]:
        examples |= _docstrings_of(kind)
    without = [name for name, text in examples.items() if ">>>" not in text]
    assert not without, f"no example: {', '.join(without)}"
    assert len(examples) > 100
    assert [name for name, text in examples.items() if "+SKIP" in text] == ["evidence"]


def _docstrings_of(kind: type) -> dict[str, str]:
    """Return the docstring of a class and of each public member, with those of what it overrides."""
    bases = [base for base in kind.__mro__ if base.__module__.startswith("sim.")]
    names = {name for base in bases for name in vars(base) if not name.startswith("_")}
    texts = {kind.__name__: "".join(base.__doc__ or "" for base in bases)}
    for name in names - getattr(kind, "__dataclass_fields__", {}).keys():
        defined = [vars(base)[name] for base in bases if name in vars(base)]
        texts[f"{kind.__name__}.{name}"] = "".join(member.__doc__ or "" for member in defined)
    return texts


def test_a_scenario_is_taken_as_itself_by_name_or_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("extends: hindcast\nmonths: {to: 2019-03}\n", encoding="utf-8")
    by_path, as_text = sim.run(path, seed=1), sim.run(str(path), seed=1)
    itself = sim.run(sim.load(path), seed=1)
    assert by_path.series.equals(itself.series) and as_text.series.equals(itself.series)
    assert len(sim.ensemble("hindcast", runs=2, seed=1).series("tension").columns) == 68
    with pytest.raises(ScenarioError, match="hindcast"):
        sim.run("hindcst", seed=1)


def test_a_run_is_a_frame_of_states_and_one_of_moves(short_run: api.Run) -> None:
    assert short_run.series.shape[0] == short_run.moves.shape[0] == 20
    assert str(short_run.series.index[0]) == "2023-01"
    assert short_run.series.loc["2024-06", "tension"] > 0
    assert short_run.war_end is None
    assert isinstance(short_run.moves.loc["2024-06", "deal_arms"], str)


def test_a_run_of_an_ensemble_is_the_run_of_its_number(short_run: api.Run) -> None:
    some = sim.ensemble(SHORT, runs=3, seed=7)
    assert np.array_equal(some.series("tension").loc[0], short_run.series["tension"])
    assert np.array_equal(some.series("tension").loc[2], sim.run(SHORT, seed=7, number=2).series["tension"])
    replayed = some.replay(2)
    assert type(replayed) is ShownRun
    assert replayed.series.equals(sim.run(SHORT, seed=7, number=2).series)
    bare = sim.ensemble(SHORT, runs=3, seed=7, defaults=True).series("tension").loc[2]
    assert np.array_equal(bare, sim.run(SHORT, seed=7, number=2, defaults=True).series["tension"])
    assert not np.array_equal(bare, some.series("tension").loc[2])


def test_the_worlds_of_an_ensemble_span_the_sets_that_history_has_not_ruled_out() -> None:
    own = SHORT.with_(parameters={"foresight": 4.0})
    some = sim.ensemble(own, runs=60, seed=7)
    sets = retained_sets().values
    distinct = {tuple(row) for row in zip(some.parameters["grievance"], some.parameters["precision"], strict=True)}
    assert len(distinct) == 60 and distinct <= {tuple(row) for row in sets[["grievance", "precision"]].to_numpy()}
    assert "foresight" not in some.parameters  # what the scenario gives stands
    replayed = some.replay(41)
    assert np.array_equal(some.series("tension").loc[41], replayed.series["tension"])
    assert replayed.scenario.parameters["foresight"] == 4.0
    assert replayed.scenario.parameters["grievance"] == some.parameters["grievance"][41]
    assert np.array_equal(some.control.parameters["grievance"], some.parameters["grievance"])


def test_without_a_seed_one_is_drawn_and_printed_and_makes_the_same_world_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    brief = SHORT.with_(months={"from": "2019-01", "to": "2019-02"})
    first, second = sim.run(brief), sim.run(brief)
    printed = capsys.readouterr()
    assert printed.out == ""
    seeds = [int(seed) for seed in re.findall(r"^seed (\d+)$", printed.err, re.MULTILINE)]
    assert seeds == [first.seed, second.seed]
    assert first.seed != second.seed
    assert sim.run(brief, seed=first.seed).series.equals(first.series)
    assert sim.run(brief, seed=0).seed == 0
    assert capsys.readouterr().err == ""


def test_the_two_worlds_of_a_comparison_share_a_drawn_seed(capsys: pytest.CaptureFixture[str]) -> None:
    brief = SHORT.with_(months={"from": "2019-01", "to": "2019-02"})
    two = sim.compare(brief, brief, runs=2)
    assert two.one.seed == two.other.seed
    assert capsys.readouterr().err == f"seed {two.one.seed}\n"


def test_the_number_of_threads_changes_nothing(many: api.Ensemble) -> None:
    assert np.array_equal(sim.ensemble(ENDS, runs=30, seed=7, jobs=1).states, many.states)
    assert np.array_equal(sim.ensemble(ENDS, runs=30, seed=7).states, many.states)


def test_the_control_made_beside_an_ensemble_is_the_one_that_is_made_when_asked_for(many: api.Ensemble) -> None:
    progress: list[tuple[int, int]] = []
    beside = sim.ensemble(ENDS, runs=30, seed=7, jobs=2, control=True, tell=lambda *said: progress.append(said))
    assert beside.beside is beside.control and np.array_equal(beside.states, many.states)
    assert np.array_equal(beside.control.states, many.control.states)
    assert beside.control.scenario == many.control.scenario
    assert progress == [(30, 30)]


def test_runs_that_fail_are_left_out_of_all_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = Experiment.ensemble

    def broken(*asked: Any, **more: Any) -> Ensemble:
        made = whole(*asked, **more)
        states = made.states.copy()
        states[lost] = np.nan
        return replace(made, states=states)

    monkeypatch.setattr(Experiment, "ensemble", broken)
    lost: Any = 2
    some = sim.ensemble(SHORT, runs=4, seed=7)
    assert some.runs.tolist() == [0, 1, 3] and some.failed == (2,)
    assert capsys.readouterr().err == "1 of 4 runs failed and are left out: 2\n"
    both = sim.compare(SHORT, SHORT, runs=4, seed=7)
    assert both.one.runs.tolist() == both.other.runs.tolist() == [0, 1, 3]
    assert both.one.failed == both.other.failed == (2,)
    lost = slice(None)
    with pytest.raises(FloatingPointError, match="all runs failed"):
        sim.ensemble(SHORT, runs=4, seed=7)


def test_the_meter_is_the_one_of_the_command_and_is_silent_where_the_war_goes_on(tmp_path: Path) -> None:
    asked: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "sim.prediction.ablation_study.assumption_share_text",
            lambda losses: str(asked.extend(losses) or "The meter."),
        )
        assert sim.assumption_share(ENDS, runs=6, seed=7, jobs=1, sets=3) == "The meter."
    assert len(asked) > 20 and {len(loss.effect.caveat) > 0 for loss in asked} == {True}
    assert sim.assumption_share(SHORT, runs=6, seed=7) == ""


@pytest.mark.parametrize("sets", [3, 9])
def test_the_effect_that_the_meter_begins_from_is_that_of_the_answer(sets: int) -> None:
    """Where a reader finds both, they are one number: it comes from the same runs over the same parameter sets."""
    asked: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.prediction.ablation_study.assumption_share_text", asked.extend)
        sim.assumption_share(ENDS, runs=6, seed=7, jobs=1, sets=sets)
    many = sim.ensemble(ENDS, runs=6, seed=7, sets=sets, control=True)
    effects = [loss.effect.mean - loss.change.mean for loss in asked]
    assert effects == pytest.approx([many.drift.effect.mean()] * len(effects))


def test_a_sweep_file_is_carried_out_as_the_same_sweep_is(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SHORT.to_yaml(), encoding="utf-8")
    file = tmp_path / "patience.yaml"
    file.write_text("scenario: ./short.yaml\nvary: {foresight: {values: [2.0, 5.0]}}\nruns: 2\n", encoding="utf-8")
    progress: list[tuple[int, int]] = []
    asked = sim.load_sweep(file, seed=7)
    one = sim.carry_out(asked, tmp_path / "one", jobs=1, tell=lambda *said: progress.append(said))
    other = sim.sweep(SHORT, {"foresight": sim.values(2.0, 5.0)}, tmp_path / "other", runs=2, seed=7)
    assert one.outcomes.equals(other.outcomes) and one.progress.finished
    assert sum(done for done, _ in progress) == 4 and not any(failed for _, failed in progress)


def test_outcomes_are_a_row_a_run_with_the_five_definitions(many: api.Ensemble) -> None:
    frame = many.outcomes
    assert frame.index.tolist() == list(range(30))
    assert set(frame["war_ends"]) == {"2024-07"}
    assert {f"D{number}_after_months" for number in range(1, 6)} <= set(frame.columns)
    assert frame["judged"].all()
    assert np.array_equal(frame["effect_of_the_end"], many.drift.effect)
    d2 = many.drift.effect >= 5.0
    assert frame["D2_after_months"].notna().tolist() == d2.tolist()


def test_the_effect_of_the_end_is_the_paired_effect(many: api.Ensemble, pair: api.Pair) -> None:
    assert np.array_equal(pair.effect("reengagement", months_after=24).values, many.drift.effect)
    assert np.array_equal(many.control.states, pair.other.states)


def test_a_comparison_is_one_less_the_other(pair: api.Pair) -> None:
    gap = pair.difference("tension")
    assert gap.equals(pair.one.series("tension") - pair.other.series("tension"))
    assert (gap.loc[:, :"2024-06"] == 0.0).all(axis=None)
    assert all(pair.first_divergence(run).month >= "2024-07" for run in range(30))


def test_claims_are_a_table_of_all_claims_and_assumptions() -> None:
    table = sim.claims()
    assert isinstance(table, pd.DataFrame)
    assert table.index.tolist()[:63] == [f"C{number:02d}" for number in range(1, 64)]
    assert set(table.index[63:]) == set(assumptions())
    assert {"says", "roles", "enters_as", "rules"} <= set(table.columns)


@pytest.mark.parametrize("result", ["short_run", "many", "pair"])
def test_results_show_in_notebooks_with_a_picture_and_the_word_uncalibrated(
    result: str, request: pytest.FixtureRequest
) -> None:
    shown = request.getfixturevalue(result)._repr_html_()
    assert "uncalibrated" in shown.lower()
    assert "<img" in shown or "<svg" in shown
    assert "http://" not in shown.replace("http://www.w3.org", "") and "https://" not in shown


@pytest.mark.parametrize("result", ["short_run", "fresh", "pair", "ablation", "study"])
def test_what_shows_itself_simulates_nothing(
    result: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = request.getfixturevalue(result)

    def simulate(*_: Any, **__: Any) -> None:
        raise AssertionError("showing simulates")

    for name in ("simulate", "simulate_with_control"):
        monkeypatch.setattr(blocks, name, simulate)
    monkeypatch.setattr(single_run, "simulate_run", simulate)
    assert "<" in shown._repr_html_()


def test_an_ensemble_says_what_the_end_brings_once_its_control_is_at_hand(fresh: api.Ensemble) -> None:
    before = fresh._repr_html_()
    assert ".control" in before and "We simulated" not in before
    assert fresh.control is not None
    after = fresh._repr_html_()
    assert "We simulated" in after and "On average it " in after


def test_a_war_that_does_not_end_needs_no_control_to_be_shown() -> None:
    assert "The war does not end in these runs" in sim.ensemble(SHORT, runs=2, seed=7)._repr_html_()


@pytest.mark.parametrize("result", ["short_run", "many", "pair"])
def test_results_plot_themselves(result: str, request: pytest.FixtureRequest) -> None:
    from matplotlib import pyplot

    figure = request.getfixturevalue(result).plot()
    assert figure.axes and any(axes.has_data() or axes.texts for axes in figure.axes)
    pyplot.close(figure)


def test_a_run_tells_its_story_and_says_why(short_run: api.Run) -> None:
    story = short_run.chronicle()
    assert story.startswith("# ")
    assert "uncalibrated" in story.lower()
    why = short_run.why("Pyongyang", "2024-06")
    assert "Pyongyang" in why
    assert re.search(r"\bC\d\d\b", why) or "claim" in why


def test_scenarios_show_in_notebooks() -> None:
    assert "<" in sim.load("baseline")._repr_html_()


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, True])
def test_a_seed_that_is_none_is_refused_in_words_by_whoever_takes_one(seed: Any, tmp_path: Path) -> None:
    short = sim.load("hindcast").with_(months={"to": "2019-03"})
    points, vary = pd.DataFrame({"foresight": [2.0]}), {"foresight": sim.values(2.0)}
    asks: dict[str, Callable[[], Any]] = {
        "run": lambda: sim.run(short, seed=seed),
        "ensemble": lambda: sim.ensemble(short, runs=2, seed=seed),
        "compare": lambda: sim.compare(short, short, runs=2, seed=seed),
        "sweep": lambda: sim.sweep(short, vary, out=tmp_path / "a", runs=2, seed=seed),
        "points": lambda: sim.sweep(short, points, out=tmp_path / "b", runs=2, seed=seed),
        "latin": lambda: sim.sweep(short, {"foresight": sim.uniform(2, 9)}, tmp_path / "c", 2, seed, "latin", 3),
        "vary": lambda: sim.vary(short, vary, seed=seed),
        "ablate": lambda: sim.ablate(short, seed=seed),
        "verdict": lambda: sim.verdict(tmp_path / "d", seed=seed),
        "model": lambda: sim.Peninsula(short, seed=seed),
        "engine's ensemble": lambda: Experiment(short, seed=seed).ensemble(),
        "engine's run": lambda: Experiment(short, seed=seed).run(0),
    }
    for name, ask in asks.items():
        with pytest.raises(ValueError, match=r"a seed is a whole number from 0 to 2\*\*64 - 1"):
            ask()
            pytest.fail(name)
    assert not list(tmp_path.iterdir())


def three_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let three sets stand in for those that travel with the package."""
    made = Retained(draw_prior([99], 3), np.full(3, 1 / 3), Scores(pd.DataFrame(), pd.DataFrame()), {})
    monkeypatch.setattr(parameter_sets, "shipped_sets", lambda: made)


def typed(*words: str) -> Any:
    done = CliRunner().invoke(app, [*words, "--json", "--quiet"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_hindcast_is_the_one_of_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    three_kept(monkeypatch)
    for name in ("draw", "pattern_picture", "write_picture"):  # pictures take most of the time
        monkeypatch.setattr(hindcast_folder, name, lambda *_: None)
    progress: list[tuple[int, int]] = []
    kept: list[tuple[str, int, int]] = []
    hindcast = sim.hindcast(
        4, 3, 7, 1, lambda *said: progress.append(said), lambda *said: kept.append((*said[:2], len(said[2])))
    )
    shares = typed("hindcast", "--runs", "4", "--sets", "3", "--seed", "7", "--out", str(tmp_path / "here"))["shares"]
    assert hindcast.shares.to_dict() == shares
    assert progress == [(1, 7), (4, 7), (7, 7)]
    assert kept == [("defaults", 0, 4 * 68), ("prior", 0, 12 * 68), ("retained", 0, 12 * 68)]
    numbers = pd.read_parquet(tmp_path / "here/tables/numbers.parquet").set_index(["sets", "number"])["mean"]
    assert numbers["prior", "trade 2023"].tolist() == hindcast.scores["prior"].means["trade 2023"].tolist()


def test_a_sensitivity_is_the_one_of_the_command_and_takes_a_study_or_its_folder(tmp_path: Path) -> None:
    short = ENDS.with_(months={"to": "2026-08"})
    vary = {"postwar_need": sim.prior("postwar_need"), "foresight": sim.prior("foresight")}
    study = sim.sweep(short, vary, tmp_path / "m", 3, 1, "morris", 4, defaults=True)
    said = typed("sensitivity", str(tmp_path / "m"), "--out", str(tmp_path / "here"))
    for sensitivity in (sim.sensitivity(study), sim.sensitivity(tmp_path / "m")):
        assert sensitivity.indices["mu_star"].tolist() == [row["mu_star"] for row in said["indices"]]
        assert sensitivity.noise_share == said["noise_share"]
    assert sensitivity.plot().axes


def test_evidence_is_the_one_of_the_command_and_is_not_gathered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some, every = (model_comparison.BASE, "C05", "C11"), model_comparison.contenders
    monkeypatch.setattr(
        model_comparison,
        "contenders",
        lambda as_of: [contender for contender in every(as_of) if contender.name in some],
    )
    model_comparison.open_record_study(
        tmp_path, {"particles": 32, "seeds": 2, "seed": 3, "as_of": "2020-02"}, "by hand"
    )
    progress: list[tuple[int, int]] = []
    evidence = sim.evidence(tmp_path, jobs=1, tell=lambda *said: progress.append(said))
    assert progress[-1][0] == progress[-1][1] > 0 and evidence.study.asked["seed"] == 3
    said = typed("evidence", str(tmp_path))
    assert evidence.compared["nats"].tolist() == [row["nats"] for row in said["compared"]]
    with pytest.raises(StudyError, match="differs in particles"):
        sim.evidence(tmp_path, particles=64)


def test_a_run_of_a_folder_is_explained_as_by_the_command(tmp_path: Path) -> None:
    assert sim.run(SHORT, seed=7, defaults=True).why("Pyongyang", "2024-06")
    many = sim.ensemble(SHORT, runs=2, seed=7, defaults=True)
    facts = {"kind": "run", "scenario": SHORT.to_yaml(), "seed": 7, "number": 0, "parameter_sets": "defaults"}
    sealed.seal(tmp_path / "manifest.json", {**facts, "command": "sim run short", **made_by()})
    text = sim.explain(tmp_path, "Pyongyang", "2024-06")
    assert text == many.replay(0).why("Pyongyang", "2024-06")
    shown = CliRunner().invoke(app, ["explain", str(tmp_path), "Pyongyang", "2024-06", "--quiet"])
    assert shown.stdout.split() == text.split(), "but for where lines end, which the terminal's width decides"
    with pytest.raises(ValueError, match="Paris"):
        sim.explain(tmp_path, "Paris", "2024-06")
    with pytest.raises(StudyError, match="no results in"):
        sim.explain(tmp_path / "nowhere", "Pyongyang", "2024-06")
    sealed.seal(tmp_path / "manifest.json", {**facts, "command": "sim run short", **made_by(), "rules": "older"})
    with pytest.raises(StudyError, match=r"the rules of the model were not what they are now.*\nMake it anew: sim run"):
        sim.explain(tmp_path, "Pyongyang", "2024-06")


def test_the_record_is_the_one_of_the_command() -> None:
    cells = sim.record("pyongyang_talks")
    assert set(cells["lever"]) == {"pyongyang_talks"} and len(sim.record()) > len(cells) > 10
    assert cells.to_dict("records") == typed("record", "pyongyang_talks")
    with pytest.raises(ValueError, match="talk is no lever; there are"):
        sim.record("talk")


def test_rivals_and_forecasts_take_parameter_sets_that_are_there() -> None:
    own = sets_for(ENDS).some(2, seed=7)
    assert sim.rivals(ENDS, runs=2, sets=own, seed=7).equals(sim.rivals(ENDS, runs=2, sets=2, seed=7))
    with pytest.raises(ValueError, match="not both"):
        sim.rivals(ENDS, runs=2, sets=own, seed=7, defaults=True)
    known = sim.filter("2020-02", particles=64, seed=7)
    asked = {"to": "2020-06", "runs": 1, "seed": 7, "jobs": 1}
    assert sim.forecast(known.sets, **asked).equals(sim.forecast(known, **asked))
