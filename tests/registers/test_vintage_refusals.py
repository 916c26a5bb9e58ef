"""What cannot be a fact is refused with its file, its line, the reason and the fix; what is new is announced."""

import csv
import io
import logging
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.inference import filtering
from sim.registers import record, vintage
from sim.registers.register import observed_table
from sim.registers.vintage import VintageError
from sim.scenario.errors import ScenarioError

SHIPPED = Path(vintage.__file__).with_name("vintages") / "2025-08"
TABLES = ("annual", "monthly", "events")
MUTATIONS, SEED = 500, 22


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the vintage that travels with the package, which is read from here on."""
    copy = tmp_path / "year"
    shutil.copytree(SHIPPED, copy)
    monkeypatch.setenv(vintage.VARIABLE, str(copy))
    return copy


def refusal() -> str:
    """Read all there is to read, and return why it was refused; nothing where it was not."""
    try:
        for table in TABLES:
            observed_table(table)
        record.moves()
        filtering.recorded_world()
    except (VintageError, ScenarioError) as error:
        return str(error)
    return ""


def replace(file: Path, old: str, new: str) -> int:
    """Replace the first of its kind in a file, and return its line."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_vintage_of_the_package_is_accepted_and_announces_nothing(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert refusal() == "" and not caplog.records


@pytest.mark.parametrize(
    ("table", "old", "new", "why", "fix"),
    [
        ("events.csv", "Washington,Seoul", "Washingtn,Seoul", "'Washingtn'", "did you mean Washington?"),
        ("events.csv", "Washington,Seoul", "Washington,Atlantis", "'Atlantis'", "use one of"),
        ("events.csv", "provocation,", "politics,", "'politics'", "use one of aid"),
        ("events.csv", "2025-05-08,", "2025-02-30,", "'2025-02-30' is no date", "write 2026-08 or 2026-08-16"),
        ("events.csv", "2025-05-08,", "2018-05-08,", "2018-05 is earlier than 2019-01", "take it out"),
        ("events.csv", "2025-05-08,", "2025-09-08,", "2025-09 is later than 2025-08", "take it out"),
        ("moves.csv", "Beijing,bloc", "Bejing,bloc", "'Bejing'", "did you mean Beijing?"),
        ("moves.csv", "Beijing,bloc", "Beijing,blok", "'blok'", "did you mean bloc?"),
        ("moves.csv", "Beijing,bloc", "Moscow,bloc", "'bloc'", "use one of"),
        ("moves.csv", "bloc,aloof", "bloc,alof", "'alof'", "did you mean aloof?"),
        ("moves.csv", "cover,veto", "cover,vetoo", "'vetoo'", "did you mean veto?"),
        ("moves.csv", "aloof,medium,Not", "aloof,,Not", "no confidence in aloof", "write one of high, medium, low"),
        ("moves.csv", "aloof,medium,Not", "aloof,sure,Not", "confidence 'sure'", "use one of high, medium, low"),
        ("moves.csv", "aloof,medium,Not", ",medium,Not", "a confidence and no option", "write the option"),
        ("moves.csv", "2024-10,Beijing,bloc", "2018-10,Beijing,bloc", "2018-10 is earlier than 2019-01", "take it out"),
        ("moves.csv", "2024-10,Beijing,bloc", "2024-13,Beijing,bloc", "no month or year there", "write 2026-08"),
        ("moves.csv", "2024-11,Beijing,bloc", "2024-10,Beijing,bloc", "Beijing, bloc stands there twice", "take"),
        ("monthly.csv", "2024-09,202,", "2024-09,nan,", "'nan' is no number", "write what was measured"),
        ("monthly.csv", "2024-09,202,", "2024-09,1e999,", "'1e999' is no number", "write what was measured"),
        ("monthly.csv", "2024-09,202,", "2024-09,,", "'' is no number", "write what was measured"),
        ("monthly.csv", "202,USD million", "202,", "has no unit", "write USD million"),
        ("monthly.csv", "202,USD million", "202,USD billion", "'USD billion'", "USD million"),
        ("monthly.csv", "2024-09,202,", "2026-09,202,", "2026-09 is later than 2025-08", "take it out"),
        ("monthly.csv", "2024-09,202,", "2024-10,202,", "stands there twice", "take one of them out"),
        ("monthly.csv", "china_dprk_trade_total,2024-09", "china_dprk_trade_totl,2024-09", "'china_dprk_trade_totl'",
         "did you mean china_dprk_trade_total?"),
        ("annual.csv", "bok,2024", "bok,2018", "2018-01 is earlier than 2019-01", "take it out"),
        ("annual.csv", "bok,2024", "bok,2026", "2026-01 is later than 2025-08", "take it out"),
        ("annual.csv", "bok,2024", "bok,2024.5", "no month or year there", "write 2026-08"),
    ],
)  # fmt: skip
def test_nonsense_is_told_with_its_line_the_reason_and_the_fix(
    folder: Path, table: str, old: str, new: str, why: str, fix: str
) -> None:
    line, said = replace(folder / table, old, new), refusal()
    assert why in said and fix in said, said
    assert any(f"{folder / table}:{at}: " in said for at in (line, line + 1)), "of two rows for one cell, the second"


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("months: {to: 2025-05}", "later than 2025-05"),
        ("months: {to: 2024-08}", "goes beyond 2024-08"),
        ("months: {to: soon}", "does not say its last month"),
        ("months: 2025-08", "does not say its last month"),
        (f"months: {'[' * 40}", "nested too deeply"),
        (f"months: {'[' * 5000}", "nested too deeply"),
        ("months: {to: 2025-08", "this is not YAML"),
        ("months: {to: 2025-08}\ndrivers: {no_driver: 1}", "no_driver"),
    ],
)
def test_a_world_that_cannot_be_read_or_does_not_reach_its_month_is_refused(folder: Path, to: str, why: str) -> None:
    line, said = replace(folder / "world.yaml", "months: {to: 2025-08}", to), refusal()
    assert why in said
    if "later than" not in why:
        assert any(f"{folder / 'world.yaml'}:{line + more}: " in said for more in (0, 1, 2)), said


