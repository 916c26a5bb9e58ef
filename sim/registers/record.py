"""The record of moves: two codings of what each capital did, month by month, up to August 2024."""

from collections.abc import Hashable
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from sim.model import months
from sim.model.moves import LEVER, LEVERS
from sim.registers.fact_tables import CODINGS, MOVES, READ_AS
from sim.registers.vintage import BASE, cache_by_vintage, read_table

if TYPE_CHECKING:
    import pandas as pd

CLOSED = ("2020-02", "2023-06")  # the border was: first and last month in which visits were not Beijing's choice
LAST = BASE  # month of history, where no vintage adds to it
Row = dict[Hashable, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What was recorded of a lever in a month.

    Attributes
    ----------
    month
        Months since 2019-01.
    lever
        Field of :class:`sim.model.moves.Moves`.
    options, confidence
        The place of the option by each coding that has it, and how sure that coding is.
    repeats
        How many cells tell the same fact, this one included: each weighs as one part of so many.
    """

    month: int
    lever: str
    options: tuple[int, ...]
    confidence: tuple[str, ...]
    repeats: int

    @property
    def agreed(self) -> str | None:
        """The name of the option, where all codings that have the cell agree."""
        return LEVER[self.lever].options[self.options[0]].name if len(set(self.options)) == 1 else None


@cache_by_vintage
def _read() -> "pd.DataFrame":
    return read_table(MOVES)


def moves() -> "pd.DataFrame":
    """Return the codings as they stand: a row a month, capital and lever; see ``sim/registers/observed/record.md``."""
    return _read().copy()


def dated_facts() -> "pd.DataFrame":
    """Return the dated facts on pairs of capitals."""
    import pandas as pd

    with files("sim.registers").joinpath("observed", "dyads.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def coding_agreement() -> "pd.DataFrame":
    """Return how far the codings agree on the cells that both have, by capital and lever.

    Returns
    -------
    frame
        The columns ``cells``, ``agree`` (a share) and ``kappa`` (Cohen 1960; 1 where both know one option alone).
    """
    import pandas as pd

    both = moves().dropna(subset=["option_1", "option_2"])
    rows = {key: (len(cells), _agree(cells), _kappa(cells)) for key, cells in both.groupby(["capital", "lever"])}
    return pd.DataFrame(rows, index=["cells", "agree", "kappa"]).T.astype({"cells": int})


def overall() -> tuple[int, float]:
    """Return how many cells both codings have, and the share on which they agree."""
    both = moves().dropna(subset=["option_1", "option_2"])
    return len(both), _agree(both)


def cells(coding: int | None = None) -> list[Cell]:
    """Return what the levers of the model can be held against, in order of time.

    Parameters
    ----------
    coding
        Only what this coding says; both where not said.
    """
    wanted = CODINGS if coding is None else (coding,)
    coded = []
    for lever in LEVERS:
        rows = moves().query("capital == @lever.capital and lever == @lever.name").sort_values("month")
        rows = rows[~rows["month"].between(*CLOSED)] if lever.field == "beijing_visits" else rows
        coded += _cells(lever.field, rows.dropna(subset=[f"option_{k}" for k in wanted], how="all"), wanted)
    return sorted(coded, key=lambda cell: (cell.month, cell.lever))


def _cells(lever: str, rows: "pd.DataFrame", wanted: tuple[int, ...]) -> list[Cell]:
    """Return the cells of a lever: those that tell one fact count one another."""
    names = [option.name for option in LEVER[lever].options]
    facts: list[list[Row]] = []  # facts, each with its rows
    for row in rows.to_dict("records"):
        if facts and _repeats(row, facts[-1][-1], wanted):
            facts[-1].append(row)
        else:
            facts.append([row])
    coded = []
    for fact in facts:
        for row in fact:
            there = [k for k in wanted if _has(row, k)]
            said = (str(row[f"option_{k}"]) for k in there)
            places = tuple(names.index(READ_AS.get(option, option)) for option in said)
            sure = tuple(row[f"confidence_{k}"] for k in there)
            coded.append(Cell(months.index(row["month"]), lever, places, sure, len(fact)))
    return coded


def _has(row: Row, coding: int) -> bool:
    return isinstance(row[f"option_{coding}"], str)  # an empty cell is not a number


def _repeats(row: Row, before: Row, wanted: tuple[int, ...]) -> bool:
    """Return whether every coding that has this row says the same on the same basis as in the row before."""
    return all(
        row[f"option_{k}"] == before[f"option_{k}"]
        and (row[f"basis_{k}"] == before[f"basis_{k}"] or "carried" in str(row[f"basis_{k}"]).casefold())
        for k in wanted
        if _has(row, k)
    )


def _agree(cells: "pd.DataFrame") -> float:
    return float((cells["option_1"] == cells["option_2"]).mean())


def _kappa(cells: "pd.DataFrame") -> float:
    shares = [cells[f"option_{k}"].value_counts(normalize=True) for k in CODINGS]
    expected = float((shares[0] * shares[1]).sum())
    return 1.0 if expected == 1.0 else (_agree(cells) - expected) / (1.0 - expected)
