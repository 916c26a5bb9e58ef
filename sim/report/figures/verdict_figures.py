"""The pictures of a verdict's study, one an experiment."""

from collections.abc import Callable, Mapping
from textwrap import shorten

import numpy as np
import pandas as pd

from sim.analysis.definitions import CAUSAL_POINTS, DEFINITIONS, TITLES, WITHIN, period
from sim.prediction import verdict_tables
from sim.prediction.thresholds import LEVEL, TOLERANCE
from sim.prediction.verdict import Verdict
from sim.prediction.verdict_study import Evidence
from sim.registers.register import assumptions
from sim.report.figures.data import Band, Chart, Head, Line, Panel
from sim.report.figures.estimates import estimate_rows, in_words
from sim.report.render.intervals import ranges, shaded_table
from sim.report.render.plots import draw
from sim.report.render.sheet import Picture
from sim.report.style import list_names, percent, sentence
from sim.report.text import doubt

_LABEL = 38  # characters of an assumption beside its id
_THIN = "Thick: 95% interval of the mean. Thin: from the 5% to the 95% of parameter sets."

Tables = Mapping[str, pd.DataFrame]


def _points() -> str:
    return f"points of re-engagement (0 to 100), {WITHIN} months after the war's end"


def pictures(evidence: Evidence, verdict: Verdict, tables: Tables) -> dict[str, Picture]:
    """Return every picture by the name of its file.

    Parameters
    ----------
    tables
        Those of :func:`sim.report.folders.verdict_folder.tables`; what was not simulated is not drawn.
    """
    needed = {"end-dates": "end_dates", "dose": "dose", "groups": "shapley", "regimes": "regimes"}
    drawn = {name: make(evidence, tables) for name, make in _DRAWN.items() if needed.get(name, "definitions") in tables}
    return drawn | {"placebos": placebos(evidence, verdict)}


def picture(name: str, evidence: Evidence, verdict: Verdict, tables: Tables) -> Picture:
    """Return one picture.

    Raises
    ------
    KeyError
        If there is no such picture; the message names those there are.
    """
    if name == "placebos":
        return placebos(evidence, verdict)
    if name not in _DRAWN:
        raise KeyError(f"no picture {name!r}; there are {', '.join(_DRAWN)}, placebos")
    return _DRAWN[name](evidence, tables)


def _head(evidence: Evidence, title: str, subtitle: str, text: str, runs: str = "runs") -> Head:
    asked = evidence.asked
    source = (
        f"Driftback: scenario {evidence.world.name!r}, {len(evidence.sets):,} parameter sets, "
        f"{dict(asked['size'])[runs]} paired runs each, seed {asked['seed']}. {doubt.of_sets(evidence.sets)}"
    )
    return Head(title, subtitle, source, text)


def end_dates(evidence: Evidence, tables: Tables) -> Picture:
    """Draw E1: the effect by the date of the war's end and the months since."""
    grid = tables["end_dates"].pivot(index="lag", columns="end", values="mean")
    last = grid.loc[WITHIN]
    added = f"{last.min():+.1f} to {last.max():+.1f} points"
    title = f"{sentence(period())} on, the effect of the end is {added}, depending on its date"
    text = " ".join(f"Ends {end}: {value:+.1f} points after {WITHIN} months." for end, value in last.items())
    says = "Mean effect on re-engagement with Beijing, against the same runs without an end."
    head = _head(evidence, title, says, text)
    return shaded_table(head, grid, "months after", "first month of peace", lambda value: f"{value:+.1f}", signed=True)


def survival_picture(evidence: Evidence, tables: Tables) -> Picture:
    """Draw how long Pyongyang stays away: Kaplan and Meier's curves for D1 to D5, and without an end."""
    table, bands = tables["survival"], tables["survival_bands"]
    months = table.index.to_numpy(float)

    def band(name: str, role: str) -> Band:
        low, high = (bands[f"{name} {end}"].to_numpy(float) for end in ("low", "high"))
        return Band("", months, low, high, role, faint=True)

    def panel(name: str) -> Panel:
        lines = [Line("with the end", months, table[name].to_numpy(float), "main")]
        shades = [band(name, "main")]
        if f"{name} without an end" in table:
            beside = table[f"{name} without an end"].to_numpy(float)
            lines.append(Line("without", months, beside, "control", broken=True))
            shades.append(band(f"{name} without an end", "control"))
        title = f"{name} {TITLES[name]}"
        return Panel(title, "share not back yet", (0, WITHIN + 1), tuple(lines), tuple(shades), zero=True, since=True)

    share = 1.0 - table["D2"].iloc[-1]
    higher = f"at least {CAUSAL_POINTS:g} points higher in {percent(share)} of histories"
    title = f"{sentence(period())} after the end, re-engagement is {higher}"
    text = " ".join(f"{name}: {percent(1 - table[name].iloc[-1])} back after {WITHIN} months." for name in table)
    subtitle = f"Months after the war's end. D2 looks ahead: a lead is told that stands in month {WITHIN} too."
    subtitle += " Shades: 95% of a bootstrap over parameter sets."
    data = table.join(bands)
    return draw(Chart(_head(evidence, title, subtitle, text), tuple(map(panel, DEFINITIONS)), data, columns=2))


