"""What history looked like: both registers are complete, reasoned, and clear about what is wrong with them."""

from collections.abc import Iterator

import pytest

from sim.article import reading, targets
from sim.article.register import claims, observed
from sim.article.targets import bounds, patterns, series


@pytest.fixture
def fresh() -> Iterator[None]:
    """Empty the caches before and after a test that reads changed registers."""
    for cached in (bounds, series, targets.digest):
        cached.cache_clear()
    yield
    for cached in (bounds, series, targets.digest):
        cached.cache_clear()


def test_every_bound_and_series_says_why() -> None:
    for each in (*bounds().values(), *series().values()):
        assert len(each.why) > 30, each.id
        assert each.says, each.id


def test_bounds_rest_on_patterns_and_forecasts_of_the_article() -> None:
    for bound in bounds().values():
        wanted = {"P", "D", "X"} if bound.about == "history" else {"F", "D"}
        roles = {role for claim in bound.claims for role in claims()[claim].roles}
        assert roles & wanted, bound.id
        assert bound.id.split("_")[0] == bound.pattern


def test_every_decisive_figure_was_observed_by_august_2024_and_only_once() -> None:
    for each in series().values():
        table = observed(each.table)
        rows = table[table["series"] == each.series]
        when = rows["month" if each.table == "monthly" else "year"].astype(str).tolist()
        assert all(when.count(at) == 1 and at <= "2024-08" for at in each.at), each.id


def test_what_follows_from_a_given_border_is_marked() -> None:
    assert {bound.pattern for bound in bounds().values() if bound.given} == {"T3b", "T4", "T5"}
    assert {each.id for each in series().values() if each.given} == {"trade", "growth", "share"}


def test_forecasts_stand_apart() -> None:
    assert set(patterns("forecast")) == {"T9", "T10", "T11"}
    assert set(patterns()).isdisjoint(patterns("forecast"))


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("patterns.yaml", "claims: [C07, C21]", "claims: [C70]", ["patterns.yaml: T1", "unknown claim 'C70'"]),
        ("patterns.yaml", "about: history", "about: histori", ["T1", "did you mean history?"]),
        ("patterns.yaml", "high: 0.10, disc", "disc", ["T1", "cannot fail"]),
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
    honest = reading.text
    assert old in honest(file)
    changed = {file: honest(file).replace(old, new, 1)}
    monkeypatch.setattr(reading, "text", lambda name: changed.get(name) or honest(name))
    with pytest.raises(ValueError) as error:
        bounds() if file == "patterns.yaml" else series()
    for word in words:
        assert word in str(error.value)


@pytest.mark.usefixtures("fresh")
def test_the_digest_changes_with_any_register(monkeypatch: pytest.MonkeyPatch) -> None:
    before = targets.digest()
    honest = targets.text
    for file in targets.REGISTERS:
        targets.digest.cache_clear()
        monkeypatch.setattr(targets, "text", lambda name, file=file: honest(name) + "#" * (name == file))
        assert targets.digest() != before
