"""Chained best responses close where nobody gains any more, and say so where they do not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from research import best_response, equilibrium
from sim.model.capitals import CAPITALS
from sim.scenario import Scenario

PLAYED = best_response.played_world()
COVER, PROVOKE = "moscow_cover", "pyongyang_provoke"


def others_hold(played: Scenario, lever: str) -> bool:
    return bool(played.scripts().get(lever))


def game(match: bool):  # type: ignore[no-untyped-def]
    """Return utilities in which Moscow holds its cover if Pyongyang holds its provocations, which likes that or not."""

    def utilities(played, capital, held, runs, seed):  # type: ignore[no-untyped-def]
        if capital == "Moscow":
            wanted = 0 if others_hold(played, PROVOKE) else None
            paid = float(held.get(COVER) == wanted)
        elif capital == "Pyongyang":
            wanted = 1 if match or not others_hold(played, COVER) else None
            paid = float(held.get(PROVOKE) == wanted)
        else:
            paid = -float(len(held))
        return np.full(len(runs), paid) + 1e-3 * np.random.default_rng(seed).normal(size=len(runs))

    return utilities


def use(monkeypatch: pytest.MonkeyPatch, match: bool) -> None:
    for module in (best_response, equilibrium):
        monkeypatch.setattr(module, "utilities", game(match))


@pytest.mark.parametrize("order", equilibrium.ORDERS.values())
def test_a_chain_ends_where_nobody_changes_anything(order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted(order) == sorted(CAPITALS)
    use(monkeypatch, match=True)
    profile, rounds, closed = equilibrium.chain_responses(PLAYED, order, 1, range(8))
    assert (profile, closed) == ({COVER: 0, PROVOKE: 1}, True) and 2 <= rounds <= 3
    for capital in ("Moscow", "Pyongyang"):
        _, gain = equilibrium.gain_left(PLAYED, profile, capital, 1, range(8), range(8, 16))
        assert gain.mean() == pytest.approx(0.0, abs=1e-9), "at best another lever is held, for nothing"


def test_where_each_undoes_what_the_other_answers_no_round_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, match=False)
    profile, rounds, closed = equilibrium.chain_responses(PLAYED, CAPITALS, 1, range(8), rounds=3)
    assert (rounds, closed) == (3, False)
    best, gain = equilibrium.gain_left(PLAYED, profile, "Moscow", 1, range(8), range(8, 16))
    other, left = equilibrium.gain_left(PLAYED, profile, "Pyongyang", 1, range(8), range(8, 16))
    assert max(gain.mean(), left.mean()) == pytest.approx(100.0)
    assert best != {COVER: profile.get(COVER)} or other != {PROVOKE: profile.get(PROVOKE)}


def test_chains_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def made(played: Scenario, order: str, seed: int) -> pd.DataFrame:
        asked.append((order, seed))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return pd.DataFrame([{"order": order, "seed": seed}])

    monkeypatch.setattr(equilibrium, "chain", made)
    with pytest.raises(KeyboardInterrupt):
        equilibrium.measure_chains(tmp_path)
    chains = equilibrium.measure_chains(tmp_path)
    assert len(asked) == 7 and chains.to_dict("list")["seed"] == [23, 24] * 3
    assert chains["order"].nunique() == 3


def test_a_chain_measures_the_end_with_and_without_what_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, match=True)
    monkeypatch.setattr(equilibrium, "JUDGED", range(6))
    monkeypatch.setattr(equilibrium, "levels_after", lambda *asked: best_response.levels_after(*asked, range(6)))
    row = equilibrium.chain(PLAYED, "as listed", 1).iloc[0]
    assert row["held"] == '{"moscow_cover": "enforce", "pyongyang_provoke": "rhetoric"}'
    by_rules = np.subtract(*best_response.levels_after(PLAYED, equilibrium.sets_for(PLAYED), 1, range(6))).mean()
    assert np.isfinite([row["held after the end"], row["held without an end too"], row["gain left"]]).all()
    assert row["by the rules"] == pytest.approx(by_rules, abs=2.0)
