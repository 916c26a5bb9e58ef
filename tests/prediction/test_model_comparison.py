"""Comparisons of contenders on log evidence that is made by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.prediction import model_comparison
from sim.prediction.model_comparison import (
    ALONE,
    ASSUMED,
    BASE,
    BOTH,
    CHECKS,
    CLAIMS,
    EARNS,
    FEWER,
    FIGURES,
    IDLE,
    MORE,
    MOVES,
    NATS,
    RIVALS,
    UNSEEN,
    Contender,
    RecordStudy,
    compare_contenders,
    word,
)

FAMILY = {BASE: CHECKS, MORE: CHECKS, "C01": CLAIMS, "C02": CLAIMS, "A01": ASSUMED, "rival": RIVALS}
# By contender: nats a month of moves and of figures, apart from the model's.
APART = {BASE: (0.0, 0.0), MORE: (0.5, 0.0), "C01": (-2.0, -1.0), "C02": (0.25, 0.5), "A01": (0.0, 0.0),
         "rival": (-5.0, 1.0)}  # fmt: skip

READ = {BOTH: 0.0, **dict(zip(ALONE, (0.0, 100.0, 200.0), strict=True))}  # what a reading adds to all alike


def table(name: str) -> pd.DataFrame:
    """Return what a contender reached in four months: under two seeds, and alone under the first."""
    rows = []
    for reading, seeds in ((BOTH, (3, 4)), *((alone, (3,)) for alone in ALONE)):
        for seed in seeds:
            for month in range(4):
                wave = (1.0, -1.0, 1.0, -1.0)[month] * (name != BASE) * bool(any(APART[name]))
                for lever, level, apart in ((MOVES, -10.0, APART[name][0] + wave), (FIGURES, -20.0, APART[name][1])):
                    nats = level + apart + 0.5 * (seed - 3) + READ[reading]
                    rows.append((reading, seed, f"2020-0{month + 1}", lever, nats))
    made = pd.DataFrame(rows, columns=["reading", "seed", "month", "lever", NATS])
    own = pd.DataFrame([(BOTH, 3, "2020-01", "seoul_north", -0.7), (ALONE[0], 3, "2020-01", "seoul_north", -0.9)],
                       columns=list(made))  # fmt: skip
    return pd.concat([made, own]) if name == BASE else made


class ByHand(RecordStudy):
    """A study of these contenders in no folder."""

    @property
    def asked(self) -> Any:
        return {"particles": 4_096, "as_of": "2020-04"}

    @property
    def contenders(self) -> list[Contender]:
        treatment: Any = None
        return [Contender(name, family, f"says {name}", treatment, 4.0 if name == MORE else 1.0)
                for name, family in FAMILY.items()]  # fmt: skip

    def table(self, name: str) -> pd.DataFrame:
        return table(name)


STUDY = ByHand(None)  # type: ignore[arg-type]


def test_evidence_is_the_sum_of_moves_and_figures_by_seed_and_month() -> None:
    whole = STUDY.evidence(BASE)
    assert whole.tolist() == [[-30.0] * 4, [-29.0] * 4]
    assert STUDY.evidence("C01", of=[FIGURES]).tolist() == [[-21.0] * 4, [-20.5] * 4]
    assert STUDY.evidence("rival", ALONE[1], [MOVES]).tolist() == [[86.0, 84.0, 86.0, 84.0]]
    scores = STUDY.scores()
    assert scores[["month", "lever", "score"]].to_numpy().tolist() == [["2020-01", "seoul_north", -0.7]]
    assert STUDY.scores(ALONE[0])["score"].tolist() == [-0.9]


def test_a_contender_is_beside_the_model_by_the_sum_of_months_and_the_mean_of_seeds() -> None:
    compared = compare_contenders(STUDY)
    assert compared.index.tolist() == ["C01", "C02", "A01", "rival"], "checks are no contenders"
    assert compared[NATS].tolist() == [-12.0, 3.0, 0.0, -16.0]
    assert compared["moves"].tolist() == [-8.0, 1.0, 0.0, -20.0]
    assert compared[list(ALONE)].to_numpy().tolist() == [[nats] * 3 for nats in (-12.0, 3.0, 0.0, -16.0)]
    assert compared["seeds"].tolist() == [0.0] * 4, "both seeds are as far apart for all"
    wide = np.std([1.0, -1.0, 1.0, -1.0], ddof=1) * 2.0
    assert compared["months"].tolist() == pytest.approx([wide, wide, 0.0, wide])
    assert compared["says"].tolist() == [f"says {name}" for name in compared.index]


def test_a_family_is_corrected_by_itself_and_what_is_the_same_is_no_test() -> None:
    compared = compare_contenders(STUDY)
    p, q = compared["p"], compared["q"]
    assert np.isnan(q["A01"]) and compared.loc["A01", "word"] == IDLE
    assert q["rival"] == p["rival"], "alone in its family"
    assert q["C02"] == p["C02"] and q["C01"] == pytest.approx(min(2.0 * p["C01"], p["C02"]))
    assert compared.loc["C02", "word"] == UNSEEN
    assert (compared.loc["rival", "word"] == EARNS) == (p["rival"] <= 0.05)


def test_lines_are_the_mean_over_seeds_so_far() -> None:
    assert model_comparison.evidence_gap_by_month(STUDY, "C01").tolist() == [-2.0, -6.0, -8.0, -12.0]


def test_levels_are_those_of_the_model_and_its_checks() -> None:
    levels = model_comparison.log_evidence_levels(STUDY)
    assert levels.index.tolist() == [BASE, MORE]
    assert levels[NATS].tolist() == [-118.0, -116.0] and levels["spread"].tolist() == pytest.approx([np.sqrt(8.0)] * 2)
    assert levels["sets"].tolist() == [32.0, 32.0] and levels["runs"].tolist() == [128.0, 512.0]


@pytest.mark.parametrize(("particles", "times", "shape"), [
    (4_096, 1.0, (32, 128)), (4_096, 0.25, (32, 32)), (64, 4.0, (1, 256)), (2, 0.25, (1, 1)), (300, 1.0, (2, 128)),
])  # fmt: skip
def test_more_runs_are_those_of_each_set_and_there_is_always_one(
    particles: int, times: float, shape: tuple[int, int]
) -> None:
    assert model_comparison._settings(particles, times).shape == shape


@pytest.mark.parametrize(("gap", "seeds", "p", "q", "seen"), [
    (-4.0, 2.0, 0.05, 0.05, True), (-3.9, 2.0, 0.05, 0.05, False), (-4.0, 2.0, 0.05, 0.051, True),
    (-4.0, 2.0, 0.051, 0.051, False), (4.0, 2.0, 0.05, 0.05, True),
])  # fmt: skip
def test_a_gap_is_seen_from_two_errors_of_the_filter_and_one_in_twenty_on(
    gap: float, seeds: float, p: float, q: float, seen: bool
) -> None:
    row = pd.Series({NATS: gap, **dict.fromkeys(ALONE, gap), "seeds": seeds, "p": p, "q": q})
    assert (word(row) != UNSEEN) == seen


def test_the_checks_have_a_quarter_and_four_times_the_runs_and_change_nothing_else() -> None:
    every = {contender.name: contender for contender in model_comparison.contenders("2020-02")}
    assert (every[BASE].times, every[FEWER].times, every[MORE].times) == (1.0, 0.25, 4.0)
    assert every[FEWER].treatment == every[MORE].treatment == every[BASE].treatment
    assert {contender.times for contender in every.values() if contender.family != CHECKS} == {1.0}
    assert dict(every["half as strict"].treatment.times) == {"precision": 0.5}
    assert dict(every["twice as strict"].treatment.times) == {"precision": 2.0}


def test_a_scripted_move_is_scored_in_its_months_and_the_deal_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.model.moves import BUNDLES, DEAL, LEVERS

    script = np.full((3, len(LEVERS)), -1)
    place = [lever.field for lever in LEVERS].index("seoul_north")
    script[1, place] = 2
    script[2, [LEVERS.index(lever) for lever in DEAL]] = 0
    support = np.full((3, len(LEVERS) + 1, len(BUNDLES)), 0.5)
    support[1, place, 2] = 0.25
    support[2, len(LEVERS), 0] = 0.125
    made: Any = SimpleNamespace(script=script, scripted_deal=np.array([False, False, True]))
    record: Any = SimpleNamespace(support=support)
    assert model_comparison._scripted(made, record) == pytest.approx(np.log([1.0, 0.25, 0.125]))