def fans(evidence: Evidence, tables: Tables) -> Picture:
    """Draw E2: re-engagement around the end, with and without it, and the difference run by run."""
    table = tables["fans"]
    months = table.index.to_numpy(float)

    def band(name: str, role: str, label: str = "") -> Band:
        return Band(label, months, table[f"{name} 10"].to_numpy(), table[f"{name} 90"].to_numpy(), role, faint=True)

    def line(column: str, label: str, role: str, broken: bool = False) -> Line:
        return Line(label, months, table[column].to_numpy(float), role, broken)

    span = (int(months[0]), int(months[-1]) + 1)
    above = Panel(
        "Re-engagement with Beijing, median and 8 in 10 runs", "0 (none) to 100 (full)", span,
        (line("endless 50", "without an end", "control", True), line("ended 50", "with the end", "main")),
        (band("endless", "control"), band("ended", "main")), since=True,
    )  # fmt: skip
    below = Panel(
        "The difference, run by run", "in the same unit", span, (line("gap mean", "mean", "main"),),
        (band("gap", "main", "8 in 10 pairs"),), zero=True, since=True,
    )  # fmt: skip
    change, without = (table[f"{name} 50"].iloc[-1] - table[f"{name} 50"].iloc[WITHIN] for name in ("ended", "endless"))
    moved = f"median re-engagement changes by {change:+.1f} points; if the war goes on, by {without:+.1f}"
    title = f"In the {period()} after the war ends, {moved}"
    text = f"The mean difference after {WITHIN} months is {table['gap mean'].iloc[-1]:+.1f} points."
    head = _head(evidence, title, "Months from the war's end; each run counts from its own.", text)
    return draw(Chart(head, (above, below), table))


def dose(evidence: Evidence, tables: Tables) -> Picture:
    """Draw E3: where Moscow's lasting need and isolation keep Pyongyang away."""
    grid = tables["dose"]
    high = float((grid >= 0.5).to_numpy().mean())
    title = "Whatever Moscow's need and isolation, Pyongyang is clearly closer in fewer than half of the histories (D2)"
    if high:
        title = (
            f"Pyongyang is clearly closer in half of the histories (D2) at {percent(high)} of the levels of need and "
            "isolation"
        )
    text = " ".join(f"Need {need:g}: " + ", ".join(percent(share) for share in line) + "." for need, line in zip(
        grid.index, grid.to_numpy(), strict=True))  # fmt: skip
    says = "Share of histories with D2. Framed: half or more. The article: less need (claim 57), sanctions stay (58)."
    marked = lambda row, column: bool(grid.loc[row, column] >= 0.5)  # noqa: E731
    head = _head(evidence, title, says, text)
    return shaded_table(head, grid, "postwar need", "postwar isolation of Moscow", percent, mark=marked)


def groups(evidence: Evidence, tables: Tables) -> Picture:
    """Draw E4: Shapley values of the ten claim groups."""
    together = tables["together"]
    values = tables["shapley"].sort_values("mean", ascending=False)
    pair = np.unravel_index(np.argmax(np.abs(together.to_numpy(float))), together.shape)
    one, other = together.index[int(pair[0])], together.columns[int(pair[1])]
    title = f"“{values.index[0]}” adds most to the effect of the end, and “{values.index[-1]}” takes most away"
    both = f"Strongest together: {one} with {other} ({together.to_numpy()[pair]:+.1f})."
    says = f"Shapley values, over coalitions most of which are not plausible. {both} {_THIN}"
    rows = estimate_rows(values)
    head = _head(evidence, title, says, in_words(rows), "coalition_runs")
    return ranges(head, rows, _points())


