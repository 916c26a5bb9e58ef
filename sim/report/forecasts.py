"""The page on forecasts: ``python -m sim.report.forecasts docs`` makes ``docs/forecasts.md`` and its pictures."""

import os
import sys
from pathlib import Path

import pandas as pd

from sim.report.figures import trials as exhibits
from sim.report.pages import publish, rendered
from sim.report.style import percent
from sim.report.text.markdown import of_frame, table
from sim.trial import rolling, scores
from sim.trial.forecasts import MODEL
from sim.trial.rolling import INTERVALS, ORIGINS, Rolling

PAGE, SECOND = "forecasts.md", "forecasts-second.csv"
PICTURES = {"skill": "images/forecasts-skill.png", "reliability": "images/forecasts-reliability.png"}
SEED, SIZE = 3, Rolling()


def page(scored: pd.DataFrame, frozen: bool) -> str:
    """Return the page.

    Parameters
    ----------
    scored
        What :func:`sim.trial.rolling.rolled` gave.
    frozen
        Whether the second sitting's table is there.
    """
    means = rolling.summary(scored, SEED)
    figures, events = means[means["WIS"].notna()], means[means["WIS"].isna()]
    level = scores.reliability(scored)
    below = level[level["level"] == 0.5][["forecaster", "share"]].to_numpy().tolist()
    return rendered(
        PAGE, particles=f"{SIZE.particles:,}", runs=SIZE.runs, seed=SEED, origins=", ".join(ORIGINS), pictures=PICTURES,
        second=SECOND if frozen else "", aims=table(("aim", "what was reached", ""), rolling.aims(scored, means)),
        wins="\n".join(f"* {said}" for said in rolling.wins(means)), figures=of_frame(_figures(figures)),
        events=of_frame(_events(events)), below=", ".join(f"{name} {percent(share)}" for name, share in below),
        facts=f"{scored[['origin', 'id']].drop_duplicates().shape[0]:,}",
    )  # fmt: skip


def _figures(means: pd.DataFrame) -> pd.DataFrame:
    held = {f"in {percent(share)}": means[percent(share)].map(percent) for share in INTERVALS}
    return pd.DataFrame({
        **_head(means), "CRPS": means["mean"].map("{:.3g}".format), "WIS": means["WIS"].map("{:.3g}".format),
        "median off by": means["off"].map("{:.3g}".format), **held, "mean PIT": means["PIT"].map("{:.2f}".format),
        "model better by": _lead(means),
    })  # fmt: skip


def _events(means: pd.DataFrame) -> pd.DataFrame:
    head = _head(means).drop(columns="months ahead")
    return head.assign(**{"score": means["score"], "mean": means["mean"].map("{:.3f}".format)}).assign(
        **{"model better by": _lead(means)}
    )


def _head(means: pd.DataFrame) -> pd.DataFrame:
    names = {"about": "of", "horizon": "months ahead", "forecaster": "forecaster", "forecasts": "forecasts"}
    return means[list(names)].rename(columns=names)


def _lead(means: pd.DataFrame) -> "pd.Series[str]":
    return pd.Series([
        "" if who == MODEL else f"{ahead:.3g} ({low:.3g} to {high:.3g})"
        for who, ahead, low, high in means[["forecaster", "ahead", "low", "high"]].to_numpy().tolist()
    ], means.index)  # fmt: skip


def main(folder: str) -> None:
    """Write the page and its pictures."""
    scored = rolling.rolled(SIZE, SEED, os.cpu_count() or 1)
    source = f"{len(ORIGINS)} origins, {SIZE.particles:,} particles each. Uncalibrated."
    pictures = {
        PICTURES["skill"]: exhibits.skill(rolling.summary(scored, SEED), source),
        PICTURES["reliability"]: exhibits.reliability(scores.reliability(scored), source),
    }
    publish(folder, PAGE, page(scored, (Path(folder) / SECOND).exists()), pictures)


if __name__ == "__main__":
    main(*sys.argv[1:])
