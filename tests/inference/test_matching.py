"""History matching on a small scale: what survives, what is kept, and that a killed process loses nothing."""

import os
import re
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference import emulator, hindcast, matching
from sim.inference.designs import priors
from sim.inference.hindcast import COUNTED, Scores, target
from sim.inference.matching import Measured, Settings, draw_prior, match, not_ruled_out, survives
from sim.registers.register import registered_parameters
from sim.registers.targets import bounds
from sim.scenario.source import Source
from sim.storage.study_errors import DataError, StudyError
from tests.studies.studies import content

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # few sets teach little

SMALL = Settings(
    draws=512, screen=4, screen_part=256, wave=32, part=16, few=4, more=8, fresh=20, waves=2, wanted=1,
    proposals=512, hidden=8, cut=20.0, misses=13, close=3.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("matching")
    match(folder, SMALL, 1)
    return folder


def scores(errors: float = 0.0, **numbers: float) -> Scores:
    """Return one set whose numbers all lie well within, but for those that are given."""
    within = {}
    for name in (*(name for name, bound in bounds().items() if bound.about == "history"), *hindcast.observed_figures()):
        low, high, _ = target(name)
        within[name] = low + 1 if high == np.inf else high - 1 if low == -np.inf else (low + high) / 2
    means = pd.DataFrame([within | numbers])
    return Scores(means, means * 0.0 + errors)


def test_draws_of_the_prior_are_uniform_within_the_ranges_and_keep_the_orderings() -> None:
    drawn, ranges = draw_prior([1], 4_000), priors()
    places = (drawn - [entry.low for entry in ranges.values()]) / [entry.high - entry.low for entry in ranges.values()]
    assert places.min().min() >= 0.0
    assert places.max().max() <= 1.0
    assert places["grievance"].mean() == pytest.approx(0.5, abs=0.03)
    assert places["grievance"].std() == pytest.approx(12**-0.5, abs=0.02)
    assert (drawn["beijing_west_weight"] >= drawn["beijing_influence_weight"]).all()
    assert set(drawn) == {name for name, entry in registered_parameters().items() if entry.kind == "uncertainty"}


def test_draws_depend_on_their_key_alone() -> None:
    pd.testing.assert_frame_equal(draw_prior([1, 2], 50), draw_prior([1, 2], 50))
    assert not draw_prior([1, 2], 50).equals(draw_prior([1, 3], 50))


def test_one_miss_of_each_family_is_forgiven_and_two_are_not() -> None:
    off = {name: target(name)[1] + 0.01 for name in ("T1", "T8", "W9", "W12_egg")}

    def admitted(*names: str, **changes: int) -> bool:
        return bool(not_ruled_out(scores(**{name: off[name] for name in names}), Settings(**changes)).all())

    assert admitted() and admitted("T1") and admitted("T1", "W9")
    assert not admitted("T1", "T8") and not admitted("W9", "W12_egg")
    assert admitted("T1", "T8", misses=2)


def test_nothing_implausible_is_kept_however_many_patterns_hold() -> None:
    figure, _, spread = target("growth 2020")
    assert not_ruled_out(scores(**{"growth 2020": figure + 2.9 * spread}), Settings()).all()
    assert not not_ruled_out(scores(**{"growth 2020": figure + 3.1 * spread}), Settings()).any()
    assert not not_ruled_out(
        scores(T3b=7 + 3.1), Settings()
    ).any()  # not counted among the twelve, but it must be plausible


def test_survivors_get_the_benefit_of_the_doubt() -> None:
    off = {name: target(name)[1] + 0.01 for name in ("T1", "T6", "T8")}
    assert survives(scores(errors=0.001, **off), Settings(), 2.0).all()  # one miss is allowed, two are in doubt
    assert not survives(scores(errors=0.001, **off), Settings(), 1.0).any()
    assert survives(scores(errors=0.1, **off), Settings(), 1.0).all()


def test_nothing_implausible_survives() -> None:
    figure, _, spread = target("growth 2020")
    assert not survives(scores(**{"growth 2020": figure + 3.1 * spread}), Settings(), 9.0).any()


def test_a_set_may_survive_before_its_second_world_is_simulated() -> None:
    one = scores()
    assert survives(Scores(one.means.drop(columns="T7"), one.errors.drop(columns="T7")), Settings(), 0.0).all()


def test_a_killed_process_goes_on_and_ends_with_the_same_sets(made: Path, tmp_path: Path) -> None:
    folder, calls, writes = tmp_path / "killed", 0, 0
    honest, replace_ = Experiment.ensemble, os.replace

    def dying(*args: object, **more: object) -> object:
        nonlocal calls
        calls += 1
        if calls in (2, 4, 6):
            raise KeyboardInterrupt
        return honest(*args, **more)  # type: ignore[arg-type]

    def cut_off(source: Path, target: Path) -> None:
        nonlocal writes
        writes += 1
        if writes in (1, 3, 6, 9):  # the manifest, an emulator, parts
            raise KeyboardInterrupt
        replace_(source, target)

    kills = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Experiment, "ensemble", dying)
        patch.setattr(os, "replace", cut_off)
        while True:
            try:
                retained = match(folder, SMALL, 1)
                break
            except KeyboardInterrupt:
                kills += 1
    assert kills == 7
    whole = match(made, SMALL, 1)
    assert len(retained) > 0
    pd.testing.assert_frame_equal(retained.sets, whole.sets)
    pd.testing.assert_frame_equal(retained.scores.means, whole.scores.means)
    assert content(folder) == content(made)


