"""The order of a month as source, which the compiled engine compiles and the batch engine runs as it stands.

It is put together stage by stage, in the order of :data:`sim.engine.month_stages.MONTH_STAGES`. What is called here are
the stages of the graph (:mod:`sim.engine.tracing.stages`), and what each engine has of its own: ``fill`` a row with a
number, ``fill_runs`` with one a run, ``copy`` one row to another, ``roll`` the month's draws, ``limit`` the score of a
bundle, ``score_bundles`` with arms (``survey_arms`` and ``score_deal``), ``take_bundle`` for a move, and ``keep`` what
is recorded.

Where moves are *conditional* on a record, what it says of a lever (``told``, ``support``) weighs the likelihoods that
were just computed (``condition_<lever>``, ``condition_deal``), and ``add_evidence`` sums up how likely the record was
(:mod:`sim.engine.conditioning`).
"""

from collections.abc import Mapping
from typing import Any

from sim.engine.conditioning import EVIDENCE
from sim.engine.draws import SLOTS
from sim.engine.month_stages import MONTH_STAGES
from sim.engine.plan import GIVEN
from sim.engine.tracing.month import TECHNOLOGIES
from sim.model.moves import BUNDLES, DEAL, LEVERS, MOVE_FIELDS, Lever

_GROUPS = {
    "GIVEN": [f"given.{name}" for name in GIVEN],
    "MOVES": [f"moves.{name}" for name in MOVE_FIELDS],
    "DECIDED": [f"decided.{name}" for name in MOVE_FIELDS],
    "PARTS": [f"moves.{lever.field}" for lever in DEAL],
    "FLOOR": [f"floor.{place}" for place in range(TECHNOLOGIES)],
    "CEILING": [f"ceiling.{place}" for place in range(TECHNOLOGIES)],
    "OFFERED": [f"offered.{place}" for place in range(TECHNOLOGIES)],
    "TABLE": [f"table.{place}" for place in range(len(BUNDLES))],
    "SUPPORT": [f"support.{place}" for place in range(len(BUNDLES))],
    "EVIDENCE": [f"evidence.{name}" for name in EVIDENCE],
}


def identifier(row: str) -> str:
    """Return what source calls a row."""
    return row.replace(".", "_")


def names_of_month(rows: Mapping[str, int]) -> dict[str, Any]:
    """Return what the order of a month names: rows, groups of rows, and the options of levers."""
    most = max(len(lever.options) for lever in LEVERS)
    values = [[*(o.value for o in lever.options), *[-99.0] * (most - len(lever.options))] for lever in LEVERS]
    return {
        **{identifier(name): place for name, place in rows.items()},
        **{group: [rows[name] for name in names] for group, names in _GROUPS.items()},
        "CHANCE": rows[f"chance.{SLOTS[0]}"],  # the others follow
        "COUNT": [len(lever.options) for lever in LEVERS],
        "VALUE": values,
        "ARMS": tuple(option.value for option in DEAL[0].options[1:]),
        "PAY": tuple(option.value for option in DEAL[1].options),
        "TECHNOLOGIES": TECHNOLOGIES,
        "BUNDLE": [list(bundle) for bundle in BUNDLES],
    }


def constants(rows: Mapping[str, int]) -> str:
    """Return the Python of what the order of a month names; lists as arrays."""
    return "".join(
        f"{name} = np.array({value})\n" if isinstance(value, list) else f"{name} = {value}\n"
        for name, value in names_of_month(rows).items()
    )


BEGIN = """
def begin(m, first_moves):
    for k in range(len(MOVES)):
        fill(m, MOVES[k], first_moves[k])
    fill(m, chance_crisis, 1.0)
    start(m)
"""

_SIMULATE = """
def simulate(m, first, last, given, script, limits, scripted_deal, seed, seed_high, run, run_high, unilateral, prospect,
             conditional, told, support, record, series, played):
    prepare(m)
    for t in range(first, last):
"""

_STAGES = {
    "set_drivers": """\
        fill(m, month, float(t))
        for j in range(len(GIVEN)):
            {fill}(m, GIVEN[j], given[t, j])
        copy(m, crisis_before, chance_crisis)
        roll(m, t + 1, seed, seed_high, run, run_high)
""",
    "perceive": """\
        expect(m)
""",
    "decide": """\
        survey(m)
        if conditional:
            for k in range(len(EVIDENCE)):
                fill(m, EVIDENCE[k], 1.0)
{decisions}
""",
    "move": """\
        if unilateral:
            only_for_arms(m)
        for k in range(len(MOVES)):
            copy(m, MOVES[k], DECIDED[k])
""",
    "settle": """\
        if not unilateral:
            survey_deal(m)
            limit(m, 0, limits[t, 0])
            score_no_exchange(m)
            score_bundles(m, limits[t])
            if scripted_deal[t]:
                fill(m, chance_review_deal, -1.0)
            if conditional and told[t, len(MOVES)] and not scripted_deal[t]:
                for k in range(len(SUPPORT)):
                    fill(m, SUPPORT[k], support[t, len(MOVES), k])
                condition_deal(m)
            else:
                choose_deal(m)
            for part in range(len(PARTS)):
                take_bundle(m, PARTS[part], part)
        if conditional:
            add_evidence(m)
""",
    "advance": """\
        live(m)
""",
    "learn": "",  # done by ``live`` too: one graph, for it is all of the new world
    "measure": """\
        if prospect:
            enjoy(m)
        keep(m, t - first, record, series, played)
""",
}


def _decision(place: int, lever: Lever) -> str:
    """Return the source by which a lever is decided in a month."""
    decided, last = f"decided_{lever.field}", f"moves_{lever.field}"
    lines = [
        f"if script[t, {place}] >= 0:",
        f"    fill(m, {decided}, VALUE[{place}, script[t, {place}]])",
        "else:",
        f"    decide_{lever.field}(m)",
        f"    if conditional and told[t, {place}]:",
        f"        for k in range(COUNT[{place}]):",
        f"            fill(m, SUPPORT[k], support[t, {place}, k])",
        f"        condition_{lever.field}(m)",
    ]
    if lever in DEAL:  # settled together, but for V1
        lines = ["if not unilateral:", f"    copy(m, {decided}, {last})", "el" + lines[0], *lines[1:]]
    return "\n".join(f"        {line}" for line in lines)


_DECISIONS = "\n".join(_decision(place, lever) for place, lever in enumerate(LEVERS))
_MONTH = _SIMULATE + "".join(_STAGES[stage.name] for stage in MONTH_STAGES)
SIMULATE = _MONTH.format(decisions=_DECISIONS, fill="fill")  # all runs are given the same
SIMULATE_RUNS = _MONTH.format(decisions=_DECISIONS, fill="fill_runs")  # each run is given its own
