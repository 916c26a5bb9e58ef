"""What the page needs beside the engine and is no code: ``world.json``, and the retained sets as a file of numbers.

``python -m sim.web.world_file FOLDER`` writes both, with the engine beside them.
"""

import gzip
import json
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.ensemble import SERIES
from sim.engine.plan import GIVEN, plan_of
from sim.engine.sets import Sets
from sim.engine.war_end import NEVER
from sim.engine.web import page_folder
from sim.engine.web.modules import MODULES, shipped_fingerprint
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.deal import FREE, IMPOSED, INFEASIBLE, limits
from sim.model.goals import GOALS
from sim.model.moves import BUNDLES, DEAL, LEVERS, Lever
from sim.model.variants import VARIANTS
from sim.registers import register
from sim.report import style
from sim.scenario import Scenario, load
from sim.scenario.loading import available
from sim.scenario.plain_data import NO_END
from sim.scenario.values import ORDERINGS, weights_of
from sim.scenario.war_and_drivers import LAID_ON_BORDER, Drivers, driver_entry
from sim.version import __version__

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SETS = "sets.bin"
WORLD = "world.json"
_SCRIPTS = ("engine.js", "files.js", "past.js", "plan.js", "reasons.js")
ENGINE = tuple(f"engine/{name}" for name in (*(f"{module}.wasm" for module in MODULES), *_SCRIPTS))
_HELD = {(INFEASIBLE, INFEASIBLE): "0", (INFEASIBLE, FREE): "1", (IMPOSED, FREE): "2"}


def world_data() -> dict[str, object]:
    """Return all that the page needs and is no code; what each key holds stands in page/engine/README.md."""
    return {
        "driftback": __version__,
        "registers": register.registers_digest(),
        "fingerprint": shipped_fingerprint(),
        NO_END: NEVER,
        "article": months.index("2024-08"),
        "capitals": CAPITALS,
        "parameters": {name: _without_name(entry) for name, entry in register.registered_parameters().items()},
        "claims": {id: claim.says for id, claim in register.claims().items()},
        "assumptions": {id: assumption.says for id, assumption in register.assumptions().items()},
        "switches": dict(register.switches()),
        "weights": {capital: list(weights_of(capital).values()) for capital in CAPITALS},
        "orderings": [{"larger": ordering.larger, "smaller": ordering.smaller} for ordering in ORDERINGS],
        "variants": {
            name: {"title": variant.title, "parameters": variant.parameters, "unilateral": variant.unilateral,
                   "linearEconomy": variant.linear_economy}
            for name, variant in VARIANTS.items()
        },
        "drivers": {name: _driver(name) for name in GIVEN},
        "series": {name: _words(name) for name in SERIES},
        "levers": [_lever(lever) for lever in LEVERS],
        "goals": {
            capital: [{"name": goal.__name__, "says": goal.says} for goal in goals]  # type: ignore[attr-defined]
            for capital, goals in GOALS.items()
        },
        "scenarios": {stem: _scenario(scenario) for stem, scenario in _simulated()},
        "sets": _sets(retained_sets()),
        "observed": {table: _observed(table) for table in register.TABLES},
        "limits": {"held": {sign: ends for ends, sign in _HELD.items()}, "by": dict(_limits())},
    }  # fmt: skip


def write_world(folder: Path, page: Iterable[str] = (), later: Sequence[Sequence[str]] = ()) -> None:
    """Write into a folder what a page's worker reads.

    Parameters
    ----------
    page
        Names of files there already that belong to it too.
    later
        Names of modules that the first view does not need, wave by wave.
    """
    (folder / "engine").mkdir(parents=True, exist_ok=True)
    (folder / SETS).write_bytes(pack_numbers(retained_sets().values.to_numpy("<f8")))
    for name in ENGINE:
        (folder / name).write_bytes((page_folder() / name).read_bytes())
    files = {name: length_and_digest(folder / name) for name in sorted({*ENGINE, SETS, *page})}
    known = world_data() | {"files": files, "later": later}
    (folder / WORLD).write_text(json.dumps(known, separators=(",", ":"), allow_nan=False), encoding="utf-8")


