"""What a move simulates and keeps: no more than it can touch, and no more than a bound; by counting, without a clock."""

from typing import Any

import pytest
from playwright.sync_api import Page

from page.tests.conftest import TAKE

pytestmark = pytest.mark.browser
RUNS, RECORD = 64, 68  # runs of two parts; months that the record covers, 2019-01 to 2024-08

COUNTED = (
    f"""async (moves) => {{
    {TAKE}"""
    + """
    const [with_, { pairs, pasts }, { planned, resolve, setsOf }, { world }] =
        [await context(), await take("jobs/pairs"), await take("engine/plan"), await take("world")];
    const { engine, sets } = with_;
    const { wasm } = engine;
    let months = 0;
    engine.wasm = { ...wasm, simulate: (first, last, ...more) => { months += last - first; wasm.simulate(first, last, ...more); } };
    const stem = "war-ends-any-time";
    const bits = (block, runs) => runs.map((_, n) => String(new BigUint64Array(block.slice(n * 168, n * 168 + 168).buffer)));
    const found = [];
    for (const moved of moves) {
        months = 0;
        const parts = [0, 1].map((part) => pairs(with_, {
            scenario: stem, moved, seed: 7, among: [0, 64], part, series: "tension", lever: "beijing_trade" }));
        const counted = months;
        const [ends, same] = [[], []];
        for (const { runs, warEnd, one, control } of parts) {
            ends.push(...warEnd);
            const values = resolve(world, world.scenarios[stem], moved, setsOf(world, sets, runs, world.scenarios[stem], moved).own);
            const whole = engine.pairs({ plan: planned(world, world.scenarios[stem], moved), values, seed: 7, runs, keep: ["tension"] });
            same.push(`${bits(one, runs)}` === `${bits(whole.one.series.tension, runs)}`
                && `${bits(control, runs)}` === `${bits(whole.control.series.tension, runs)}`);
        }
        found.push({ months: counted, runs: parts.flatMap((part) => part.runs), ends, same, worlds: pasts.worlds.map(({ parts }) => parts.size) });
    }
    return found;
}"""
)

# A pool whose workers answer in rounds: in the second turn the last first, in the third one of them never.
POOL = (
    f"""async () => {{
    {TAKE}"""
    + """
    const [{ Pool }, made] = [await take("workers"), []];
    let answers = [];
    globalThis.Worker = class {
        constructor() { this.place = made.push(this) - 1; this.parts = []; }
        postMessage({ asked }) {
            if (asked === undefined) return;
            this.parts.push(asked);
            answers.push({ place: this.place, give: () => this.onmessage({ data: { found: asked } }) });
        }
    };
    const pool = new Pool(Promise.resolve({}), 3);
    const turns = [];
    for (const turn of [0, 1, 2]) {
        made.forEach((worker) => { worker.parts = []; });
        pool.ask("some", Array.from({ length: 9 }, (_, part) => part), () => {});
        while (answers.length) {
            const round = answers.filter(({ place }) => turn < 2 || place !== 1);
            answers = [];
            (turn === 1 ? round.reverse() : round).forEach(({ give }) => give());
        }
        turns.push(made.map((worker) => worker.parts));
    }
    return turns;
}"""
)


def border(value: float) -> dict[str, Any]:
    return {"drivers": {"border": [{"from": RECORD, "value": value}]}}


@pytest.fixture
def counted(page: Page) -> list[dict[str, Any]]:
    page.goto("")
    free, talks = (
        {"parameters": {"foresight": 9.0}},
        {"drivers": {"news": [{"from": 60, "value": 1}]}, "ends": [80, 80]},
    )
    return page.evaluate(COUNTED, [{}, border(0.5), border(0.2), {"ends": [80, 80]}, free, talks, {}])  # type: ignore[no-any-return]


def test_a_move_after_the_record_leaves_the_months_of_the_record_as_they_are(counted: list[dict[str, Any]]) -> None:
    first, late, later, end, free, talks, again = (counts["months"] for counts in counted)
    assert late == later == first - 2 * RECORD
    assert end == 2 * (80 - RECORD + 2 * (168 - 80))
    assert free == first == again and talks == end + 2 * RECORD
    assert all(all(counts["same"]) for counts in counted)


def test_runs_whose_wars_end_about_the_same_time_are_simulated_together(counted: list[dict[str, Any]]) -> None:
    first = counted[0]
    assert sorted(first["runs"]) == list(range(RUNS)) != first["runs"]
    assert first["ends"] == sorted(first["ends"])
    assert first["months"] == sum(2 * 168 - min(first["ends"][part : part + 32]) for part in (0, 32))


def test_no_more_than_two_worlds_are_remembered(counted: list[dict[str, Any]]) -> None:
    assert [counts["worlds"] for counts in counted] == [[2], [2], [2], [2], [2, 2], [2, 2], [2, 2]]


def test_parts_go_to_the_workers_that_had_them_unless_those_are_busy(page: Page) -> None:
    page.goto("")
    first, second, stuck = page.evaluate(POOL)
    assert first == second == [[0, 3, 6], [1, 4, 7], [2, 5, 8]]
    assert stuck[1] == [1] and sorted(stuck[0] + stuck[2]) == [0, 2, 3, 4, 5, 6, 7, 8]
