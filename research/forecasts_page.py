"""The page on forecasts: ``python -m research.forecasts_page docs runs/rolling`` makes ``docs/forecasts.md``.

The second word is the folder in which the forecasts as of earlier months are kept; a command that was stopped goes on
there. With it come the pictures of the page.
"""

import sys
from pathlib import Path

import pandas as pd

from research import forecast_figures, rolling_origins
from research.move_scores import OVERALL, SCORES, move_summary
from research.pages import of_frame, publish_page, render
from research.rolling_origins import INTERVALS, Rolled, Rolling
from sim.engine.concurrency import default_jobs
from sim.prediction import scoring
from sim.prediction.earlier_forecasts import ORIGINS
from sim.prediction.forecasting import MODEL
from sim.prediction.move_forecasts import LAST_MOVE
from sim.prediction.references import BASE
from sim.registers import vintage
from sim.report.figures import trial_figures
from sim.report.style import percent
from sim.report.text.markdown import markdown_table

PAGE, SECOND = "forecasts.md", "forecasts-second.csv"
PICTURES = {
    "skill": "images/forecasts-skill.png", "reliability": "images/forecasts-reliability.png",
    "events": "images/forecasts-events.png",
}  # fmt: skip
SIZE, LATEST = Rolling(jobs=default_jobs()), "2025-08"


def page(rolled: Rolled, frozen: bool) -> str:
    """Return the page.

    Parameters
    ----------
    rolled
        What :func:`research.rolling_origins.roll_forecasts` gave.
    frozen
        Whether the second sitting's table is there.
    """
    scored = rolled.figures
    means = rolling_origins.rolling_summary(scored, SIZE.seed)
    figures, events = means[means["WIS"].notna()], means[means["WIS"].isna()]
    level = scoring.reliability(scored)
    below = level[level["level"] == 0.5][["forecaster", "share"]].to_numpy().tolist()
    return render(
        PAGE, particles=f"{SIZE.particles:,}", runs=SIZE.runs, seed=SIZE.seed, origins=", ".join(ORIGINS),
        pictures=PICTURES,
        latest=LATEST,
        second=SECOND if frozen else "",
        aims=markdown_table(("aim", "what was reached", ""), rolling_origins.forecast_aims(scored, means)),
        wins="\n".join(f"* {said}" for said in rolling_origins.wins(means)), figures=of_frame(_figures(figures)),
        events=of_frame(_events(events)), below=", ".join(f"{name} {percent(share)}" for name, share in below),
        importance=of_frame(_importance(scored)), splits=of_frame(_splits(scored)),
        capitals=of_frame(_moves(rolled.moves, "capital")), levers=of_frame(_moves(rolled.moves, "lever")),
        moves=_moves_in_words(rolled.moves), facts=f"{scored[['origin', 'id']].drop_duplicates().shape[0]:,}",
    )  # fmt: skip


def _importance(scored: pd.DataFrame) -> pd.DataFrame:
    worth = rolling_origins.member_importance(scored)
    numbers = {name: worth[name].map("{:.3g}".format) for name in ("alone", "leave one out", "Shapley")}
    return worth[["about", "score", "forecaster"]].rename(columns={"about": "of"}).assign(**numbers)


def _splits(scored: pd.DataFrame) -> pd.DataFrame:
    return rolling_origins.event_splits(scored).map("{:.3f}".format).reset_index()


def _moves(moves: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return mean scores of moves; by lever, over all months ahead."""
    table = move_summary(moves, by)
    if by == "lever":
        table = table[table["months ahead"] == OVERALL].drop(columns="months ahead")
    return table.assign(**{
        name: table[name].map("{:.0f}".format if name == "moves" else "{:.2f}".format)
        for name in table.columns.drop([by, "months ahead"], errors="ignore")
    })  # fmt: skip


def _moves_in_words(moves: pd.DataFrame) -> str:
    """Return whether the model is ahead of those that know no politics, over all moves."""
    table = move_summary(moves)
    whole = table[(table["capital"] == "all") & (table["months ahead"] == OVERALL)].iloc[0]
    said = []
    for score in SCORES:
        others = {name: float(whole[f"{score}, {name}"]) for name in (BASE, LAST_MOVE)}
        best = min(others, key=others.__getitem__)
        own = float(whole[f"{score}, {MODEL}"])
        word = "better" if own < others[best] else "worse"
        name = {"log": "log score", "RPS": "ranked probability score"}[score]
        said.append(f"By the {name} the model is {word} than the better of the two, {best} ({own:.3f} against "
                    f"{others[best]:.3f}).")  # fmt: skip
    return " ".join(said)


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


def main(folder: str, kept: str) -> None:
    """Write the page and its pictures."""
    with vintage.known_to(LATEST):
        _publish(folder, rolling_origins.roll_forecasts(Path(kept), SIZE))


def _publish(folder: str, rolled: Rolled) -> None:
    scored = rolled.figures
    source = f"{len(ORIGINS)} origins, {SIZE.particles:,} particles each. Uncalibrated."
    pictures = {
        PICTURES["skill"]: forecast_figures.skill(rolling_origins.rolling_summary(scored, SIZE.seed), source),
        PICTURES["reliability"]: trial_figures.reliability(scoring.reliability(scored), source),
        PICTURES["events"]: forecast_figures.reliability_of_events(scored, SIZE.seed, source),
    }
    publish_page(folder, PAGE, page(rolled, (Path(folder) / SECOND).exists()), pictures)


if __name__ == "__main__":
    main(*sys.argv[1:])
