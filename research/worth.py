"""The page on what the verdict is worth: ``python -m research.worth RUNS docs`` writes it from four studies.

It reads ``severity``, ``specification``, ``equilibrium`` and ``placebos`` below RUNS, which their own commands make.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from PIL import Image

from research.pages import of_frame
from research.severity import OTHERS, WORDS, answer
from sim.prediction.thresholds import PAIRS, TOLERANCE
from sim.report.style import percent
from sim.storage import sealed

PAGE, PICTURE = "worth.md", "images/specification.png"
COLOURS = 64  # of the picture on the page, which is fetched with it
STUDIES = ("severity", "specification", "equilibrium", "placebos")

_PAGE = """# What the answer is worth

**{answer}**

## How often the rule errs

In each kind of case what the end brings is known beforehand. {trials} trials of each draw parameter sets and chance of
their own. A rule that says *supported* where the end does nothing, or *not supported* where it does much, tests
nothing (Mayo 2018). In brackets: 95% intervals (Wilson).

{severity}

*All but placebos*: the rule's other two parts are met. Where a placebo cannot be passed, no case can be supported.

## What other rules would have said

{curve}

![Every reading that the rule might have had]({picture})

## Where all five answer each other

Best responses are chained over all capitals until nobody gains by holding another option, from three orders and two
seeds. The numbers are points of re-engagement two years after the end, and hundredths of the utility of whoever would
gain most by one more change.

{equilibrium}

## Why placebos do something

After *end declared, need kept* nothing changes but belief: in war capitals fear that Moscow's need ends, after it they
know that it lasts. After *no deal ever* nothing changes but Moscow's isolation. So two placebos do nothing by
construction: no deal with isolation held, and need kept where nobody expects the war to end. The rule keeps the three
that it was fixed with.

{placebos}

`python -m research.worth runs docs` makes this page from the folders of `research.severity`, `research.specification`,
`research.equilibrium` and `research.placebos` ([the trial](trial.md) says what they take).
"""


def page(tables: dict[str, pd.DataFrame]) -> str:
    """Return the page.

    Parameters
    ----------
    tables
        What each study of :data:`STUDIES` wrote, by its name.
    """
    severity = tables["severity"].set_index("world")
    return _PAGE.format(
        answer=answer(severity), trials=f"{severity['trials'].iloc[0]:.0f}", severity=of_frame(_rates(severity)),
        curve=_readings(tables["specification"]), picture=PICTURE, equilibrium=of_frame(_chains(tables["equilibrium"])),
        placebos=of_frame(_placebos(tables["placebos"])),
    )  # fmt: skip


def _rates(severity: pd.DataFrame) -> pd.DataFrame:
    shown: dict[str, Sequence[str]] = {
        "case": severity.index.tolist(), "should bring": severity["brings"].map("{:g}".format).tolist(),
        "brings, mean of trials": severity["effect"].map("{:+.1f}".format).tolist(),
    }  # fmt: skip
    for name in (*WORDS, OTHERS):
        shown[name] = [
            f"{percent(share)} ({percent(low)} to {percent(high)})"
            for share, low, high in severity[[name, f"{name} low", f"{name} high"]].to_numpy(float).tolist()
        ]
    return pd.DataFrame(shown)


def _readings(curve: pd.DataFrame) -> str:
    """Return in words how many readings reach what the rule asks for, by edition."""
    said = []
    for edition, part in curve.groupby("edition"):
        reached, positive = (part["share"] >= PAIRS).mean(), (part["effect"] > 0.0).mean()
        said.append(
            f"Under the rules {edition}, {percent(float(reached))} of {len(part):,} readings reach {PAIRS:.0%} of "
            f"pairs, and in {percent(float(positive))} the mean effect is above zero. It lies between"
            f" {part['effect'].min():+.1f} and {part['effect'].max():+.1f} points."
        )
    return " ".join(said)


def _chains(chains: pd.DataFrame) -> pd.DataFrame:
    closed = chains["closed"].map({True: "closed after", False: "open after"})
    return pd.DataFrame({
        "order": chains["order"], "seed": chains["seed"], "rounds": closed + " " + chains["rounds"].astype(str),
        "largest gain left": chains["gains most"] + ", " + chains["gain left"].map("{:.2f}".format),
        "effect by the rules": _points(chains, "by the rules"),
        "held after the end": _points(chains, "held after the end"),
        "held without an end too": _points(chains, "held without an end too"),
    })  # fmt: skip


def _placebos(placebos: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({
        "placebo": placebos["placebo"], "mean effect": _points(placebos, "effect", "low", "high"),
        "largest in any pair": placebos["largest"].map("{:.1f}".format),
        f"sets within {TOLERANCE:g} point": placebos["within"].map(percent),
    })  # fmt: skip


def _points(table: pd.DataFrame, name: str, low: str = "", high: str = "") -> list[str]:
    rows = table[[name, low or f"{name} low", high or f"{name} high"]].to_numpy(float).tolist()
    return [f"{mean:+.1f} ({least:+.1f} to {most:+.1f})" for mean, least, most in rows]


def main() -> None:
    """Write the page and the picture of the curve."""
    parser = argparse.ArgumentParser(prog="python -m research.worth", description=__doc__.split("\n")[0])
    parser.add_argument("runs", type=Path, help="where the folders of the four studies are")
    parser.add_argument("docs", type=Path, help="where the page is written")
    asked = parser.parse_args()
    files = {name: asked.runs / name / f"{name}.csv" for name in STUDIES}
    for name, file in files.items():
        if not file.exists():
            raise SystemExit(f"{file} is missing; python -m research.{name} {file.parent} makes it")
    text = page({name: pd.read_csv(file) for name, file in files.items()})
    drawn = Image.open(files["specification"].with_suffix(".png")).convert("RGB")
    drawn.quantize(COLOURS).save(asked.docs / PICTURE, optimize=True)
    sealed.put(asked.docs / PAGE, text.encode())


if __name__ == "__main__":
    main()
