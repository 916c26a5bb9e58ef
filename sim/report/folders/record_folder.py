"""Folders of the record and of what is known as of a month: tables, pictures, and states to set out from."""

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from sim.engine.ensemble import Ensemble
from sim.inference import coding, states
from sim.inference.filtering import Filtered
from sim.model import months
from sim.model.moves import LEVER
from sim.registers import record
from sim.report.figures import record_figures
from sim.report.folders.study_folders import write_picture, write_tables
from sim.report.folders.writing import Writing
from sim.report.render.plots import draw


def cells_in_words(lever: str | None = None) -> pd.DataFrame:
    """Return the cells that the model can be held against, in words: all, or those of a lever."""
    rows = [
        {
            "month": months.name(cell.month),
            "lever": cell.lever,
            "recorded": " or ".join(dict.fromkeys(LEVER[cell.lever].options[place].name for place in cell.options)),
            "confidence": ", ".join(cell.confidence),
            "weight": 1.0 / cell.repeats,
        }
        for cell in record.cells()
        if lever in (None, cell.lever)
    ]
    return pd.DataFrame(rows)


def write_record(folder: Path, many: Ensemble, command: str) -> None:
    """Write the record beside what an ensemble chooses."""
    writing, learnt = Writing(folder, "record"), coding.estimate_coding()
    write_picture(writing, "lanes", draw(record_figures.lanes(many)))
    tables = {
        "cells": cells_in_words(),
        "agreement": record.coding_agreement().rename_axis(["capital", "lever"]).reset_index(),
        "errors": learnt.errors.rename_axis("lever").reset_index(),
        "facts": record.dated_facts(),
    }
    write_tables(writing, tables)
    writing.close(command, {"seed": many.seed, "runs": len(many)})


def write_filter(folder: Path, filtered: Filtered, command: str) -> None:
    """Write what is known as of a month."""
    writing = Writing(folder, "filter")
    write_picture(writing, "fans", draw(record_figures.record_fans(filtered)))
    tables = {
        "months": filtered.by_month.reset_index(),
        "sets": filtered.by_set.rename_axis("set").reset_index(),
        "scores": filtered.scores,
        "fans": filtered.fans.set_axis([str(column) for column in filtered.fans], axis="columns"),
        "shares": filtered.shares,
        "discrepancies": filtered.processes.rename_axis("series").reset_index(),
    }
    write_tables(writing, tables)
    writing.path(states.NAME).write_bytes(states.encode_states(filtered.sets))
    asked = {"seed": filtered.seed, "as_of": filtered.as_of, **asdict(filtered.settings)}
    facts = {**asked, "log_evidence": filtered.log_evidence}
    writing.close(command, facts)
