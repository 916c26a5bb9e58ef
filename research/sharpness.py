"""The table and the picture of sharpness: ``python -m research.sharpness FOLDER docs`` measures, and writes them there.

Killed at any point, the same command goes on from what stands in FOLDER. A thousand sets take 17 minutes of a
processor, and each process 330 MB.
"""

import argparse
import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from research.choice_sharpness import PART, RUNS, SEED, SHARP, changes_of_chance, in_processes
from research.pages import of_frame
from sim.engine.same_study import resume_study
from sim.engine.sets import Sets
from sim.inference.parameter_sets import retained_sets
from sim.model import VERSION
from sim.model.moves import LEVER
from sim.registers.fluctuation import fluctuations
from sim.report import style
from sim.report.figures.data import Head
from sim.report.figures.estimates import EstimateRow
from sim.report.render.intervals import ranges
from sim.report.render.sheet import Picture, png
from sim.storage import sealed
from sim.storage.folder import StudyFolder, encode_table

PAGE, TABLE, PICTURE = "sharpness.md", "sharpness.csv", "images/sharpness-{}.png"
SHOWN = 16  # pairs in the picture
PAIR = ["state", "lever"]


def measure_sharpness(folder: Path, sets: Sets, jobs: int = 1, runs: int = RUNS) -> pd.DataFrame:
    """Return what half a step changes in each set (:func:`research.choice_sharpness.changes_of_chance`).

    Parameters
    ----------
    folder
        Of the study: what it holds is not measured again.
    sets
        Those that are measured.
    jobs
        Processes; the result is the same for any number.
    runs
        In which a month of the year is looked at.

    Raises
    ------
    StudyError
        If the folder holds another study.
    """
    study = StudyFolder[sealed.Manifest](folder, "sharpness", "parts", (), "asked.json", "python -m research.sharpness")
    sizes = {name: entry.size for name, entry in fluctuations().items()}
    asked = {"rules": VERSION, "seed": SEED, "runs": runs, "sizes": sizes,
             "sets": hashlib.sha256(sets.values.to_csv(float_format="%.12g").encode()).hexdigest()}  # fmt: skip
    names = {f"part-{first:05d}": first for first in range(0, len(sets), PART)}
    with resume_study(study, asked):
        missing = {name: first for name, first in names.items() if not study.has(name)}
        parts = in_processes(partial(_part, sets.values, runs), missing.values(), jobs)
        for name, part in zip(missing, parts, strict=True):
            study.keep(name, encode_table(part))
    return pd.concat([study.rows(name) for name in names], ignore_index=True)


def _part(values: pd.DataFrame, runs: int, first: int) -> pd.DataFrame:
    return changes_of_chance(values[first : first + PART], runs, first)


def sharpness_table(changes: pd.DataFrame, edition: str = VERSION) -> pd.DataFrame:
    """Return the changes by state and lever, the sharpest pair first; the first row is the sharpness of the sets.

    Returns
    -------
    frame
        ``edition``, ``state``, ``lever`` ("any" in the first row); ``median``, ``low`` and ``high`` (10 and 90% of the
        sets), ``sharp`` (the share of sets in which it is above :data:`research.choice_sharpness.SHARP`), ``sets``;
        and the most frequent ``option`` and ``direction`` of the largest change.
    """
    pairs = changes.groupby(PAIR)
    said = pairs[["option", "direction"]].agg(_commonest)
    rows = _spread(pairs["change"]).join(said).sort_values("median", ascending=False).reset_index()
    whole = changes.groupby("set", as_index=False)["change"].max().assign(state="any", lever="any")
    whole_row = _spread(whole.groupby(PAIR)["change"]).reset_index()
    every = pd.concat([whole_row, rows], ignore_index=True)
    every.insert(0, "edition", edition)
    return every[["edition", *PAIR, "median", "low", "high", "sharp", "sets", "option", "direction"]]


def _commonest(values: "pd.Series[str]") -> str:
    return str(values.mode()[0])


def _spread(changes: "pd.api.typing.SeriesGroupBy[Any, Any]") -> pd.DataFrame:
    low, median, high = (changes.quantile(level) for level in (0.1, 0.5, 0.9))
    sharp = changes.agg(lambda values: (values > SHARP).mean())
    return pd.DataFrame({"median": median, "low": low, "high": high, "sharp": sharp, "sets": changes.size()})


