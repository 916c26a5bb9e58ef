"""Plausible or not: what the parameter sets that ship do from 2019 to 2024, for an expert's eye.

Nothing here judges the prediction; it reads 2019-01 to 2024-08 alone. ``python -m research.face_validity``
prints the tables kept in ``docs/plausibility.md``.
"""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sim.analysis import patterns, units
from sim.analysis.patterns import recorded_trade
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.war_end import NEVER
from sim.inference.hindcast import script_lever
from sim.inference.parameter_sets import sets_for
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVERS, Lever
from sim.model.world import RANGE, WORLD_FIELDS
from sim.registers.record import LAST
from sim.scenario import load
from sim.scenario.schema import Scenario

RUNS, SEED = 200, 11
YEARS = range(2019, 2025)
SPAN = ("2019-01", "2024-08")
SHOCK = ("2023-01", "2024-08")  # when a lever is forced to see who answers
SURE = 4.0  # standard errors: with some 350 pairs of levers looked at, chance alone does not reach this
SHOWN = (
    "china_flow",
    "arms_flow",
    "economy",
    *(name for name in WORLD_FIELDS if name.startswith("warmth_")),
    "capability",
    "tension",
    "allied_buildup",
    "recognition",
    "sanctions_pressure",
    "influence",
)


def _year(values: NDArray[np.float64], year: int) -> NDArray[np.float64]:
    first = months.index(f"{year}-01")
    return values[:, first : min(first + 12, months.index(SPAN[1]) + 1)]


def growth(many: Ensemble) -> pd.DataFrame:
    """Return annual growth of real GDP in per cent, a row a run, a column a year (2019 against the start)."""
    return pd.DataFrame({year: patterns.growth(many, str(year)) for year in range(2019, 2024)})


def recorded_share(many: Ensemble) -> pd.DataFrame:
    """Return China's recorded share of trade, a column a year: arms and barter go mostly unrecorded."""
    china, russia = many.array("china_flow"), many.array("russia_flow")
    share = china / recorded_trade(china, russia)
    return pd.DataFrame({year: _year(share, year).mean(axis=1) for year in YEARS})


def spread(values: pd.Series | NDArray[np.float64], digits: int = 2) -> str:
    """Return the median and the 10 to 90% range as text."""
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def states(many: Ensemble) -> pd.DataFrame:
    """Return median and 10 to 90% of the annual means of the shown states, a row a state, a column a year."""
    rows: dict[str, dict[Hashable, str]] = {
        name: {year: spread(_year(many.array(name), year).mean(axis=1)) for year in YEARS} for name in SHOWN
    }
    rows["growth, %"] = {year: spread(column, 1) for year, column in growth(many).items()}
    rows["recorded share of China"] = {year: spread(column, 3) for year, column in recorded_share(many).items()}
    rows[f"shells {units.SHELLS_SINCE} to {LAST}, million"] = {2024: spread(patterns.t3b(many), 1)}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(YEARS)).fillna("")


