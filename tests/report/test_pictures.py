"""Every picture: something in it, nothing outside it, no word over another, and its content in words."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from sim import api
from sim.model.capitals import CAPITALS
from sim.model.world import WORLD_FIELDS
from sim.report import style
from sim.report.figures import ensemble_figures, history_figures, run_figures
from sim.report.figures.data import Chart, Lanes
from sim.report.render import network, plots, svg_pictures
from sim.report.render.sheet import apart, png, svg, wrap

ONE_WORLD = ("hindcast", "war-ends-any-time", "three-way-bloc", "great-flood")  # beside the two of the fixtures


@pytest.fixture(scope="session")
def pictures(run, other_run, many, pair):
    runs = [run, other_run, *(api.run(name, seed=3) for name in ONE_WORLD)]
    some_time = api.ensemble("war-ends-any-time", 40, seed=7, jobs=2)
    figures = {f"story {simulated.scenario.name}": run_figures.story(simulated) for simulated in runs}
    figures |= {f"capitals {simulated.scenario.name}": run_figures.capitals(simulated) for simulated in runs}
    figures["capitals at one date"] = run_figures.capitals(
        api.run(run.scenario.with_(months={"to": "2019-01"}), seed=7)
    )
    for name in ("reengagement", "china_flow", "tension", "arms_flow", "pyongyang_toward_beijing"):
        figures[f"fan {name}"] = ensemble_figures.fan(many, name)
    figures["fan beside no end"] = ensemble_figures.fan(many, control=many.control)
    figures["fan of a distribution"] = ensemble_figures.fan(some_time, control=some_time.control)
    figures |= {
        "pair": ensemble_figures.pair(pair),
        "pair of warmths": ensemble_figures.pair(pair, "warmth_beijing_pyongyang"),
    }
    figures |= {
        "hindcast": history_figures.beside_history(many),
        "hindcast without arms": history_figures.beside_history(pair.other),
    }
    return {name: (figure, drawn(figure)) for name, figure in figures.items()}


def drawn(figure):
    """Draw a figure once for all tests, on a canvas that says where its words came to stand."""
    picture = plots.draw(figure)
    FigureCanvasAgg(picture).draw()
    return picture


def words_of(picture):
    """Return every text that is drawn, with the box that it takes up, in pixels."""
    left_out = {label for axes in picture.axes for label in _beyond(axes)}
    return [
        (text.get_text(), text.get_window_extent(picture.canvas.get_renderer()))
        for text in picture.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in left_out
    ]


def _beyond(axes):
    """Return the labels of ticks that lie beyond the axes, which matplotlib keeps but does not draw."""
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        for tick in axis.get_major_ticks():
            if not min(low, high) - 1e-9 <= tick.get_loc() <= max(low, high) + 1e-9:
                yield tick.label1


def test_no_word_leaves_the_canvas(pictures):
    for name, (_, picture) in pictures.items():
        width, height = picture.canvas.get_width_height()
        for text, box in words_of(picture):
            assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, (name, text)


def test_no_word_lies_over_another(pictures):
    for name, (_, picture) in pictures.items():
        for (one, a), (other, b) in combinations(words_of(picture), 2):
            across = min(a.x1, b.x1) - max(a.x0, b.x0)
            down = min(a.y1, b.y1) - max(a.y0, b.y0)
            # A box is as high as the tallest letter there is; two pixels of it are air.
            assert across <= 1 or down <= 2, (name, one, other)


def named(figure):
    """Return what a picture names: every renderer writes it."""
    if isinstance(figure, Chart):
        several = [text for panel in figure.panels for text in (panel.title, panel.unit) if len(figure.panels) > 1]
        drawn = [drawing.label for panel in figure.panels for drawing in (*panel.lines, *panel.bands, *panel.points)]
        return {*several, *drawn} - {""}
    if isinstance(figure, Lanes):
        return {lane.title for lane in figure.lanes} | {mark.label for mark in figure.marks}
    flows = [flow.label for snapshot in figure.snapshots for tie in snapshot.ties for flow in tie.flows]
    return {*CAPITALS, *(snapshot.title for snapshot in figure.snapshots), *flows}


def test_both_renderers_write_what_a_picture_names(pictures):
    for name, (figure, picture) in pictures.items():
        printed = " ".join(" ".join(text.split()) for text, _ in words_of(picture))
        shown = " ".join(svg_pictures.draw(figure, 720).striptags().split())
        for name_shown in named(figure):
            assert " ".join(name_shown.split()) in printed and " ".join(name_shown.split()) in shown, (name, name_shown)


def test_no_picture_is_empty(pictures):
    for name, (_, picture) in pictures.items():
        ink = (np.asarray(picture.canvas.buffer_rgba())[..., :3] < 250).any(axis=-1)
        for axes in picture.axes:
            height, (x0, y0, x1, y1) = len(ink), axes.bbox.extents.astype(int)
            assert ink[height - y1 : height - y0, x0:x1].mean() > 0.01, name
        assert not ink[[0, -1]].any() and not ink[:, [0, -1]].any(), f"{name}: cut off at its edge"


def test_every_picture_says_what_is_seen_and_that_it_is_uncalibrated(pictures):
    for name, (figure, picture) in pictures.items():
        assert figure.head.title not in figure.head.text and picture.alt == figure.head.alt, name
        assert "Uncalibrated" in figure.head.source, name
        assert not figure.data.empty, name


def test_a_picture_of_many_worlds_says_how_many(pictures):
    assert "60 runs" in pictures["fan reengagement"][0].head.source
    assert "60 runs each" in pictures["pair"][0].head.source


def test_the_fan_draws_the_quantiles_of_the_runs(many):
    figure = ensemble_figures.fan(many)
    wide, half = figure.panels[0].bands
    series = many.series("reengagement")
    assert np.array_equal(wide.low, series.quantile(0.1)) and np.array_equal(half.high, series.quantile(0.75))
    assert len(figure.data) == series.shape[1]


def test_the_fan_shows_the_world_without_an_end_only_where_there_is_an_end(many, pair):
    assert "without an end" in {line.label for line in ensemble_figures.fan(many, control=many.control).panels[0].lines}
    never = ensemble_figures.fan(pair.other, control=pair.other.control)
    assert "without an end" not in {line.label for line in never.panels[0].lines}


def test_the_lanes_tell_the_moves_of_the_run(run):
    lane = next(lane for lane in run_figures.story(run).lanes if lane.title == "stance to Beijing")
    labels = [stretch.label for stretch in lane.stretches for _ in range(stretch.last - stretch.first)]
    assert labels == run.moves["pyongyang_toward_beijing"].tolist()


def test_the_same_picture_gives_the_same_files(run):
    assert svg(plots.draw(run_figures.story(run))) == svg(plots.draw(run_figures.story(run)))
    assert png(plots.draw(run_figures.story(run))) == png(plots.draw(run_figures.story(run)))


def test_labels_are_pushed_apart_and_stay_in_bounds():
    places = apart([5.0, 5.1, 9.9], 1.0, 0.0, 10.0)
    assert all(high - low >= 1.0 - 1e-9 for low, high in pairwise(places))
    assert max(places) <= 10.0
    assert apart([0.0, 0.1, 0.2], 1.0, 0.5, 10.0) == [0.5, 1.5, 2.5]


def test_wrapped_lines_are_about_as_long_as_each_other():
    lines = wrap("one two three four five six seven eight nine ten eleven", 3.0, 13.0).split("\n")
    assert len(lines) > 1 and min(map(len, lines)) > 0.5 * max(map(len, lines))


def test_every_capital_and_every_warmth_has_its_place_in_the_pictures(run):
    assert set(network.ANGLE) == set(CAPITALS)
    assert len({style.colour(capital) for capital in CAPITALS}) == len(CAPITALS)
    assert {lane.group for lane in run_figures.story(run).lanes} > {style.GROUP[capital] for capital in CAPITALS}
    drawn = {f"warmth_{tie.one}_{tie.other}".lower() for tie in run_figures.capitals(run).snapshots[0].ties}
    assert drawn == {name for name in WORLD_FIELDS if name.startswith("warmth_")}
