"""What a verdict's study plans to simulate: grids over the registered ranges, and what each treatment changes."""

import numpy as np
import pandas as pd
import pytest

from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.model import months
from sim.model.variants import VARIANTS
from sim.prediction import verdict_study
from sim.prediction.treatments import Treatment
from sim.prediction.verdict_study import DOSES, HEADLINE, NEWS, REGIMES, VARIED, Size, coalition_name
from sim.registers.register import registered_parameters
from sim.scenario import load
from sim.scenario.source import Source

SETS = equally_weighted(pd.DataFrame({"postwar_need": [0.1, 0.9], "need_rise": [0.1, 0.2]}), Source.PRIOR)
WORLD = load("war-ends-any-time")


@pytest.fixture(scope="module")
def planned() -> dict[str, Treatment]:
    return verdict_study.treatments(Experiment(WORLD, SETS), Size(coalition_runs=0))


@pytest.mark.parametrize(("grid", "place", "name", "count"), [
    (DOSES, 0, "postwar_need", 9), (DOSES, 1, "postwar_isolation", 6), (REGIMES, 0, "foresight", 3),
    (REGIMES, 1, "patrons_together", 3),
])  # fmt: skip
def test_a_grid_spans_the_registered_range_from_end_to_end(
    grid: dict[str, tuple[float, ...]], place: int, name: str, count: int
) -> None:
    points, entry = sorted({point[place] for point in grid.values()}), registered_parameters()[name]
    assert (points[0], points[-1], len(points)) == (entry.low, entry.high, count)


def test_doses_are_evenly_spaced_and_a_regime_stands_at_the_default_foresight_and_where_patrons_add_up() -> None:
    need, isolation = (sorted({point[place] for point in DOSES.values()}) for place in (0, 1))
    assert np.diff(need) == pytest.approx([0.2] * 8) and np.diff(isolation) == pytest.approx([0.17] * 5)
    assert len(DOSES) == 54 and len(REGIMES) == 27
    assert sorted({point[0] for point in REGIMES.values()})[1] == registered_parameters()["foresight"].default
    assert sorted({point[1] for point in REGIMES.values()})[1] == registered_parameters()["patrons_together"].neutral


def test_every_variant_is_simulated_at_half_once_and_twice_the_strictness_and_the_headline_once() -> None:
    asked = set(VARIED.values()) | {("V0", 1.0)}
    assert asked == {(name, times) for name in VARIANTS for times in (0.5, 1.0, 2.0)}
    assert len(VARIED) == len(asked) - 1 and {times for _, _, times in REGIMES.values()} == {0.5, 1.0, 2.0}


def test_the_war_ends_every_half_year_from_2025_to_2030(planned: dict[str, Treatment]) -> None:
    ends = [f"{year}-{month}" for year in range(2025, 2031) for month in ("01", "07")]
    dated = {name: treatment.world.war_end for name, treatment in planned.items() if name.startswith("end/")}
    assert dated == {f"end/{end}": months.index(end) for end in ends}


def test_each_treatment_changes_what_its_name_says_and_nothing_else(planned: dict[str, Treatment]) -> None:
    dose, regime = planned["dose/0.4/0.32"], planned["regime/2/-1/0.5"]
    assert (dict(dose.fixed), dict(dose.times)) == ({"postwar_need": 0.4, "postwar_isolation": 0.32}, {})
    assert dict(regime.fixed) == {"foresight": 2.0, "patrons_together": -1.0} and regime.times == {"precision": 0.5}
    varied = planned["variant/V1/2"]
    assert varied.world.variant.name == "V1" and varied.times == {"precision": 2.0} and not varied.fixed
    assert dose.world == regime.world == planned[HEADLINE].world == WORLD and not planned[HEADLINE].fixed
    assert varied.world.with_(variant="V0") == WORLD


def test_news_alone_comes_in_the_middle_month_and_the_war_goes_on(planned: dict[str, Treatment]) -> None:
    news = planned[NEWS]
    assert news.counted_from == "2028-01" and news.world.war_end is None
    path = news.world.schedule()["news"]
    at = [months.index(month) for month in ("2027-12", "2028-01")]
    assert [float(path[month]) for month in at] == [0.0, 1.0]


def test_placebos_end_the_war_in_the_middle_month(planned: dict[str, Treatment]) -> None:
    placebos = {name.split("/")[1]: made for name, made in planned.items() if name.startswith("placebo/")}
    assert {made.world.war_end for made in placebos.values()} == {months.index("2028-01")}
    assert dict(placebos["no deal, isolation held"].fixed) == {"postwar_isolation": 1.0}
    assert not placebos["no deal ever"].fixed
    kept = placebos["end declared, need kept"].fixed
    assert kept["postwar_isolation"] == 1.0 and kept["restocking_months"] > 1e6


def test_a_coalition_is_named_by_who_is_in_it() -> None:
    assert coalition_name((0, 3, 9)) == "1001000001" and coalition_name(()) == "0" * 10


def test_coalitions_are_planned_where_they_are_asked_for(planned: dict[str, Treatment]) -> None:
    more = verdict_study.treatments(Experiment(WORLD, SETS), Size(coalition_runs=1))
    assert len(more) - len(planned) == 1024
    assert {name.split("/")[0] for name in more.keys() - planned.keys()} == {"coalition"}
