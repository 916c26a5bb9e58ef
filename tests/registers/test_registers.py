"""The registers are complete and well formed, and say so clearly where they are not."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.registers import register, register_files
from sim.registers.register import assumptions, claims, neutralise, observed_table, registered_parameters, switches

# Patterns, derived claims and forecasts. The list stands here once more on purpose: moving a claim out of it would open
# the model to the prediction, so that must never happen by a slip in claims.yaml.
BARRED = {
    f"C{n:02d}"
    for n in (2, 7, 9, 10, 13, 14, 15, 16, 17, 19, 21, 22, 23, 28, 40, 41, 44, 48, 49, 51, 52, 53, 60, 62, 63)
}


@pytest.fixture
def fresh() -> Iterator[None]:
    """Empty the caches before and after a test that reads changed registers."""
    _clear()
    yield
    _clear()


def _clear() -> None:
    for cached in (claims, assumptions, registered_parameters, switches, register.registers_digest, register._sources):
        cached.cache_clear()


def test_all_63_claims_are_there_in_order() -> None:
    assert list(claims()) == [f"C{n:02d}" for n in range(1, 64)]
    paragraphs = [claim.paragraph for claim in claims().values()]
    assert paragraphs == sorted(paragraphs)
    assert set(paragraphs) == set(range(9))


GIVEN_UP = {34}  # numbers of assumptions that were tried and left; no number is used twice


def test_assumptions_are_numbered_without_a_gap() -> None:
    last = len(assumptions()) + len(GIVEN_UP)
    assert list(assumptions()) == [f"A{n}" for n in range(1, last + 1) if n not in GIVEN_UP]
    assert len(assumptions()) >= 12


# What each assumption of the second edition is without: the numbers that its absence sets, and to what.
NEUTRAL = {
    "A10": {"grievance_gate": 0}, "A12": {"expectation_level": 1},
    "A24": {"washington_line_weight": 0, "seoul_line_weight": 0}, "A25": {"favour_visits": 0, "visits_cost": 0},
    "A26": {"beijing_washington_rivalry": 0, "rivalry_deafness": 0},
    "A27": {"beijing_moscow_isolation": 0, "beijing_moscow_threat": 0}, "A28": {"leash_credit": 0},
    "A29": {"sanctions_tests": 0, "recognition_tests": 0, "beijing_pyongyang_nuclear": 0},
    "A30": {"treaty_rebuff": 0, "moscow_pyongyang_pact": 0}, "A31": {"talks_standing": 0, "trust_pace": 0},
    "A32": {"stock_orders": 0}, "A33": {"review_by_kind": 0}, "A35": {"beijing_pyongyang_moscow": 0},
    "A36": {"influence_goodwill": 0}, "C03": {"grievance": 0, "openness_hope": 0},
    "C38": {"seoul_spillover": 0, "spillover_real": 1},
}  # fmt: skip


@pytest.mark.parametrize("source", NEUTRAL)
def test_an_assumption_that_falls_away_sets_what_stands_for_it_to_neutral(source: str) -> None:
    changed = {name: value for name, value in neutralise(DEFAULTS, [source]).items() if value != DEFAULTS[name]}
    assert changed == NEUTRAL[source]


def test_claims_that_say_could_are_marked_uncertain() -> None:
    assert all(claims()[name].uncertain for name in ("C30", "C31", "C32", "C33"))


def test_every_claim_has_roles_and_capitals_and_says_its_own_one_sentence() -> None:
    for claim in claims().values():
        assert claim.roles, claim.id
        assert claim.capitals, claim.id
        assert claim.says.endswith("."), claim.id
        assert ". " not in claim.says, claim.id
    assert len({claim.says for claim in claims().values()}) == 63


def test_every_assumption_says_what_and_why_and_becomes_something() -> None:
    for entry in assumptions().values():
        assert entry.says.endswith("."), entry.id
        assert entry.why.endswith("."), entry.id
        assert entry.enters_as, entry.id


def test_patterns_derived_claims_and_forecasts_are_barred() -> None:
    assert {claim.id for claim in claims().values() if claim.barred} == BARRED


def test_few_claims_are_not_modelled_and_none_of_them_is_barred() -> None:
    left_out = [claim for claim in claims().values() if claim.not_modelled]
    assert 0 < len(left_out) <= 5
    assert not [claim.id for claim in left_out if claim.barred]


def test_every_parameter_rests_on_something_that_may_be_coded() -> None:
    for parameter in registered_parameters().values():
        assert parameter.claims, parameter.name
        assert not BARRED.intersection(parameter.claims), parameter.name


def test_every_parameter_has_a_range_around_its_default_and_a_typed_neutral_value() -> None:
    for parameter in registered_parameters().values():
        assert isinstance(parameter.default, float), parameter.name
        assert parameter.neutral is None or isinstance(parameter.neutral, float), parameter.name
        assert parameter.unit and parameter.meaning, parameter.name
        if parameter.low is not None and parameter.high is not None:
            assert parameter.low <= parameter.default <= parameter.high, parameter.name
        else:
            assert parameter.kind == "fixed", parameter.name


def test_a_parameter_is_switched_off_only_by_what_it_rests_on_and_only_where_it_can_be() -> None:
    for parameter in registered_parameters().values():
        off_without = parameter.off_without
        assert off_without is None or set(off_without) <= set(parameter.claims), parameter.name
        if parameter.neutral is None:
            assert not off_without, f"{parameter.name} names switches but has no neutral value"


# --- Malformed registers

GOOD_CLAIM = "C01: {paragraph: 1, roles: [I], capitals: [Beijing], says: Something., enters_as: a goal}\n"
GOOD_ASSUMPTION = "A1: {says: Something., why: It must be., enters_as: a goal}\n"
GOOD_PARAMETER = (
    "x: {symbol: x, default: 1, low: 0, high: 2, neutral: 0, unit: '1', meaning: m, claims: [C01], basis: assumed,"
    " kind: uncertainty}\n"
)
GOOD = {"claims.yaml": GOOD_CLAIM, "assumptions.yaml": GOOD_ASSUMPTION, "parameters.yaml": GOOD_PARAMETER}

MALFORMED = [
    # file, what is replaced, by what, and what the message must hold
    ("claims.yaml", "roles: [I]", "roles: [Q]", ["C01", "unknown role 'Q'", "I, M, X, P, D, F"]),
    ("claims.yaml", "Beijing", "Bejing", ["C01", "unknown capital 'Bejing'", "did you mean Beijing?"]),
    ("claims.yaml", "roles: [I]", "roles: I", ["C01", "roles must be a list", "'I'"]),
    ("claims.yaml", "enters_as", "enter_as", ["C01", "unknown field 'enter_as'", "did you mean enters_as?"]),
    ("claims.yaml", ", enters_as: a goal", "", ["C01", "give either enters_as or not_modelled"]),
    ("claims.yaml", "a goal", "a goal, not_modelled: no", ["C01", "not_modelled must be text", "False"]),
    ("claims.yaml", "a goal", "a goal, not_modelled: nothing", ["C01", "give either enters_as or not_modelled"]),
    ("claims.yaml", "paragraph: 1", "paragraph: one", ["C01", "paragraph must be a whole number", "'one'"]),
    ("claims.yaml", "a goal", "a goal, uncertain: maybe", ["C01", "uncertain must be true or false"]),
    ("claims.yaml", "paragraph: 1, ", "", ["C01", "paragraph is missing", "add it"]),
    ("claims.yaml", "{paragraph", "{paragraph: 2, paragraph", ["claims.yaml:1", "paragraph stands twice"]),
    ("claims.yaml", GOOD_CLAIM, GOOD_CLAIM + GOOD_CLAIM, ["claims.yaml:2", "C01 stands twice", "keep one"]),
    ("claims.yaml", GOOD_CLAIM, "C01: text", ["C01", "must be a mapping of fields", "'text'"]),
    ("claims.yaml", GOOD_CLAIM, "- C01", ["must map each entry's name to its fields"]),
    ("claims.yaml", "]", "", ["claims.yaml:1", "expected"]),
    ("assumptions.yaml", "a goal", "a goal, extends: [C1]", ["A1", "unknown claim 'C1'", "did you mean C01?"]),
    ("assumptions.yaml", "why: It must be., ", "", ["A1", "why is missing"]),
    ("parameters.yaml", "default: 1", "default: 3", ["x", "the default 3.0 lies outside 0.0 to 2.0", "mend"]),
    ("parameters.yaml", "default: 1", "default: 1e0", ["x", "default must be a number", "'1e0'"]),
    ("parameters.yaml", "neutral: 0", "neutral: true", ["x", "neutral must be a number or null", "True"]),
    ("parameters.yaml", "low: 0, ", "", ["x", "give both low and high, or neither"]),
    ("parameters.yaml", "low: 0, high: 2, ", "", ["x", "an uncertainty needs low and high", "make it fixed"]),
    ("parameters.yaml", "[C01]", "[A2]", ["x", "unknown claim or assumption 'A2'", "use one of C01, A1"]),
    ("parameters.yaml", "[C01]", "[c1]", ["x", "unknown claim or assumption 'c1'", "did you mean C01?"]),
    ("parameters.yaml", "[C01]", "[C01], off_without: [C99]", ["x", "unknown claim or assumption 'C99'"]),
    ("parameters.yaml", "basis: assumed", "basis: guessed", ["x", "unknown basis 'guessed'", "inferred"]),
    ("parameters.yaml", "kind: uncertainty", "kind: fix", ["x", "unknown kind 'fix'", "did you mean fixed?"]),
]


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(("file", "old", "new", "held"), MALFORMED)
def test_a_malformed_register_names_the_file_the_entry_and_the_fix(
    monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str, held: list[str]
) -> None:
    texts = dict(GOOD)
    monkeypatch.setattr(register_files, "register_text", lambda name: texts[name])
    assert registered_parameters()["x"].claims == ("C01",)

    _clear()
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    with pytest.raises(ValueError) as caught:
        registered_parameters()
        assumptions()
    assert str(caught.value).startswith(file)
    for fragment in held:
        assert fragment in str(caught.value)


# --- Switching off

DEFAULTS = {name: parameter.default for name, parameter in registered_parameters().items()}


@settings(max_examples=200)
@given(st.sets(st.sampled_from(sorted(switches()))))
def test_switching_off_sets_exactly_the_parameters_that_rest_on_it_to_neutral(without: set[str]) -> None:
    result = neutralise(DEFAULTS, without)
    assert list(result) == list(DEFAULTS)
    for name, parameter in registered_parameters().items():
        off_without = parameter.claims if parameter.off_without is None else parameter.off_without
        off = parameter.neutral is not None and not without.isdisjoint(off_without)
        assert result[name] == (parameter.neutral if off else parameter.default), name


def test_goodwill_no_longer_moves_trade_without_a8() -> None:
    assert DEFAULTS["goodwill_trade"] != 0.0
    assert neutralise(DEFAULTS, ["A8"])["goodwill_trade"] == 0.0
    assert neutralise(DEFAULTS, [])["goodwill_trade"] == DEFAULTS["goodwill_trade"]


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(("neutral", "switched"), [("0", {"C01": ("x",)}), ("null", {})])
def test_a_parameter_without_a_neutral_value_cannot_be_switched_off(
    monkeypatch: pytest.MonkeyPatch, neutral: str, switched: dict[str, tuple[str, ...]]
) -> None:
    texts = {**GOOD, "parameters.yaml": GOOD_PARAMETER.replace("neutral: 0", f"neutral: {neutral}")}
    monkeypatch.setattr(register_files, "register_text", lambda name: texts[name])
    assert switches() == switched


def test_switching_off_touches_only_the_values_that_it_is_given() -> None:
    assert neutralise({"noise_sd": 1.0}, ["A21"]) == {"noise_sd": 0.0}
    assert neutralise({"noise_sd": 1.0}, ["A8"]) == {"noise_sd": 1.0}


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ("C1", ["C1 is neither a claim nor an assumption", "did you mean C01?"]),
        ("a3", ["a3 is neither", "did you mean A3?"]),
        ("nonsense", ["nonsense is neither a claim nor an assumption"]),
        ("C28", ["nothing in the model switches off with C28", "derived from other claims", "never coded", "C39"]),
        ("C51", ["nothing in the model switches off with C51", "a pattern", "never coded"]),
        ("C63", ["nothing in the model switches off with C63", "a forecast", "never coded"]),
        ("C34", ["nothing in the model switches off with C34", "it announces the needs that follow it"]),
        ("A22", ["nothing in the model switches off with A22", "no parameter that rests on this assumption"]),
        ("C12", ["nothing in the model switches off with C12", "no parameter that rests on this claim"]),
    ],
)
def test_what_cannot_be_switched_off_says_why(source: str, held: list[str]) -> None:
    with pytest.raises(ValueError) as caught:
        neutralise(DEFAULTS, [source])
    for fragment in held:
        assert fragment in str(caught.value)


# --- Digest, speed, observed data


def _digest_after(monkeypatch: pytest.MonkeyPatch, name: str, was: str, becomes: str) -> str:
    """Return the digest of the registers in one of which words were changed."""
    honest = register_files.register_text
    assert was in honest(name)
    _clear()
    with monkeypatch.context() as patch:
        patch.setattr(
            register_files,
            "register_text",
            lambda asked: honest(asked).replace(was, becomes, 1 if asked == name else 0),
        )
        return register.registers_digest()


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("name", "was", "becomes"),
    [
        ("parameters.yaml", "meaning: ", "meaning: better said "),
        ("parameters.yaml", "default: ", "default:  "),
        ("claims.yaml", "says: ", "says: better said "),
        ("assumptions.yaml", "says: ", "says: better said "),
        ("assumptions.yaml", "A1:", "# a comment\nA1:"),
    ],
)
def test_words_and_comments_of_a_register_leave_its_digest_as_it_is(
    monkeypatch: pytest.MonkeyPatch, name: str, was: str, becomes: str
) -> None:
    assert len(before := register.registers_digest()) == 64 and before.startswith(register.short_digest())
    assert _digest_after(monkeypatch, name, was, becomes) == before


@pytest.mark.usefixtures("fresh")
def test_every_number_of_a_register_and_what_switches_it_moves_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    digests, name, entry = {register.registers_digest()}, *_first_switched()
    for change in (
        {"default": (entry.default + entry.high) / 2}, {"low": entry.low - 0.1}, {"high": entry.high + 0.1},
        {"neutral": entry.neutral + 0.01}, {"kind": "fixed"}, {"off_without": ("A22",)},
    ):  # fmt: skip
        changed = {**registered_parameters(), name: replace(entry, **change)}
        with monkeypatch.context() as patch:
            patch.setattr(register, "registered_parameters", lambda changed=changed: changed)
            register.registers_digest.cache_clear()
            switches.cache_clear()
            digests.add(register.registers_digest())
    with monkeypatch.context() as patch:  # draws are made in the order of the register
        patch.setattr(register, "registered_parameters", lambda: dict(reversed(registered_parameters().items())))
        register.registers_digest.cache_clear()
        digests.add(register.registers_digest())
    assert len(digests) == 8


def _first_switched() -> tuple[str, register.Parameter]:
    """Return an uncertain parameter that one id switches off."""
    return next(
        (name, entry) for name, entry in registered_parameters().items() if None not in (entry.neutral, entry.low)
    )


@pytest.mark.usefixtures("fresh")
def test_the_observed_tables_are_typed_and_end_with_the_article() -> None:
    annual, monthly, events = (observed_table(table) for table in register.TABLES)
    assert annual["year"].dtype == "int64" and annual["year"].max() == 2024
    assert monthly["month"].dtype == "period[M]" and monthly["month"].max() <= pd.Period("2024-08", "M")
    assert events["month"].dtype == "period[M]" and events["date"].max() <= "2024-08-16"
    assert annual["value"].dtype == monthly["value"].dtype == "float64"
    assert (len(annual), len(monthly), len(events)) == (163, 167, 64)


@pytest.mark.parametrize("table", register.TABLES)
def test_no_note_and_no_event_speaks_of_what_came_after_the_article(table: str) -> None:
    later = r"\b(?:202[5-9]|20[3-9]\d|2024-(?:09|1[0-2]))\b"
    frame = observed_table(table)
    for column in {"note", "unit", "event"} & set(frame):
        assert frame[frame[column].astype(str).str.contains(later)].empty, column


def test_every_observation_has_a_source_and_a_degree_of_confidence() -> None:
    for table in register.TABLES:
        frame = observed_table(table)
        assert frame["source"].notna().all() and frame["address"].notna().all()
        assert frame["note"].str.match(r"conf=(HIGH|MED|LOW)\b").all()


def test_one_series_holds_one_value_a_month_or_year() -> None:
    assert not observed_table("annual").duplicated(["series", "year"]).any()
    assert not observed_table("monthly").duplicated(["series", "month"]).any()


def test_an_unknown_table_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown table 'montly'; did you mean monthly"):
        observed_table("montly")
