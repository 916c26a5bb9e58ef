"""A world named in Chinese or Korean is drawn, in words in SVG and without a warning in PNG."""

import logging
import warnings

import pytest
from matplotlib.font_manager import findfont, get_font

from sim.report.figures.data import Head
from sim.report.render import fonts
from sim.report.render.sheet import blank_sheet, png, svg, width_of, wrap

Log = pytest.LogCaptureFixture
NAMES = ("战争提前结束", "전쟁이 일찍 끝난다", "война", "“early”")


def picture(name: str) -> object:
    figure, place = blank_sheet(Head(name, f"{name}, compared", f"Driftback: scenario {name!r}", name), 1.0)
    place((1.0, 0.2, 4.0, 0.6)).set_title(name)
    return figure


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_drawn_without_a_warning(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(png(picture(name))) > 1000
        drawn = svg(picture(name))
    assert name in drawn  # as text, for whoever reads it to find a font


def test_letters_that_no_font_has_are_told_once(monkeypatch: pytest.MonkeyPatch, caplog: Log) -> None:
    monkeypatch.setattr(fonts, "_KNOWN", ())
    fonts._tell.cache_clear()
    with caplog.at_level(logging.WARNING, "sim"):
        for name in NAMES:
            png(picture(name))
    assert [record.getMessage()[:28] for record in caplog.records] == ["no font here has all letters"]
    caplog.clear()
    fonts._tell.cache_clear()
    png(picture("война"))
    assert not caplog.records


def test_a_font_that_has_the_letters_is_taken(monkeypatch: pytest.MonkeyPatch, caplog: Log) -> None:
    usual, other = (get_font(findfont(name)) for name in ("DejaVu Sans", "STIXGeneral"))
    letter = chr(min(set(other.get_charmap()) - set(usual.get_charmap())))
    boxed = _bytes_with(monkeypatch, (), letter)
    fonts._tell.cache_clear()
    caplog.clear()
    assert _bytes_with(monkeypatch, ("STIXGeneral",), letter) != boxed
    assert not caplog.records


def _bytes_with(monkeypatch: pytest.MonkeyPatch, known: tuple[str, ...], letter: str) -> bytes:
    monkeypatch.setattr(fonts, "_KNOWN", known)
    return png(picture(letter * 3))


def test_a_long_name_without_blanks_stays_on_the_sheet() -> None:
    lines = wrap("战" * 90, 6.0, 13.0, "bold").split("\n")
    assert "".join(lines) == "战" * 90
    assert all(width_of(line, 13.0) * 1.22 <= 6.0 for line in lines) and len(lines) > 2
    assert width_of("战", 9.0) == width_of("ab", 9.0)
