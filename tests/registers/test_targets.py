"""What history looked like: both registers are complete, reasoned, and clear about what is wrong with them."""

import re
from collections.abc import Iterator

import pytest

from sim.registers import register_files
from sim.registers.register import claims, observed_table
from sim.registers.targets import bounds, counted_patterns, follows_from_inputs, patterns, target_series


@pytest.fixture
def fresh() -> Iterator[None]:
    """Empty the caches before and after a test that reads changed registers."""
    for cached in (bounds, target_series):
        cached.cache_clear()
    yield
    for cached in (bounds, target_series):
        cached.cache_clear()


def test_every_bound_and_series_says_why() -> None:
    for target in (*bounds().values(), *target_series().values()):
        assert len(target.why) > 30, target.id
        assert target.says, target.id


def test_bounds_rest_on_patterns_and_forecasts_of_the_article_or_on_the_record_alone() -> None:
    """T are the article's; W are those of the other dyads, which it need not speak of."""
    for bound in bounds().values():
        wanted = {"P", "D", "X"} if bound.about == "history" else {"F", "D"}
        roles = {role for claim in bound.claims for role in claims()[claim].roles}
        assert roles & wanted or bound.pattern.startswith("W"), bound.id
        assert bound.id.split("_")[0] == bound.pattern


def test_every_bound_about_history_names_what_was_seen_and_nothing_later() -> None:
    for bound in bounds().values():
        assert bool(bound.sources) == (bound.about == "history"), bound.id
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", bound.sources)]
        assert all(year <= 2024 for year in years), bound.id
        assert not re.search(r"(?:September|October|November|December) 2024", bound.sources), bound.id


def test_twelve_patterns_of_the_article_and_thirteen_of_the_record_count() -> None:
    assert {family: len(members) for family, members in counted_patterns().items()} == {"T": 12, "W": 13}
    assert {name for name in patterns() if name not in {*counted_patterns()["T"], *counted_patterns()["W"]}} == {
        "T2c",
        "T3b",
        "T8b",
    }


def test_every_decisive_figure_was_observed_by_august_2024_and_only_once() -> None:
    for figure in target_series().values():
        table = observed_table(figure.table)
        rows = table[table["series"] == figure.series]
        when = rows["month" if figure.table == "monthly" else "year"].astype(str).tolist()
        assert all(when.count(at) == 1 and at <= "2024-08" for at in figure.at), figure.id


def test_what_follows_from_what_is_given_is_marked() -> None:
    marked = {"T3b", "T4", "T5", "W1", "W2", "W3", "W4", "W7", "W10", "W11"}
    assert {bound.pattern for bound in bounds().values() if bound.given} == marked
    assert {name for name in patterns() if follows_from_inputs(name)} == marked
    assert {figure.id for figure in target_series().values() if figure.given} == {"trade", "growth", "share"}


def test_forecasts_stand_apart() -> None:
    assert set(patterns("forecast")) == {"T9", "T10", "T11"}
    assert set(patterns()).isdisjoint(patterns("forecast"))


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("patterns.yaml", "claims: [C02, C07, C21]", "claims: [C70]", ["patterns.yaml: T1", "unknown claim 'C70'"]),
        ("patterns.yaml", "about: history", "about: histori", ["T1", "did you mean history?"]),
        ("patterns.yaml", "high: 0.55, disc", "disc", ["T1", "cannot fail"]),
        ("patterns.yaml", "low: 3, high: 7", "low: 7, high: 3", ["T3b", "not below"]),
        ("patterns.yaml", "discrepancy: 0.05", "discrepancy: 0", ["T1", "discrepancy must be above 0"]),
        ("patterns.yaml", "pattern: T1,", "patern: T1,", ["T1", "did you mean pattern?"]),
        ("series.yaml", "table: annual", "table: anual", ["trade", "did you mean annual?"]),
        ("series.yaml", "tolerance: 0.25", "tolerance: -1", ["trade", "tolerance must be above 0"]),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, words: list[str]
) -> None:
    honest = register_files.register_text
    assert old in honest(file)
    changed = {file: honest(file).replace(old, new, 1)}
    monkeypatch.setattr(register_files, "register_text", lambda name: changed.get(name) or honest(name))
    with pytest.raises(ValueError) as error:
        bounds() if file == "patterns.yaml" else target_series()
    for word in words:
        assert word in str(error.value)