def test_a_file_that_is_not_what_was_written_is_told(made: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(made, tmp_path / "study")
    for name in ("asked.json", "lived/emulator-1-*", "lived/wave-1/part-0001-*", "lived/wave-2/fresh-0000-*"):
        (file,) = folder.glob(name)
        held = file.read_bytes()
        file.write_bytes(held[:150] + bytes([held[150] ^ 4]) + held[151:])
        with pytest.raises(DataError, match=re.escape(str(file))):
            match(folder, SMALL, 1)
        file.write_bytes(held)


def test_nothing_in_the_folder_could_be_run(made: Path) -> None:
    files = {path.suffix for path in made.rglob("*") if path.is_file()}
    assert files == {".json", ".parquet", ".npz", ".lock"}
    (file,) = (made / "lived").glob("emulator-1-*")
    with np.load(file, allow_pickle=False) as arrays:
        assert not any(arrays[name].dtype.hasobject for name in arrays)


def test_an_emulator_says_the_same_as_the_network_that_learned_and_after_the_way_to_disk() -> None:
    from sklearn.neural_network import MLPRegressor

    rng = np.random.default_rng(4)
    places, numbers = (rng.normal(size=(300, width)).astype(np.float32) for width in (len(priors()), 3))
    network = MLPRegressor(hidden_layer_sizes=(8,), max_iter=5, random_state=1).fit(places, numbers)
    layers = tuple(zip(network.coefs_, network.intercepts_, strict=True))
    assert emulator.predict(layers, places).tobytes() == network.predict(places).tobytes()
    one = np.ones(3, dtype=np.float32)
    line = rng.normal(size=(len(priors()), 3)).astype(np.float32)
    learned = emulator.Emulator(layers, line, ("T1", "T6", "T8"), one, one, np.ones(3), np.ones(3))
    again, sets = emulator.decode_emulator(emulator.encode_emulator(learned)), draw_prior([7], 5)
    pd.testing.assert_frame_equal(again.means(sets), learned.means(sets), check_exact=True)
    pd.testing.assert_frame_equal(again.guess(sets).errors, learned.guess(sets).errors, check_exact=True)


def test_what_is_finished_is_not_simulated_again(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **more: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Experiment, "ensemble", never)
    monkeypatch.setattr(emulator, "fit_emulator", never)
    assert len(match(made, SMALL, 1)) > 0


def test_another_question_needs_another_folder(made: Path) -> None:
    with pytest.raises(StudyError, match="other settings"):
        match(made, replace(SMALL, seed=1), 1)


def test_fresh_runs_are_fresh(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Survivors are judged by other runs than those that let them survive."""
    seen: list[tuple[int, int, int]] = []
    honest = Experiment.ensemble

    def watched(asked: Experiment, kept: tuple[str, ...]) -> Ensemble:
        if len(asked) and "without" not in asked.scenario.name:
            seen.append((asked.numbers[0], asked.numbers[-1] + 1, asked.runs_a_set))
        return honest(asked, kept)

    monkeypatch.setattr(Experiment, "ensemble", watched)
    for file in [*made.rglob("fresh-*"), *made.rglob("more-*"), *made.rglob("part-*")]:
        file.unlink()
    match(made, SMALL, 1)
    spans = sorted(seen)
    assert {runs for *_, runs in spans} == {4, 8, 20}
    assert all(end <= begin for (_, end, _), (begin, _, _) in pairwise(spans))


def test_an_emulator_is_tried_on_draws_that_it_has_not_learned_from(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[pd.DataFrame] = []

    def noted(key: list[int], wanted: int) -> pd.DataFrame:
        drawn.append(draw_prior(key, wanted))
        return drawn[-1]

    monkeypatch.setattr(matching, "draw_prior", noted)
    match(made, SMALL, 1)
    assert len(drawn) == 1 + SMALL.draws // SMALL.screen_part
    every = pd.concat(drawn)["grievance"]
    assert every.is_unique, "no set is drawn twice"


def test_kept_sets_meet_the_rule_on_their_fresh_runs(made: Path) -> None:
    retained = match(made, SMALL, 1)
    assert set(retained.sets) == set(priors())
    assert np.allclose(retained.weights, 1 / len(retained))
    assert (retained.scores.passed[list(COUNTED)].sum(axis=1) >= len(COUNTED) - SMALL.misses).all()


def test_scores_belong_to_the_sets_they_stand_beside(made: Path) -> None:
    """The last runs of a part, simulated again from the sets in its file, measure what the file says."""
    match(made, SMALL, 1)
    part, runs = SMALL.part, SMALL.few + SMALL.more + SMALL.fresh
    stages = {"part": (SMALL.few, 0), "more": (SMALL.more, SMALL.few), "fresh": (SMALL.fresh, SMALL.few + SMALL.more)}
    for name, (runs_of_stage, before) in stages.items():
        (file,) = (made / "lived" / "wave-2").glob(f"{name}-0001-*.parquet")
        frame = pd.read_parquet(file)
        assert len(frame) > 1
        first = 3 * 2**40 + part * runs + part * before
        sets = equally_weighted(frame[list(priors())], Source.PRIOR)
        asked = Experiment(hindcast.free_runs(), sets, SMALL.seed, jobs=1).runs_of_every_set(runs_of_stage, first)
        many = asked.ensemble(hindcast.KEPT)
        again = hindcast.measure_history(many, runs=runs_of_stage).means
        pd.testing.assert_frame_equal(again, frame[list(again)].astype("float64"), rtol=1e-5, atol=1e-6)


def test_an_emulator_learns_what_follows_from_the_parameters() -> None:
    sets = draw_prior([7], 4_000)
    place = (sets["grievance"] / 12.0 - 2.0).to_numpy()  # -1 to 1 over its range of 12 to 36
    names = [*(name for name, bound in bounds().items() if bound.about == "history" and name != "T7"), "trade 2023"]
    noise = np.random.default_rng(1).normal(0.0, 0.1, (len(sets), len(names)))
    means = pd.DataFrame(place[:, None] + noise, columns=names)
    learned = emulator.fit_emulator(sets, Scores(means, means * 0.0 + 0.1), 16, 3)
    assert np.abs(learned.means(sets)["T8"] - place).mean() < 0.1
    assert learned.explained.mean() > 0.9
    assert learned.error.mean() < 0.2


def test_an_emulator_is_mended_where_it_misses_and_says_how_sure_it_then_is() -> None:
    """It knows one number as it is on the whole; here it is half as large, and follows another parameter too."""
    sets, rng = draw_prior([8], 3_000), np.random.default_rng(2)
    place, other = ((sets[name] - priors()[name].low) / (priors()[name].high - priors()[name].low) * 2.0 - 1.0
                    for name in ("grievance", "precision"))  # fmt: skip
    straight = np.zeros((len(priors()), 1), dtype=np.float32)
    straight[list(priors()).index("grievance")] = 1.0
    one = np.ones(1, dtype=np.float32)
    made = emulator.Emulator(((straight, 0 * one),), 0 * straight, ("T8",), one, 2 * one, one, one)
    true = 1.0 + 2.0 * (0.5 * place + 0.3 * other + 0.2)
    errors = np.where(np.arange(3_000) < 1_500, 1.0, 0.05)  # what is known better counts for more
    means = pd.DataFrame({"T8": true + errors * rng.normal(size=3_000)})
    mended = emulator.refit_on_misses(made, sets, Scores(means, pd.DataFrame({"T8": errors})))
    assert np.abs(mended.means(sets)["T8"] - true).mean() < 0.1 < np.abs(made.means(sets)["T8"] - true).mean()
    assert 0.0 < mended.error[0] < 0.6 and mended.explained[0] > 0.65
    again = emulator.decode_emulator(emulator.encode_emulator(mended))
    pd.testing.assert_frame_equal(again.means(sets), mended.means(sets), check_exact=True)


def test_a_set_is_held_out_with_all_its_rows() -> None:
    sets = draw_prior([9], 400)
    held = emulator._held_out(pd.concat([sets, sets], ignore_index=True))
    assert (held[:400] == held[400:]).all() and 20 < held[:400].sum() < 60


def test_an_emulator_says_how_sure_it_is() -> None:
    one = np.ones(1, dtype=np.float32)
    nothing = ((np.zeros((len(priors()), 1), dtype=np.float32), one * 0),)
    made = emulator.Emulator(nothing, nothing[0][0], ("T8",), one * 0.5, one, np.array([0.2]), np.array([1.0]))
    guessed = made.guess(draw_prior([7], 2))
    assert guessed.means["T8"].tolist() == [0.5, 0.5]
    assert guessed.errors["T8"].tolist() == [0.2, 0.2]


def test_a_set_that_an_emulator_rules_out_is_not_kept_whatever_its_last_runs_say() -> None:
    class Stern:
        """Guesses that all is well where grievance is high, and impossible growth elsewhere."""

        def guess(self, sets: pd.DataFrame) -> Scores:
            means = pd.concat([scores().means] * len(sets)).set_axis(sets.index)
            means.loc[sets["grievance"] < 2.0, "growth 2020"] = 99.0
            return Scores(means, means * 0.0)

    sets = draw_prior([7], 4).assign(grievance=[0.0, 3.0, 1.0, 4.0])
    measured = pd.concat([scores().means] * 3 + [scores(T1=9.0, T8=9.0).means], ignore_index=True)
    survivors, settings = [Measured(sets, Scores(measured, measured * 0.0))], Settings()
    assert matching._kept(survivors, [], settings).sets.index.tolist() == [0, 1, 2]  # the last misses two patterns
    assert matching._kept(survivors, [Stern()], settings).sets.index.tolist() == [1]  # type: ignore[list-item]
    assert matching._left([Stern()], sets, settings).tolist() == [False, True, False, True]  # type: ignore[list-item]


def test_every_emulator_may_rule_out_and_is_forgiven_two_misses_more_than_runs() -> None:
    class Guess:
        """Guesses that patterns are missed where grievance is above an edge."""

        def __init__(self, edge: float, *missed: str) -> None:
            self.edge, self.off = edge, {name: target(name)[1] + 0.01 for name in missed}

        def guess(self, sets: pd.DataFrame) -> Scores:
            means = pd.concat([scores().means] * len(sets)).set_axis(sets.index)
            means.loc[sets["grievance"] > self.edge, list(self.off)] = list(self.off.values())
            return Scores(means, means * 0.0)

    sets, settings = draw_prior([7], 3).assign(grievance=[0.0, 2.0, 4.0]), Settings()

    def left(*emulators: Guess) -> list[bool]:
        return matching._left(list(emulators), sets, settings).tolist()  # type: ignore[arg-type]

    low, high = Guess(1.0, "T1", "T4_2020", "T6", "T8"), Guess(3.0, "T1", "T4_2020", "T6", "T8")
    assert left(low, high) == left(high, low) == [True, False, False]
    assert left(high) == [True, True, False]
    assert left(Guess(1.0, "T1", "T6", "T8")) == [True, True, True]


def test_some_of_many_sets_keep_their_scores() -> None:
    sets, two = draw_prior([7], 2), pd.concat([scores(T1=0.0).means, scores(T1=0.5).means], ignore_index=True)
    some = Measured(sets, Scores(two, two)).some(np.array([False, True]))
    assert some.sets.index.tolist() == [1]
    assert some.scores.means["T1"].tolist() == [0.5]
    joined = matching.join_parts([some, some])
    assert [list(table.index) for table in (joined.sets, joined.scores.means, joined.scores.errors)] == [[0, 1]] * 3


def test_a_wave_is_told_by_what_is_left_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    tried, learned = Measured(draw_prior([7], 1), scores(T1=0.0)), SimpleNamespace(explained=np.array([0.5, 0.7]))
    for number in (1, 2):
        matching._tell(number, tried, learned, 0.25, Settings())
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("wave 1: 1 sets, ") and "explains 60%) leaves 25.000% of the prior" in first
    assert "survive" not in first and "% survive" in second


@pytest.mark.parametrize(("left", "settled"), [
    ([1.0, 0.9], False), ([1.0, 0.5, 0.25], True), ([1.0, 0.5, 0.24], False), ([1.0, 0.5, 0.5], True),
    ([1.0, 0.2, 0.05], False), ([1.0, 0.2, 0.15, 0.075], True),
])  # fmt: skip
def test_waves_are_settled_where_the_last_leaves_enough_of_what_the_one_before_left(
    left: list[float], settled: bool
) -> None:
    """The screening, which nothing stands before, settles nothing."""
    assert matching.is_settled(left, Settings(settled=0.5)) == settled
