"""The page on what an answer is worth says what the four studies found."""

import pandas as pd
import pytest

from research import worth
from research.severity import OTHERS, WORDS


def tables(supported: float) -> dict[str, pd.DataFrame]:
    rates = {name: 0.0 for name in (*WORDS, OTHERS)} | {WORDS[0]: supported, WORDS[2]: 1.0 - supported}
    bounds = {f"{name} {end}": share for name, share in rates.items() for end in ("low", "high")}
    nothing = {name: 0.0 for name in (*rates, *bounds)}
    severity = pd.DataFrame([
        {"world": "nothing", "trials": 20, "brings": 0.0, "effect": 0.1, **nothing},
        {"world": "much", "trials": 20, "brings": 15.0, "effect": 14.6, **rates, **bounds},
    ])  # fmt: skip
    curve = pd.DataFrame({"edition": ["2.0", "2.0"], "share": [0.7, 0.2], "effect": [6.0, -1.0]})
    ends = ("by the rules", "held after the end", "held without an end too")
    points = {f"{name}{end}": 1.0 for name in ends for end in ("", " low", " high")}
    chains = pd.DataFrame([
        {"order": "a", "seed": 1, "rounds": 2, "closed": True, "gains most": "Seoul", "gain left": 0.06, **points}
    ])  # fmt: skip
    placebo = {"placebo": "none", "effect": -0.2, "low": -0.3, "high": -0.1, "largest": 3.0, "within": 0.8}
    return {"severity": severity, "specification": curve, "equilibrium": chains, "placebos": pd.DataFrame([placebo])}


@pytest.mark.parametrize("supported, apart", [(0.0, False), (0.9, True)])
def test_that_the_rule_cannot_tell_worlds_apart_is_said_first(supported: float, apart: bool) -> None:
    first = worth.page(tables(supported)).splitlines()[2]
    assert ("cannot tell these cases apart" in first) is not apart


def test_every_study_is_on_the_page() -> None:
    page = worth.page(tables(0.9))
    figures = ("50% of 2 readings", "-1.0 and +6.0", "closed after 2", "Seoul, 0.06", "-0.2 (-0.3 to -0.1)", "90% (90%")
    assert [said for said in figures if said not in page] == []