def assumptions_picture(evidence: Evidence, tables: Tables) -> Picture:
    """Draw the meter: how the effect changes without each assumption, and under each reading of claim 5."""
    table = pd.concat([tables["without_assumptions"], tables["without_readings"]])
    table = table.sort_values("mean")
    labels = [_shortly(str(name), str(row["says"])) for name, row in table.iterrows()]
    most = int(table["mean"].abs().argmax())
    moved = f"{table['mean'].iloc[most]:+.1f} points"
    title = f"“{labels[most]}” changes the effect most, by {moved}"
    rows = estimate_rows(table, labels)
    says = f"Change of the effect without each assumption, or under each reading of two patrons (ξ). {_THIN}"
    return ranges(_head(evidence, title, says, in_words(rows)), rows, "change, in points")


def _shortly(name: str, says: str) -> str:
    """Return an assumption as a label, its words before its id; readings of claim 5 are words already."""
    return f"{shorten(says, _LABEL, placeholder=' …')} ({name})" if name in assumptions() else name


def variants(evidence: Evidence, tables: Tables) -> Picture:
    """Draw E6: the effect in every variant, at half, once and twice the strictness of choice."""
    table = tables["variants"]
    labels = [
        f"{row.variant}: {row.title}" if row.times == 1.0 else f"{row.variant}, λ times {row.times:g}"
        for row in table.itertuples()
    ]
    whole = table.loc[(table["variant"] == "V0") & (table["times"] == 1.0), "mean"].iloc[0]
    worth = f"{table['mean'].min():+.1f} to {table['mean'].max():+.1f}"
    title = f"The effect is {worth} points, depending on the variant and λ; {whole:+.1f} in the base model"
    rows = estimate_rows(table, labels, strong=[labels[place] for place in np.flatnonzero(table["variant"] == "V0")])
    says = f"Mean effect of the war's end. {_THIN} In another colour: the base model."
    return ranges(_head(evidence, title, says, in_words(rows)), rows, _points())


_TRADE = {"woos": "rises", "squeezes": "falls", "does neither": "stays the same"}  # of what a regime is


def regimes(evidence: Evidence, tables: Tables) -> Picture:
    """Draw the regime map: where Beijing woos after the end, where it squeezes."""
    table = tables["regimes"]
    counts = table["regime"].value_counts()
    row = [f"foresight {at.foresight:g}, ξ {at.patrons_together:g}" for at in table.itertuples()]
    grid = table.assign(row=row).pivot(index="row", columns="times", values="wooing").loc[list(dict.fromkeys(row))]
    by_regime = [f"{_TRADE[str(name)]} in {count}" for name, count in counts.sort_index(ascending=False).items()]
    where = f"{list_names(by_regime, 'and')} of {len(table)} combinations of three parameters"
    title = f"Because the war ends, Beijing's trade offer {where}"
    text = " ".join(f"{name}: " + ", ".join(f"{value:+.3f}" for value in line) + "." for name, line in zip(
        grid.index, grid.to_numpy(), strict=True))  # fmt: skip
    says = f"Beijing's trade option over {period()} from the end, minus that without an end; options lie .3 apart."
    head = _head(evidence, title, says, text)
    return shaded_table(head, grid, "", "factor on λ", lambda value: f"{value:+.3f}", signed=True)


def placebos(evidence: Evidence, verdict: Verdict) -> Picture:
    """Draw E5: ends of the war that should do nothing."""
    tried = verdict.tests[1.0].placebos
    table = verdict_tables.estimates_table(
        {f"{one.name}: {'passed' if one.passed else 'failed'}": one.effect for one in tried}, ""
    )
    passed = sum(one.passed for one in tried)
    title = f"{len(tried) - passed} of {len(tried)} placebos do something, though none should"
    rows = estimate_rows(table)
    where = f"within {TOLERANCE:g} point (passed: {percent(LEVEL)} of sets, each by its own mean)"
    says = f"Effects of ends that should have none; shaded: {where}. {_THIN}"
    return ranges(_head(evidence, title, says, in_words(rows)), rows, _points(), (-TOLERANCE, TOLERANCE))


_DRAWN: dict[str, Callable[[Evidence, Tables], Picture]] = {
    "end-dates": end_dates, "survival": survival_picture, "no-end-control": fans, "dose": dose, "groups": groups,
    "assumptions": assumptions_picture, "variants": variants, "regimes": regimes,
}  # fmt: skip