def test_a_folder_that_is_named_by_a_month_reaches_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = folder.rename(tmp_path / "2025-09")
    monkeypatch.setenv(vintage.VARIABLE, str(named))
    assert f"{named / 'world.yaml'}:11: " in refusal() and "2025-09" in refusal()


@pytest.mark.parametrize("name", ["events.csv", "world.yaml"])
def test_no_file_is_missing_a_pipe_or_without_end(folder: Path, name: str) -> None:
    file = folder / name
    file.unlink()
    assert str(file) in refusal() and "sim vintage new" in refusal()
    os.mkfifo(file)
    assert f"{file}: " in refusal() and "a pipe" in refusal()
    file.unlink()
    file.symlink_to("/dev/zero")
    assert f"{file}: " in refusal() and "a device" in refusal()
    file.unlink()
    file.mkdir()
    assert f"{file}: " in refusal() and "a folder" in refusal()


def test_a_line_of_blanks_is_no_row_and_moves_no_line_number(folder: Path) -> None:
    with (folder / "events.csv").open("a", encoding="utf-8") as file:
        file.write("   \n\n")
    assert refusal() == ""
    line = len((folder / "events.csv").read_text(encoding="utf-8").splitlines()) + 1
    with (folder / "events.csv").open("a", encoding="utf-8") as file:
        file.write("2025-05\n")
    assert f"{folder / 'events.csv'}:{line}: more or fewer cells" in refusal()


