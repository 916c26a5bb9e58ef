"""The page on what is left of an impulse, and its picture: ``python -m research.impulse_page docs``."""

import sys
from collections.abc import Hashable, Mapping
from typing import NamedTuple

import pandas as pd

from research import impulse
from research.impulse import HELD, HORIZON, ONCE, SHOWN, SLOW, YEAR, Response, Slow, months_until_gone
from research.impulse_figures import chart, said
from research.pages import of_frame, publish_page, render
from sim.engine.sets import Sets
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.report.render.plots import draw
from sim.report.render.sheet import Picture
from sim.report.style import percent, sentence, spoken_month

PAGE, PICTURE = "impulse.md", "images/impulse.png"
HALF = 0.5
AIM = 0.05  # share of the sets that may break the rule in a series


class ImpulseEvidence(NamedTuple):
    """What was simulated: the answers to each impulse, the world left alone, and what settles slowly in it."""

    answers: Mapping[str, Mapping[str, Response]]
    alone: Mapping[str, Response]
    levels: pd.DataFrame
    slow: Mapping[str, Slow]


def evidence(sets: pd.DataFrame, runs: int, jobs: int = 1) -> ImpulseEvidence:
    """Simulate the world whose drivers are held, as it is and under each impulse."""
    rest = impulse.held_runs(sets, runs, {}, jobs)
    answers = {
        which: impulse.responses(impulse.held_runs(sets, runs, changes, jobs), rest, runs)
        for which, changes in impulse.IMPULSES.items()
    }
    slow = impulse.slow(rest, sets, runs, jobs)
    return ImpulseEvidence(answers, impulse.distance_from_rest(rest, runs, SHOWN), impulse.levels(rest), slow)


def page(measured: ImpulseEvidence, sets: Sets, runs: int) -> str:
    """Return the page as Markdown."""
    spike = 100.0 * measured.answers["shut border"][impulse.SLIGHTS].mean[len(YEAR)]
    return render(
        PAGE,
        first=spoken_month(YEAR.start), last=spoken_month(YEAR.stop - 1), held=spoken_month(HELD),
        horizon=spoken_month(months.index(HORIZON)),
        sets=sentence(str(sets)), runs=f"{runs:,}", seed=impulse.SEED, picture=PICTURE,
        quarter=impulse.QUARTER, over=percent(impulse.OVER), begun=percent(impulse.BEGUN), sure=f"{impulse.SURE:g}",
        gone=percent(impulse.GONE), least=percent(impulse.LEAST), slow_months=SLOW,
        spike=f"{abs(spike):.0f} {'more' if spike > 0 else 'fewer'}",
        impulses=of_frame(_impulses(measured)), most=percent(largest_share(measured)), aim=percent(AIM),
        missed=largest_share(measured) > AIM, levels=of_frame(_levels(measured)), alone=of_frame(_alone(measured)),
        slow=of_frame(_slow(measured)),
    )  # fmt: skip


def largest_share(measured: ImpulseEvidence) -> float:
    """Return the largest share of sets that break the rule in a series that answers, or in a world left alone."""
    every = [*measured.answers.values(), measured.alone]
    return max(response.swinging() for answers in every for name, response in answers.items() if response.moves(name))


def picture(measured: ImpulseEvidence, sets: Sets, runs: int) -> Picture:
    """Return the picture."""
    source = f"Driftback: {sets}; {runs:,} runs each, seed {impulse.SEED}, no end of the war. Uncalibrated."
    return draw(chart(measured.answers, source))


def _impulses(measured: ImpulseEvidence) -> pd.DataFrame:
    return pd.DataFrame([
        {"impulse": which, "series": said(name)[0]} | _read(name, response, len(YEAR))
        for which, every in measured.answers.items()
        for name, response in every.items()
    ])  # fmt: skip


def _alone(measured: ImpulseEvidence) -> pd.DataFrame:
    alone = measured.alone.items()
    return pd.DataFrame([{"series": said(name)[0]} | _read(name, response, 0) for name, response in alone])


def _read(name: str, response: Response, lasted: int) -> dict[str, str]:
    """Return the cells of a row: the peak and its month, how soon it is gone, how often it comes back."""
    mean, error = response.mean, response.error
    at = int(abs(mean).argmax())
    if not response.moves(name):
        return {"peak": f"{mean[at]:+.2f}", "half gone": "hardly answers", "gone": "", "comes back": "", "sets": ""}
    back = impulse.returns(mean, error)
    return {
        "peak": f"{mean[at]:+.2f} (month {at + 1})",
        "half gone": _months(months_until_gone(mean, HALF, error), lasted),
        "gone": _months(months_until_gone(mean, impulse.GONE, error), lasted),
        "comes back": {0: "no", ONCE: "once"}.get(back, f"{back} times"),
        "sets": percent(response.swinging()),
    }


def _months(until: float | None, lasted: int = 0) -> str:
    return f"not by {HORIZON[:4]}" if until is None else f"{max(until - lasted, 0):.0f}"


def _levels(measured: ImpulseEvidence) -> pd.DataFrame:
    def shown(value: float) -> str:
        return f"{value:.0f}" if abs(value) >= 20.0 else f"{value:.2f}"

    rows: list[dict[Hashable, str]] = [
        {"series": said(str(name))[0]} | {year: shown(value) for year, value in row.items()}
        for name, row in measured.levels.iterrows()
    ]
    return pd.DataFrame(rows)


def _slow(measured: ImpulseEvidence) -> pd.DataFrame:
    return pd.DataFrame([
        {"series": said(name)[0], "gone": _months(slow.months), "cause": slow.cause,
         "taken away": "" if slow.taken is None else percent(slow.taken)}
        for name, slow in sorted(measured.slow.items(), key=lambda item: (item[1].cause, item[1].months or 0))
    ])  # fmt: skip


def main(folder: str) -> None:
    """Write page and picture."""
    sets = retained_sets().some(impulse.SETS, impulse.SEED)
    measured = evidence(sets.values, impulse.RUNS)
    publish_page(folder, PAGE, page(measured, sets, impulse.RUNS), {PICTURE: picture(measured, sets, impulse.RUNS)})


if __name__ == "__main__":
    main(*sys.argv[1:])
