"""Tables and rows of estimates as pictures: what is drawn is what the numbers say."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Rectangle

from sim.analysis.definitions import DEFINITIONS, WITHIN
from sim.inference.hindcast import ALL, BY_EVIDENCE, COUNTED, MATCHED, MOST, OF_ALL
from sim.inference.parameter_sets import HAND_SET
from sim.prediction.sensitivity import DUMMY, INDEX
from sim.registers.targets import follows_from_inputs
from sim.report import style
from sim.report.figures import estimates, pattern_matrix, trial_figures, verdict_figures
from sim.report.figures.data import Chart, Head, _last
from sim.report.figures.estimates import EstimateRow
from sim.report.render.intervals import ranges, shaded_table
from sim.report.render.matrix import draw_matrix
from sim.report.style import percent

HEAD = Head("a title", "a subtitle", "a source", "in words")
NO_WORLD = SimpleNamespace(
    asked={"size": [["runs", 16], ["coalition_runs", 4]], "seed": 9}, world=SimpleNamespace(name="a world"),
    sets=HAND_SET,
)  # fmt: skip


def drawn(axes: Axes) -> dict[str, Any]:
    """Return what stands in each cell: its words, its frame and the colours of both."""
    boxes = [box for box in axes.patches if isinstance(box, Rectangle)]
    cells = {}
    for box in boxes:
        (text,) = (
            text
            for text in axes.texts
            if box.get_x() < text.get_position()[0] < box.get_x() + box.get_width()
            and box.get_y() < text.get_position()[1] < box.get_y() + box.get_height()
            and text.get_ha() == text.get_va() == "center"
        )
        middle = (box.get_x() + box.get_width() / 2, box.get_y() + box.get_height() / 2)
        assert text.get_position() == pytest.approx(middle), "words stand in the middle of their cell"
        cells[middle] = (text.get_text(), box.get_facecolor(), box.get_edgecolor(), text.get_color())
    return cells


def bright(colour: object) -> float:
    return sum(to_rgba(colour)[:3])  # type: ignore[arg-type]


TABLE = pd.DataFrame([[0.0, 0.5, 1.0], [0.25, np.nan, 0.75]], index=["low", "high"], columns=["a", "b", "c"])


def test_a_table_is_shaded_by_its_numbers_and_each_stands_in_its_cell() -> None:
    picture = shaded_table(
        HEAD, TABLE, "corner", "across", percent, mark=lambda row, column: (row, column) == ("low", "c")
    )
    (axes,) = picture.axes
    cells = drawn(axes)
    for row, name in enumerate(TABLE.index):
        for column, other in enumerate(TABLE.columns):
            words, face, edge, ink = cells[column + 0.5, row + 0.5]
            value = TABLE.loc[name, other]
            assert words == ("-" if np.isnan(value) else percent(value))
            assert (edge == to_rgba(style.INK)) == ((name, other) == ("low", "c"))
            assert abs(bright(face) - bright(ink)) > 1.0, "words can be read"
    faces = [bright(cells[place][1]) for place in ((0.5, 0.5), (0.5, 1.5), (1.5, 0.5), (2.5, 1.5), (2.5, 0.5))]
    assert faces == sorted(faces, reverse=True) and len(set(faces)) == 5, "the more, the darker"
    assert cells[1.5, 1.5][1] == cells[0.5, 0.5][1] == to_rgba(style.PAPER), "nothing and nothing known are paper"
    assert cells[2.5, 0.5][1] == pytest.approx(to_rgba(style.colour("main")), abs=0.01)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["low", "high"]
    assert axes.get_yticks().tolist() == [0.5, 1.5] and list(axes.get_xticks()) == []
    heads = {text.get_text(): text.get_position()[0] for text in axes.texts if text.get_text() in "abc"}
    assert heads == {"a": 0.5, "b": 1.5, "c": 2.5}
    assert axes.get_xlim() == (0.0, 3.0) and axes.get_ylim()[0] == 2.0 and axes.get_ylim()[1] < -1.2
    above = {text.get_text(): getattr(text, "xy", text.get_position())[1] for text in axes.texts}
    assert above["across"] < above["a"] == above["b"] == above["c"] == above["corner"] < 0.0, "over the cells"


def test_a_table_with_a_sign_is_paper_at_zero_and_as_strong_on_both_sides() -> None:
    signed = pd.DataFrame([[-4.0, 0.0, 4.0], [-2.0, 2.0, np.nan]])
    (axes,) = shaded_table(HEAD, signed, "", "", str, signed=True).axes
    cells = drawn(axes)
    cold, warm = (to_rgba(style.colour(role)) for role in ("cold", "warm"))
    assert cells[0.5, 0.5][1] == pytest.approx(cold, abs=0.01) and cells[2.5, 0.5][1] == pytest.approx(warm, abs=0.01)
    assert cells[1.5, 0.5][1] == pytest.approx(to_rgba(style.PAPER), abs=0.02)
    half = (np.array(cold) + np.array(to_rgba(style.PAPER))) / 2
    assert cells[0.5, 1.5][1] == pytest.approx(half, abs=0.01)
    (axes,) = shaded_table(HEAD, 0.0 * signed, "", "", str, signed=True).axes  # nothing but zeros
    assert {cell[1] for cell in drawn(axes).values()} <= {cells[1.5, 0.5][1], to_rgba(style.PAPER)}


ROWS = [
    EstimateRow("first", 2.0, 1.0, 3.0, -1.0, 5.0),
    EstimateRow("second", -1234.0, -1300.0, -1200.0, -1400.0, -1100.0, strong=True),
]


def test_estimates_are_dots_with_a_thick_interval_and_a_thin_spread_on_a_row_each() -> None:
    (axes,) = ranges(HEAD, ROWS, "points", (-1.0, 1.0)).axes
    zero, *lines = axes.lines
    assert list(zero.get_xdata()) == [0.0, 0.0]
    for place, row in enumerate(ROWS):
        spread, interval, dot = lines[3 * place : 3 * place + 3]
        assert list(spread.get_xdata()) == [row.sets_low, row.sets_high]
        assert list(interval.get_xdata()) == [row.low, row.high] and list(dot.get_xdata()) == [row.mean]
        assert {y for line in (spread, interval, dot) for y in line.get_ydata()} == {place}
        assert interval.get_linewidth() > 2 * spread.get_linewidth()
        assert spread.get_zorder() < interval.get_zorder() < dot.get_zorder()
        assert {line.get_color() for line in (spread, interval, dot)} == {
            style.colour("control" if row.strong else "main")
        }
    assert [text.get_text() for text in axes.texts] == ["+2.0", "-1234"]
    assert [text.xy[1] for text in axes.texts] == [0, 1]  # type: ignore[attr-defined]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]
    assert axes.get_yticks().tolist() == [0, 1] and axes.get_xlabel() == "points"
    assert axes.get_ylim() == (1.5, -0.5), "the first row is above"
    (shade,) = axes.patches
    assert (shade.get_x(), shade.get_x() + shade.get_width()) == (-1.0, 1.0)  # type: ignore[attr-defined]
    assert not ranges(HEAD, ROWS, "points").axes[0].patches
    assert estimates.in_words(ROWS[:1]) == "first: +2.0 (95% interval +1.0 to +3.0)."


@pytest.mark.parametrize("word", ["leverage", "북한의"])
def test_a_label_that_finds_no_room_ends_at_a_word_and_says_so(word: str) -> None:
    """A label that leaves the sheet loses its first words, and with them what the row is."""
    name = " ".join([word] * 20)
    figure = ranges(HEAD, [EstimateRow(label, 1.0, 0.5, 1.5, 0.0, 2.0) for label in ("short", name)], "points")
    figure.draw_without_rendering()
    short, long = figure.axes[0].get_yticklabels()
    assert short.get_text() == "short"
    assert long.get_text().endswith(f"{word} …") and name.startswith(long.get_text()[:-2])
    assert min(label.get_window_extent().x0 for label in (short, long)) >= 0.0


def test_rows_of_a_table_have_its_numbers_by_name() -> None:
    table = pd.DataFrame(
        [[5.0, 1.0, 2.0, 3.0, 4.0]] * 2, columns=["sets_high", "mean", "low", "high", "sets_low"], index=["a", "b"]
    )
    assert estimates.estimate_rows(table, strong=["b"]) == [
        EstimateRow("a", 1.0, 2.0, 3.0, 4.0, 5.0), EstimateRow("b", 1.0, 2.0, 3.0, 4.0, 5.0, strong=True)
    ]  # fmt: skip
    assert [row.label for row in estimates.estimate_rows(table, ["one", "two"])] == ["one", "two"]


def test_the_matrix_of_patterns_has_each_share_in_the_row_of_its_pattern() -> None:
    sums = [MOST, ALL, MATCHED]
    names = [*BY_EVIDENCE, *sums]
    shares = pd.Series(np.linspace(0.0, 1.0, len(names)), names)
    single = pd.Series(np.arange(len(names)) % 2 * 1.0, names)
    columns = [pattern_matrix.Column("many", 1_200, shares), pattern_matrix.Column("one", 1, single)]
    assert [column.heading for column in columns] == ["many: 1,200 sets", "one: 1 set"]
    picture = draw_matrix(pattern_matrix.matrix_head(columns, "a title", "a source"), columns)
    (axes,) = picture.axes
    cells = drawn(axes)
    assert len(cells) == 2 * len(names)
    labels = {text.get_position()[1]: text.get_text() for text in axes.texts if text.get_position()[0] == 0}
    titles = {text.get_text(): text.get_position()[1] for text in axes.texts}
    rows = [titles[pattern_matrix.TITLES[name]] for name in names]
    assert rows == sorted(rows) and min(np.diff(rows)) >= 1.0, "a row each, in order"
    starred = [follows_from_inputs(name) for name in BY_EVIDENCE]
    apart = [names[place + 1] for place, gap in enumerate(np.diff(rows)) if gap > 1.0]
    assert apart == [BY_EVIDENCE[starred.index(True)], MOST], "what is given stands apart, and so do sums"
    assert [labels[row].endswith(" *") for row in rows] == [*starred, False, False, False]
    left, right = sorted({x for x, _ in cells})
    for name, row in zip(names, rows, strict=True):
        assert labels[row].strip("()* ") == name
        assert labels[row].startswith("(") == (name.startswith(("T", "W")) and name not in COUNTED)
        words, face, _, ink = cells[left, row]
        assert words == percent(shares[name]) and abs(bright(face) - bright(ink)) > 0.8
        assert cells[right, row][0] == ("holds" if single[name] else "fails")
    faces = [bright(cells[left, row][1]) for row in rows]
    assert faces == sorted(faces, reverse=True)
    assert f"T1 ({pattern_matrix.TITLES['T1']}): 0% (many: 1,200 sets), fails (one: 1 set)." in picture.alt


# --- The pictures of a verdict


def framed(axes: Axes) -> set[tuple[float, float]]:
    return {place for place, cell in drawn(axes).items() if cell[2] == to_rgba(style.INK)}


def table(means: dict[str, float]) -> pd.DataFrame:
    """Return estimates of which only the mean matters."""
    rows = {name: {"mean": mean, "low": mean - 1, "high": mean + 1, "sets_low": mean - 2, "sets_high": mean + 2}
            for name, mean in means.items()}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def labels(picture: Any) -> list[str]:
    return [label.get_text() for label in picture.axes[0].get_yticklabels()]


def test_doses_at_which_half_of_the_pairs_come_true_are_framed_and_counted() -> None:
    grid = pd.DataFrame([[0.9, 0.5], [0.49, 0.1]], index=[0.0, 1.6], columns=[0.0, 1.0])
    picture = verdict_figures.dose(NO_WORLD, {"dose": grid})  # type: ignore[arg-type]
    assert framed(picture.axes[0]) == {(0.5, 0.5), (1.5, 0.5)}
    assert picture.title.endswith("at 50% of the levels of need and isolation")
    assert "Need 0: 90%, 50%. Need 1.6: 49%, 10%." in picture.alt
    assert "1 parameter set" in picture.source and "16 paired runs each, seed 9" in picture.source


def test_groups_of_claims_are_ordered_and_the_strongest_pair_named() -> None:
    together = pd.DataFrame([[0.0, 1.0, -3.0], [1.0, 0.0, 2.0], [-3.0, 2.0, 0.0]], index=[*"abc"], columns=[*"abc"])
    shapley = table({"a": 1.0, "b": 4.0, "c": -2.0})
    picture = verdict_figures.groups(NO_WORLD, {"together": together, "shapley": shapley})  # type: ignore[arg-type]
    assert picture.title == "“b” adds most to the effect of the end, and “c” takes most away"
    assert "Strongest together: a with c (-3.0)." in picture.subtitle and labels(picture) == ["b", "a", "c"]
    assert "4 paired runs each" in picture.source


def test_what_was_assumed_is_ordered_and_what_moves_most_is_named() -> None:
    parts = {"without_assumptions": table({"A3": 1.0, "A1": -5.0}), "without_readings": table({"ξ 0.5": 3.0})}
    parts = {name: frame.assign(says="some words") for name, frame in parts.items()}
    picture = verdict_figures.assumptions_picture(NO_WORLD, parts)  # type: ignore[arg-type]
    assert labels(picture) == ["some words (A1)", "some words (A3)", "ξ 0.5"]
    assert picture.title == "“some words (A1)” changes the effect most, by -5.0 points"


def test_variants_span_the_worth_of_the_end_and_the_base_model_stands_out() -> None:
    frame = table({"0": 2.0, "1": 7.0, "2": -1.0}).assign(
        variant=["V0", "V0", "V3"], times=[1.0, 2.0, 1.0], title=["base", "base", "third"]
    )
    picture = verdict_figures.variants(NO_WORLD, {"variants": frame})  # type: ignore[arg-type]
    assert picture.title.startswith("The effect is -1.0 to +7.0 points,") and "+2.0" in picture.title
    assert labels(picture) == ["V0: base", "V0, λ times 2", "V3: third"]
    dots = [line.get_color() for line in picture.axes[0].lines if len(line.get_xdata()) == 1]
    assert dots == [style.colour("control")] * 2 + [style.colour("main")]


def test_regimes_are_counted_and_stand_by_foresight_and_reading() -> None:
    frame = pd.DataFrame({
        "foresight": [2.0, 2.0, 8.0, 8.0], "patrons_together": [-1.0] * 4, "times": [1.0, 2.0] * 2,
        "wooing": [0.1, -0.2, 0.3, 0.0], "regime": ["woos", "squeezes", "woos", "woos"],
    })  # fmt: skip
    picture = verdict_figures.regimes(NO_WORLD, {"regimes": frame})  # type: ignore[arg-type]
    assert "offer rises in 3 and falls in 1 of 4 combinations" in picture.title
    assert labels(picture) == ["foresight 2, ξ -1", "foresight 8, ξ -1"]
    assert [cell[0] for _, cell in sorted(drawn(picture.axes[0]).items())] == ["+0.100", "+0.300", "-0.200", "+0.000"]


def test_the_date_of_the_end_is_read_at_the_month_that_decides() -> None:
    frame = pd.DataFrame(
        [
            (lag, end, mean)
            for lag, row in ((12, (9.0, 9.0)), (WITHIN, (2.0, -1.0)))
            for end, mean in zip("ab", row, strict=True)
        ],
        columns=["lag", "end", "mean"],
    )
    picture = verdict_figures.end_dates(NO_WORLD, {"end_dates": frame})  # type: ignore[arg-type]
    assert "-1.0 to +2.0 points, depending on its date" in picture.title
    assert labels(picture) == ["12", str(WITHIN)] and f"Ends b: -1.0 points after {WITHIN} months." in picture.alt


@pytest.fixture
def charts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict_figures, "draw", lambda chart: chart)


def test_curves_of_those_not_back_yet_have_bands_and_the_control_beside_them(charts: None) -> None:
    months = pd.RangeIndex(WITHIN + 1)
    names = [*DEFINITIONS, "D1 without an end"]
    curves = pd.DataFrame({name: np.linspace(1.0, 0.1 * place, WITHIN + 1) for place, name in enumerate(names)}, months)
    bands = pd.DataFrame(
        {f"{name} {end}": curves[name] + side for name in names for end, side in (("low", -0.1), ("high", 0.1))}
    )
    chart = verdict_figures.survival_picture(NO_WORLD, {"survival": curves, "survival_bands": bands})  # type: ignore[arg-type]
    assert isinstance(chart, Chart)
    assert chart.head.title == "Two years after the end, re-engagement is at least 5 points higher in 90% of histories"
    assert f"D1: 100% back after {WITHIN} months. D2: 90% back" in chart.head.text
    assert [panel.title.split()[0] for panel in chart.panels] == list(DEFINITIONS)
    first, second, *_ = chart.panels
    assert [line.label for line in first.lines] == ["with the end", "without"] and len(second.lines) == 1
    assert [line.broken for line in first.lines] == [False, True] and [band.role for band in first.bands] == [
        "main",
        "control",
    ]
    assert first.lines[1].values.tolist() == curves["D1 without an end"].tolist()
    for line, band in zip(first.lines, first.bands, strict=True):
        assert band.low == pytest.approx(line.values - 0.1) and band.high == pytest.approx(line.values + 0.1)
        assert band.faint and band.role == line.role and line.months.tolist() == list(months)
    assert all(panel.months == (0, WITHIN + 1) and panel.zero and panel.since for panel in chart.panels)
    assert list(chart.data) == [*curves, *bands]


def test_fans_tell_by_how_much_the_median_moves_from_the_end_on(charts: None) -> None:
    months = np.arange(-24, 25)
    columns = {f"{name} {level}": base + level + (months > 0) * moved
               for name, base, moved in (("ended", 0.0, 7.0), ("endless", -20.0, -2.0), ("gap", 0.0, 0.0))
               for level in (10, 50, 90)}  # fmt: skip
    table = pd.DataFrame(columns, index=months).assign(**{"gap mean": np.where(months == 24, 3.0, 0.0)})
    chart = verdict_figures.fans(NO_WORLD, {"fans": table})  # type: ignore[arg-type]
    assert chart.head.title.endswith("by +7.0 points; if the war goes on, by -2.0")
    assert "after 24 months is +3.0 points" in chart.head.text
    above, below = chart.panels
    assert above.months == below.months == (-24, 25) and below.zero and not above.zero
    assert {line.label: (line.role, line.broken) for line in above.lines} == {
        "without an end": ("control", True), "with the end": ("main", False)
    }  # fmt: skip
    for band, name in zip((*above.bands, *below.bands), ("endless", "ended", "gap"), strict=True):
        assert band.low.tolist() == table[f"{name} 10"].tolist() and band.high.tolist() == table[f"{name} 90"].tolist()
        assert band.faint


def test_a_placebo_is_passed_or_failed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = [SimpleNamespace(name="one", passed=True, effect=0), SimpleNamespace(name="two", passed=False, effect=0)]
    monkeypatch.setattr(
        verdict_figures.verdict_tables, "estimates_table", lambda effects, _: table(dict.fromkeys(effects, 0.5))
    )
    said = SimpleNamespace(tests={1.0: SimpleNamespace(placebos=tried)})
    picture = verdict_figures.placebos(NO_WORLD, said)  # type: ignore[arg-type]
    assert picture.title == "1 of 2 placebos do something, though none should"
    assert labels(picture) == ["one: passed", "two: failed"]
    (shade,) = picture.axes[0].patches
    assert (shade.get_x(), shade.get_width()) == (-verdict_figures.TOLERANCE, 2 * verdict_figures.TOLERANCE)  # type: ignore[attr-defined]
    with pytest.raises(KeyError, match="there are end-dates"):
        verdict_figures.picture("nothing", NO_WORLD, said, {})  # type: ignore[arg-type]


# --- Single trials


def test_an_ablation_is_ordered_and_named_by_its_largest_change() -> None:
    picture = trial_figures.ablation(table({"a": 1.0, "b": -6.0, "c": 5.0}), "claims", "made up")
    assert picture.title.startswith("Without “b”") and picture.title.endswith("-6.0 points")
    assert labels(picture) == ["b", "a", "c"] and "one by one: claims" in picture.subtitle


@pytest.mark.parametrize(("design", "says"), [("morris", "Morris"), ("sobol", "Sobol")])
def test_a_tornado_names_what_shares_the_first_rank(design: str, says: str) -> None:
    value, half = INDEX[design]
    names = [f"n{place}" for place in range(40)]
    frame = pd.DataFrame({value: np.linspace(40.0, 1.0, 40), half: 2.0}, index=[*names[:-1], DUMMY])
    for firsts, title in (
        (1, "n0 moves the"),
        (2, "n0 and n1 move the"),
        (3, "n0 and n1 and n2 move the"),
        (4, "4 share the first rank"),
    ):
        picture = trial_figures.tornado(frame.assign(rank=[1] * firsts + [*range(firsts + 1, 41)]), design, "made up")
        assert f"Of 39 numbers, {title}" in picture.title and says in picture.subtitle
        assert len(labels(picture)) == 30 and labels(picture)[firsts] == f"n{firsts} (rank {firsts + 1})"
    dot, bar = picture.axes[0].lines[3], picture.axes[0].lines[2]
    assert list(dot.get_xdata()) == [40.0] and list(bar.get_xdata()) == [38.0, 42.0]


def test_theories_stand_in_columns_and_the_one_with_most_patterns_is_named() -> None:
    frame = pd.DataFrame(np.full((2, len(COUNTED)), 0.5), index=["mine", "theirs"], columns=list(COUNTED))
    frame = frame.assign(**{OF_ALL: [12.0, 12.5], "D2": [0.3, 0.1], "T1": [1.0, 0.0]})
    picture = trial_figures.theories(frame, "made up")
    assert picture.title == "Of 25 patterns of history, “theirs” shows most: 12.5"
    assert labels(picture) == list(COUNTED) and "mine: 12.0 of 25, D2 in 30% of pairs." in picture.alt
    row = list(COUNTED).index("T1") + 0.5
    assert [drawn(picture.axes[0])[column, row][0] for column in (0.5, 1.5)] == ["100%", "0%"]


def test_a_turn_is_drawn_in_shares_of_each_range_from_where_it_began() -> None:
    frame = pd.DataFrame(
        {"parameter": ["up", "down"], "origin": [0.0, 5.0], "turned": [1.0, 3.0], "share": [0.25, -0.4]}
    )
    picture = trial_figures.turn(frame, "fails", 0.7, 0.45, "made up")
    assert picture.title.endswith("the prediction fails: D2 from 70% to 45% of pairs")
    assert labels(picture) == ["up: 0 to 1", "down: 5 to 3"] and "down: 5 to 3 (-40% of its range)." in picture.alt
    _, _, up, up_dot, _, down, down_dot = picture.axes[0].lines
    assert list(up.get_xdata()) == [0.0, 25.0] and list(down.get_xdata()) == [-40.0, 0.0]
    assert [list(dot.get_xdata()) for dot in (up_dot, down_dot)] == [[25.0], [-40.0]]


def test_the_worst_miss_of_quantiles_is_that_of_the_first_forecaster() -> None:
    frame = pd.DataFrame([
        {"forecaster": name, "level": level, "share": level + miss}
        for name, miss in (("mine", 0.05), ("theirs", 0.3)) for level in (0.05, 0.2, 0.5)
    ])  # fmt: skip
    frame.loc[1, "share"] = 0.1
    picture = trial_figures.reliability(frame, "made up")
    assert picture.title.startswith("At worst, 10% more or fewer facts") and labels(picture) == ["mine", "theirs"]
    assert "mine: 10%, 55%. theirs: 35%, 80%." in picture.alt, "only levels that a reader knows are shown"


def test_a_line_is_named_at_its_last_known_month() -> None:
    assert _last(np.array([1.0, 4.0, np.nan])) == 4.0 and _last(np.array([np.nan])) == 0.0
