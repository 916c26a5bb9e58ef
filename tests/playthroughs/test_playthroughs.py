"""Five runs kept as texts, and what must be true of each whatever the texts say.

``python -m tests.playthroughs`` writes them anew where a change of results is meant (it belongs in the changelog, under
"Results change").
"""

import pytest

from tests.playthroughs.telling import FOLDER, SEED, SHOWN, WORLDS, text_of


def kept(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def months(name: str) -> dict[str, list[str]]:
    """The words of each month."""
    return {line.split()[0]: line.split()[1:] for line in kept(name).splitlines()[2:]}


def state(name: str, month: str, series: str) -> float:
    return float(months(name)[month][list(SHOWN).index(series)])


def words(name: str, month: str) -> str:
    return " ".join(months(name)[month][len(SHOWN) :])


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_is_simulated_as_it_was(name: str) -> None:
    assert text_of(name).splitlines() == kept(name).splitlines()


@pytest.mark.parametrize("name", WORLDS)
def test_every_month_is_told(name: str) -> None:
    assert len(months(name)) == (68 if name == "hindcast" else 168)
    assert f"seed {SEED}" in kept(name)


def test_the_hindcast_is_the_beginning_of_every_world_that_changes_later_months_alone() -> None:
    for name in ("war-ends-early", "three-way-bloc", "great-flood"):
        assert kept(name).splitlines()[2:70] == kept("hindcast").splitlines()[2:]


def test_nothing_is_exchanged_before_the_war_nor_where_moscow_never_buys() -> None:
    for name in WORLDS:
        for month in months(name):
            if month < "2022-02" or name == "moscow-never-buys":
                assert "exchange" not in words(name, month)
                assert state(name, month, "arms_flow") == 0.0
    assert "exchange" in words("hindcast", "2024-06")


def test_the_three_capitals_are_made_to_act_as_a_bloc_from_2025_on() -> None:
    until_then = " ".join(words("three-way-bloc", month) for month in months("three-way-bloc") if month < "2025-02")
    for word in ("Beijing bloc", "Moscow cover", "Pyongyang toward_beijing"):
        last = until_then.rpartition(word)[2].split(";")[0].strip()
        assert last == {"Beijing bloc": "join", "Moscow cover": "veto", "Pyongyang toward_beijing": "court"}[word]
        later = [month for month in months("three-way-bloc") if month > "2025-01"]
        assert not any(word in words("three-way-bloc", month) for month in later)


def test_the_flood_costs_growth_at_once() -> None:
    before, during = (state("great-flood", month, "economy") for month in ("2025-06", "2025-12"))
    assert during < before
    assert during < state("three-way-bloc", "2025-12", "economy")