def name_sharp_pairs(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of state and lever that are sharp in the median set."""
    return summary[(summary["state"] != "any") & (summary["median"] > SHARP)]


def picture(summary: pd.DataFrame) -> Picture:
    """Return the picture of one edition."""
    whole, pairs = summary.iloc[0], summary.iloc[1 : SHOWN + 1]
    rows = [
        EstimateRow(_label(row.state, row.lever), *(100.0 * value for value in
                    (row.median, row.low, row.high, row.low, row.high)))
        for row in _rows(pairs)
    ]  # fmt: skip
    first = rows[0]
    title = f"In the median set half a month's fluctuation changes a chance by up to {100 * whole['median']:.0f} points"
    head = Head(
        title,
        "Change of the chance of an option under review, averaged over a year, by what fluctuates and what is chosen. "
        f"Dot: median of the sets. Bar: 80% of them. Shaded: below {100 * SHARP:.0f} points.",
        f"Driftback: rules {whole['edition']}, {whole['sets']:,} parameter sets, no end of the war. Uncalibrated.",
        f"{title}. Sharpest is {first.label}: {first.mean:.0f} points.",
    )
    return ranges(head, rows, "points of chance", (0.0, 100.0 * SHARP))


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


def _label(state: str, lever: str) -> str:
    """Return a pair in words: what fluctuates, and whose choice answers."""
    moved = style.words(state).short if state in style.SERIES else state.replace("_", " ")
    owner = LEVER[lever].capital
    return f"{moved} → {'arms deal' if owner == 'deal' else owner}: {style.LANE[lever]}"


def publish(docs: Path, summary: pd.DataFrame) -> None:
    """Write page, table and picture; what the table says of other editions stays."""
    path, edition = docs / TABLE, str(summary["edition"][0])
    older = pd.read_csv(path, dtype={"edition": str}) if path.exists() else summary[:0]
    rows = pd.concat([older[older["edition"] != edition], summary]).sort_values("edition", kind="stable")
    sealed.put(path, rows.to_csv(index=False, float_format="%.4f", lineterminator="\n").encode())
    sealed.put(docs / PICTURE.format(edition), png(picture(summary)))
    sections = [_section(str(name), part.reset_index(drop=True)) for name, part in rows.groupby("edition")]
    sealed.put(docs / PAGE, "\n".join([_INTRODUCTION.format(sharp=100 * SHARP, runs=RUNS), *sections]).encode())


_INTRODUCTION = """# How sharply choices answer what nobody could notice

An answer that turns on what no government can see is no answer. So we ask of every parameter set how much a choice
changes when one state is off by half of what it moves in a month without anybody meaning it.

*Sharpness* is the change of the chance of any option of any lever under review, averaged over the months of a year, in
points of 100. The largest over years, options, levers, states and the two directions counts. We call a pair of state
and lever sharp above {sharp:.0f} points. What each state moves by, and how we know, stands in
[a register](../sim/registers/fluctuations.yaml). The war goes on in these runs: what its end brings is not looked at.

Each month of the year is looked at in {runs} runs of a set. With fewer, the largest of the years is too large.
All pairs are in [the table](sharpness.csv). `python -m research.sharpness FOLDER docs` makes it, the pictures and this
page.
"""


def _section(edition: str, rows: pd.DataFrame) -> str:
    """Return what the page says of one edition."""
    whole, sharp = rows.iloc[0], name_sharp_pairs(rows)
    pairs = [f"{_label(row.state, row.lever)} ({100 * row.median:.0f} points)" for row in _rows(sharp)]
    shown = pd.DataFrame([
        {"what fluctuates → who chooses what": _label(row.state, row.lever), "median": f"{100 * row.median:.1f}",
         "80% of sets": f"{100 * row.low:.1f} to {100 * row.high:.1f}", "sharp in": style.percent(row.sharp),
         "option": f"{row.option} ({row.direction})"}
        for row in _rows(rows.iloc[1 : SHOWN + 1])
    ])  # fmt: skip
    return f"""## Rules {edition}

**Sharp in the median set: {"; ".join(pairs) or "nothing"}.** The median sharpness is {100 * whole["median"]:.0f}
points, and {style.percent(1.0 - whole["sharp"])} of {whole["sets"]:,} sets are at {100 * SHARP:.0f} points or below.

![What fluctuates and whose choice answers, rules {edition}]({PICTURE.format(edition)})

*Option* is the one whose chance changes most, and the direction of the state that changes it.

{of_frame(shown)}
"""


def main() -> None:
    """Measure, write and say what is sharp."""
    parser = argparse.ArgumentParser(prog="python -m research.sharpness", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="of the study; one that was begun goes on")
    parser.add_argument("docs", type=Path, nargs="?", help="where table and picture are written; nowhere if omitted")
    parser.add_argument("--sets", type=int, help="number of retained sets to measure (default: all)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")
    asked = parser.parse_args()
    changes = measure_sharpness(asked.folder, retained_sets().some(asked.sets, SEED), asked.jobs)
    summary = sharpness_table(changes)
    if asked.docs:
        publish(asked.docs, summary)
    by_set, sharp = changes.groupby("set")["change"].max(), name_sharp_pairs(summary)
    pairs = [f"{row.state}, {row.lever} ({row.median:.2f})" for row in _rows(sharp)]
    print(f"{(by_set <= SHARP).sum():,} of {len(by_set):,} sets have a sharpness of at most {SHARP:g}.")
    print(f"Median {by_set.median():.2f}. Sharp in the median set: {'; '.join(pairs) or 'nothing'}.")
    print(summary[1 : SHOWN + 1].to_string(index=False, float_format="{:.3f}".format))


if __name__ == "__main__":
    main()