def pack_numbers(numbers: NDArray[np.float64]) -> bytes:
    """Return numbers compressed bit for bit: the first bytes of all first, column by column.

    ``unpacked`` of page/engine/files.js reads them, a row after the other.
    """
    rows = np.ascontiguousarray(numbers, "<f8")
    return gzip.compress(rows.view(np.uint8).reshape(-1, 8).T.tobytes(), 9, mtime=0)


def length_and_digest(file: Path) -> dict[str, object]:
    """Return what tells a file from a cut or a foreign one: its length, and its digest as browsers compare it."""
    content = file.read_bytes()
    return {"bytes": len(content), "sha256": b64encode(sha256(content).digest()).decode()}


def _without_name(entry: "DataclassInstance") -> dict[str, object]:
    return {key: value for key, value in asdict(entry).items() if key not in ("name", "off_without")}


def _driver(name: str) -> dict[str, object]:
    field = Drivers.model_fields[name]
    entry = driver_entry(name)
    kept = {"low": entry["minimum"], "high": entry["maximum"], "unit": entry["unit"], "usual": entry["usual"]}
    return kept | {"meaning": field.description, "role": entry["role"]}


def _words(name: str) -> dict[str, str]:
    words = style.words(name)
    return {"title": words.title, "measured": words.measured, "unit": words.unit, "short": words.short}


def _lever(lever: Lever) -> dict[str, object]:
    return {"field": lever.field, "lane": style.LANE[lever.field]} | asdict(lever)


def _simulated() -> Iterator[tuple[str, Scenario]]:
    """Yield the scenarios that the page can simulate: of what runs draw for themselves it knows the war's end alone."""
    for stem, _ in available():
        scenario = load(stem)
        if not scenario.drawn and not scenario.events:
            yield stem, scenario


def _scenario(scenario: Scenario) -> dict[str, object]:
    made = plan_of(scenario)
    follows = {} if scenario.drivers.border_visits else {LAID_ON_BORDER: None}
    return {
        "name": scenario.name,
        "question": scenario.question,
        "reading": scenario.reading,
        "first": scenario.first,
        "months": scenario.horizon,
        "warStart": made.war_start,
        "warEnd": None if scenario.war.ends == NO_END else made.war_end,
        "drivers": {name: _column(values) for name, values in zip(GIVEN, made.given.T.tolist(), strict=True)} | follows,
        "moves": [
            {"lever": move.of.field, "option": move.option, "from": move.months.start, "to": move.months.stop - 1}
            for move in scenario.moves
        ],
        "parameters": dict(scenario.parameters),
        "without": list(scenario.without),
        "variant": scenario.variant.name,
    }


def _column(values: list[float]) -> float | list[float]:
    """Return one number for a driver that never moves."""
    return values if len(set(values)) > 1 else values[0]


def _sets(sets: Sets) -> dict[str, object]:
    return {"file": SETS, "names": list(sets.values), "weights": sets.weights.tolist(), "source": str(sets.source)}


def _observed(table: str) -> list[dict[str, object]]:
    frame = register.observed_table(table)
    rows = frame.astype({name: str for name in frame if name == "month"}).to_dict("records")
    return [
        {str(key): None if isinstance(value, float) and np.isnan(value) else value for key, value in row.items()}
        for row in rows
    ]


def _limits() -> Iterator[tuple[str, str]]:
    """Yield what each script of the three parts of the arms deal leaves of the bundles.

    The places of the scripted parts, -1 where one is free, and a sign a bundle.
    """
    for places in product(*(range(-1, len(lever.options)) for lever in DEAL)):
        script = [None if place < 0 else lever.options[place].value for lever, place in zip(DEAL, places, strict=True)]
        yield ",".join(map(str, places)), "".join(_HELD[ends] for ends in limits(BUNDLES, tuple(script)))  # type: ignore[arg-type]


if __name__ == "__main__":
    write_world(Path(sys.argv[1]))
