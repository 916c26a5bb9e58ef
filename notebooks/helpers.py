"""What the notebooks use and need not show: checks of a guess, commands, scores, a copy of the program."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

import sim

ANSWERS = Path(__file__).with_name("answers.json")  # python notebooks/make.py writes it


def check(question: str, guess: float | None) -> None:
    """Say how near a guess is: right, warm or cold, and in which direction to go.

    >>> check("half of ten", None)
    Put your number in place of None.
    """
    if guess is None:
        print("Put your number in place of None.")
        return
    answer, near = json.loads(ANSWERS.read_text(encoding="utf-8"))[question]
    off = guess - answer
    direction = "too high" if off > 0 else "too low"
    if abs(off) <= near:
        print("Right.")
    else:
        print(f"{'Warm' if abs(off) <= 3 * near else 'Cold'}: {direction}.")


def command(line: str) -> str:
    """Return what a command prints in a terminal, in plain letters."""
    plain = os.environ | {"FORCE_COLOR": "", "COLUMNS": "120"}
    words = [sys.executable, "-m", *line.split()]
    return subprocess.run(words, env=plain, capture_output=True, text=True, check=True).stdout


def observed(series: str) -> pd.Series:
    """Return a monthly series of the project's own figures, by month."""
    table = pd.read_csv(Path(sim.__file__).parent / "registers" / "observed" / "monthly.csv")
    return table[table["series"] == series].set_index("month")["value"]


def morris_steps(points: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return what each step of Morris's design did to some columns, counted upwards; ``parameter`` is what moved.

    A trajectory moves every parameter once, so a new one begins after as many steps as there are parameters.
    """
    parameters = list(points)[:10]
    moves = points[parameters].diff()[points.index % (len(parameters) + 1) != 0]
    sign = np.sign(moves.sum(axis=1))
    steps = points[columns].diff().loc[moves.index].mul(sign, axis=0)
    return steps.assign(parameter=moves.abs().gt(0).idxmax(axis=1))


def pinball(forecasts: pd.DataFrame, facts: pd.Series) -> pd.Series:
    """Return the pinball loss of each forecast, averaged over its quantiles from 5% to 95%."""
    levels = {f"q{percent:02}": percent / 100 for percent in range(5, 100, 5)}
    gaps = {level: facts - forecasts[name] for name, level in levels.items()}
    return pd.DataFrame({level: gap * (level - (gap < 0)) for level, gap in gaps.items()}).mean(axis=1)


def beside_base_rate(scores: pd.DataFrame) -> None:
    """Say for each row whether the model or the base rate did better; lower scores are better."""
    for name, row in scores.iterrows():
        ours, base = row["driftback"], row["base rate"]
        better = "the model did better" if ours < base else "the base rate did better"
        print(f"{name}: driftback {ours:.3g}, base rate {base:.3g}: {better}")


class Copy:
    """A copy of the package and its scenarios in a folder of its own; yours stays as it is."""

    def __init__(self) -> None:
        package = Path(sim.__file__).parent
        self.folder, self.touched = Path(tempfile.mkdtemp()), {}
        shutil.copytree(package, self.folder / "sim", ignore=shutil.ignore_patterns("__pycache__", "web"))
        for scenarios in (package / "scenarios", package.parent / "scenarios"):
            if scenarios.is_dir():
                shutil.copytree(scenarios, self.folder / "scenarios")

    def read(self, name: str) -> str:
        """Return the text of a file of the package."""
        return (self.folder / "sim" / name).read_text(encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Put new text in the place of old text, which has to occur in the file exactly once."""
        text = self.read(name)
        if text.count(old) != 1:
            raise ValueError(f"{name} has {old!r} {text.count(old)} times")
        self._write(name, text.replace(old, new), new.count("\n") - old.count("\n"))

    def add(self, name: str, new: str, after: str = "") -> None:
        """Add lines after other lines; at the end of the file, or as a new file, where none are named."""
        if after:
            self.change(name, after, after + new)
        else:
            there = self.read(name) if (self.folder / "sim" / name).exists() else ""
            self._write(name, there + new, new.count("\n"))

    def run(self, program: str) -> str:
        """Run a program with the copy and return what it prints; what is compiled stays in the copy, too."""
        env = os.environ | {"PYTHONPATH": str(self.folder), "DRIFTBACK_CACHE": str(self.folder)}
        words = [sys.executable, "-c", program]
        return subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True, check=True).stdout

    def _write(self, name: str, text: str, lines: int) -> None:
        (self.folder / "sim" / name).write_text(text, encoding="utf-8")
        self.touched[name] = self.touched.get(name, 0) + lines