def options(many: Ensemble) -> pd.DataFrame:
    """Return how often each option of each lever is taken, in per cent of months, a column a year."""
    rows = {
        (lever.capital, lever.name, option.name): {
            year: 100.0 * float((_year(many.array(lever.field), year) == option.value).mean()) for year in YEARS
        }
        for lever in LEVERS
        for option in lever.options
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def changes(many: Ensemble) -> pd.Series:
    """Return in how many per cent of months each lever takes another option than the month before, a row a lever."""
    span = slice(months.index(SPAN[0]), months.index(SPAN[1]) + 1)
    moved = np.diff(many.played[:, span], axis=1) != 0
    return pd.Series(100.0 * moved.mean(axis=(0, 1)), index=[f"{lever.capital} / {lever.name}" for lever in LEVERS])


def stuck(many: Ensemble) -> list[str]:
    """Return the levers that hold one option over the whole horizon in at least 95% of runs."""
    still = (many.played == many.played[:, :1]).all(axis=1).mean(axis=0)
    return [lever.field for lever, share in zip(LEVERS, still, strict=True) if share >= 0.95]


def at_bound(many: Ensemble) -> dict[str, float]:
    """Return the states that stay at a bound of their range for two years or more, and in what share of runs."""
    shares = {}
    for name in WORLD_FIELDS:
        values, (low, high) = many.array(name), RANGE[name]
        touching = (values <= low) | (values >= high)
        two_years = np.asarray(sliding_window_view(touching, 24, axis=1).all(axis=-1))
        if share := float(two_years.any(axis=1).mean()):
            shares[name] = share
    return shares


def reactions(scenario: Scenario) -> pd.DataFrame:
    """Return who answers whom: a row a capital that answers, a column a capital whose lever is forced.

    Each lever of the column's capital is held at its lowest and at its highest option over 2023-01 to 2024-08 under
    the same chance; an entry is the largest change, over all pairs of levers, in the mean option value of a lever of
    the row's capital, with its standard error; changes of less than four standard errors do not count.
    """
    table = pd.DataFrame("", index=list(CAPITALS), columns=list(CAPITALS))
    for forcing in CAPITALS:
        best: dict[str, tuple[float, float, str]] = {}
        for lever in LEVERS:
            if lever.capital != forcing:
                continue
            low, high = (
                _over_sets(scenario.with_(name="forced", moves=[script_lever(lever, option.name, *SHOCK)]))
                for option in (lever.options[0], lever.options[-1])
            )
            for answer in LEVERS:
                change, error = _answer(low, high, answer)
                for capital in ("Moscow", "Pyongyang") if answer.capital == "deal" else (answer.capital,):
                    sure = capital != forcing and abs(change) > SURE * error
                    if sure and abs(change) > abs(best.get(capital, (0.0,))[0]):
                        best[capital] = (change, error, f"{answer.name} to {lever.name}")
        for capital, (change, error, which) in best.items():
            table.loc[capital, forcing] = f"{change:+.2f} ± {error:.2f} ({which})"
    return table


def _over_sets(scenario: Scenario) -> Ensemble:
    """Simulate a scenario over the retained sets."""
    return Experiment(scenario, sets_for(scenario), SEED, range(RUNS)).ensemble()


def _answer(low: Ensemble, high: Ensemble, lever: Lever) -> tuple[float, float]:
    span = slice(months.index(SHOCK[0]) + 1, months.index(SHOCK[1]) + 1)
    gap = (high.array(lever.field) - low.array(lever.field))[:, span].mean(axis=1)
    return float(gap.mean()), float(gap.std(ddof=1)) / np.sqrt(len(gap))


def _markdown(frame: pd.DataFrame) -> str:
    """Return a table in Markdown, its index in the first column."""
    rows = [["", *frame.columns], ["---"] * (1 + len(frame.columns)), *frame.reset_index().to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def page() -> str:
    """Return the whole page as Markdown."""
    hindcast = load("hindcast")
    many, whole = (_over_sets(scenario) for scenario in (hindcast, load("baseline")))
    assert (whole.war_end >= NEVER).all()
    frequencies = options(many).map(lambda share: f"{share:.0f}")
    frequencies.index = [" / ".join(names) for names in frequencies.index]
    bounds = ", ".join(f"{name} ({share:.0%} of runs)" for name, share in at_bound(whole).items()) or "none"
    moved = changes(many)
    return f"""# How plausible it is so far

The retained sets, {RUNS} runs of the hindcast (seed {SEED}, 2019-01 to 2024-08): median and, in
brackets, 10% to 90% of the annual means. Uncalibrated: something to look at, not a finding. History
kept these sets, so what it kept them for ([the model before history](hindcast.md)) proves nothing here.
Made by `python -m research.face_validity`.

{_markdown(states(many))}

## How often each option is taken, per cent of months

{_markdown(frequencies)}

## How often a lever changes, per cent of months

{_markdown(moved.map(lambda share: f"{share:.0f}").to_frame("2019-01 to 2024-08"))}

On average a lever changes in {moved.mean():.0f}% of months.

## Stuck levers and states at a bound

Over 2019-01 to 2032-12 in the baseline. Levers that hold one option throughout in 95% of runs: \
{", ".join(stuck(whole)) or "none"}.
States at a bound for two years or more: {bounds}.

## Who answers whom

Each lever of the capital in the column is forced to its lowest and its highest option over 2023-01 to
2024-08, under the same chance ({RUNS} runs each). The entry is the strongest answer of the capital in
the row: the change of the mean option value with its standard error, and the levers concerned; answers
of less than four standard errors are left out. The arms deal counts for both of its sides.

{_markdown(reactions(hindcast))}
"""


if __name__ == "__main__":
    print(page())