def test_a_new_series_is_announced_in_one_line(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (folder / "annual.csv").open("a", encoding="utf-8") as file:
        file.write("dprk_ships_seen,2024,12,ships,made up,,made up\n")
    line = len((folder / "annual.csv").read_text(encoding="utf-8").splitlines())
    with caplog.at_level(logging.WARNING, "sim"):
        assert refusal() == ""
    (announced,) = [entry.getMessage() for entry in caplog.records]
    assert f"{folder / 'annual.csv'}:{line}: " in announced and "dprk_ships_seen" in announced
    assert "\n" not in announced


# --- Five hundred mutations

Mutation = Callable[[random.Random, list[list[str]]], None]


def _cell(columns: tuple[str, ...], *values: str) -> Mutation:
    """Return what writes nonsense into one of some columns of a row; nothing named: a letter more."""

    def mutate(chance: random.Random, rows: list[list[str]]) -> None:
        place = rows[0].index(chance.choice([name for name in columns if name in rows[0]]))
        full = [row for row in rows[1:] if row[place]]
        row = chance.choice(full)
        row[place] = chance.choice(values) if values else f"{row[place]}{chance.choice('qxz')}"

    return mutate


def _twice(chance: random.Random, rows: list[list[str]]) -> None:
    rows.insert(chance.randrange(1, len(rows)), list(chance.choice(rows[1:])))


def _cut(chance: random.Random, rows: list[list[str]]) -> None:
    row = chance.choice(rows[1:])
    del row[chance.randrange(1, len(row)) :]


_MONTHS = ("2018-12", "2025-09", "2031-01", "1e999", "nan", "soon", "2025-00", "2025-1", "")
_OF_TABLE: dict[str, tuple[Mutation, ...]] = {
    "annual.csv": (_cell(("year",), "2018", "2026", "nan", "1e3", "", "soon"), _twice),
    "monthly.csv": (_cell(("month",), *_MONTHS), _twice),
    "events.csv": (
        _cell(("date",), *_MONTHS, "2025-02-30", "2025-08-32"), _cell(("actor", "target", "domain")),
        _cell(("actor", "target", "domain"), "", "Nobody", "\x1b[31m"),
    ),
    "moves.csv": (
        _cell(("month",), *_MONTHS), _cell(("capital", "lever")), _cell(("option_1", "option_2")), _twice,
        _cell(("confidence_1", "confidence_2"), "", "sure", "HIGH"), _cell(("option_1", "option_2"), ""),
    ),
}  # fmt: skip
_OF_FIGURES = (
    _cell(("value",), "nan", "inf", "-inf", "1e999", "", "many", "1,5", "0x1f"), _cell(("unit",), "", " "),
    _cell(("series",)),
)  # fmt: skip


def _mutate(chance: random.Random, folder: Path) -> str:
    """Spoil one thing in one file, and return the file's name."""
    name = chance.choice([*_OF_TABLE, "world.yaml", "bytes"])
    if name == "world.yaml":
        text = (folder / name).read_text(encoding="utf-8")
        old, new = chance.choice([
            ("extends: hindcast", "extends: nowhere"), ("{to: 2025-08}", "[" * chance.randint(20, 9000)),
            ("months: {to: 2025-08}", "months: {to: 2025-05}"), ("months: {to: 2025-08}", "months: {to: 2019-02}"),
            ("2025-01: 0.73", "2025-01: nan"), ("2025-01: 0.73", "2025-01: 1e999"), ("border:", "bordr:"),
            ("rivalry:", "\trivalry:"), ("2025-04: 0.85}", "2025-04: 0.85"), ("name: known", "name: &a known"),
        ])  # fmt: skip
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return name
    if name == "bytes":
        name = chance.choice([*_OF_TABLE])
        spoilt = bytearray((folder / name).read_bytes())
        spoilt[chance.randrange(len(spoilt))] = chance.choice((0x00, 0xFF, 0x80))
        (folder / name).write_bytes(bytes(spoilt))
        return name
    rows = list(csv.reader(io.StringIO((folder / name).read_text(encoding="utf-8"))))
    choices = (*_OF_TABLE[name], _cut, *(_OF_FIGURES if "value" in rows[0] else ()))
    chance.choice(choices)(chance, rows)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return name


def test_of_five_hundred_mutations_each_is_told_by_file_and_without_a_traceback(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A series with a letter more is refused, or announced as a new one; all else is refused."""
    silent = []
    for number in range(MUTATIONS):
        chance = random.Random(f"{SEED} {number}")
        name = _mutate(chance, folder)
        said = refusal()  # anything else than a refusal is raised, and fails
        file = folder if name == "world.yaml" else folder / name  # a world that ends early makes others' rows too late
        if str(file) not in said + caplog.text:
            silent.append((number, name, said))
        caplog.clear()
        shutil.copy(SHIPPED / name, folder / name)
    assert not silent
