"""The ODD+D protocol (Grimm et al. 2020, Müller et al. 2013), written from registers, rules and the traced graph."""

import inspect
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import sim
from sim.article import targets
from sim.article.register import assumptions, claims, parameters, short_digest
from sim.article.trace import table as trace
from sim.calibration.retained import shipped_sets
from sim.engine.draws import RUN_SLOTS, SLOTS
from sim.engine.month_stages import MONTH_STAGES, MonthStage
from sim.model import VERSION, months
from sim.model.drivers import DRIVERS
from sim.model.goals import GOALS, weight_name
from sim.model.moves import BUNDLES, CAPITALS, LEVERS
from sim.model.transition import next_world
from sim.model.variants import VARIANTS
from sim.model.world import WORLD_FIELDS
from sim.report.pages import part, rendered
from sim.report.reference import influence, registers
from sim.report.reference.text import anchor, anchored, docstring, link, number
from sim.report.text.markdown import table
from sim.scenario import load
from sim.scenario.values import ORDERINGS

PAGE, PICTURES = "odd.md", "influence"


def page(inline: bool = False) -> str:
    """Return the protocol in Markdown.

    Parameters
    ----------
    inline
        Whether pictures stand in the text, so that their boxes can be clicked; else they are named as files beside it.
    """
    baseline = load("baseline")
    return rendered(
        PAGE,
        version=sim.__version__,
        rules_version=VERSION,
        digest=short_digest(),
        bounds=len(targets.bounds()),
        patterns=len({bound.pattern for bound in targets.bounds().values()}),
        series=len(targets.series()),
        capitals=", ".join(CAPITALS),
        goals=_goals(),
        states=WORLD_FIELDS,
        states_table=registers.states_table(),
        drivers_table=registers.drivers_table(),
        drivers=_listed(DRIVERS),
        war_starts=baseline.war.starts,
        bundles=len(BUNDLES),
        order=_listed(order()),
        stage=_numbered(MONTH_STAGES),
        coded=sum(not claim.not_modelled for claim in claims().values()),
        claims=len(claims()),
        assumptions=len(assumptions()),
        capital_pictures="\n\n".join(_picture(name, svg, inline) for name, svg in capital_pictures().items()),
        lever_pictures="\n\n".join(_picture(name, svg, inline) for name, svg in lever_pictures().items()),
        slots=_listed(SLOTS),
        run_slots=_listed(RUN_SLOTS),
        sets=f"{len(shipped_sets()):,}",
        orderings="; ".join(ordering.says for ordering in ORDERINGS),
        schedule=_schedule(baseline.schedule()),
        levers="\n\n".join(registers.lever_tables("#####")),
        groups=registers.rule_groups("#####", page=""),
        sections=registers.sections(),
        parameters=lambda names: registers.parameter_table(names, page="", claims_page=""),
        variants=table(("variant", "what it changes", "how"), [_variant(name) for name in VARIANTS]),
        sources=_sources(),
    )  # fmt: skip


def files() -> dict[str, str]:
    """Return the protocol and its pictures, by their names in a folder."""
    pictures = capital_pictures() | lever_pictures()
    return {PAGE: page()} | {f"{PICTURES}/{name}.svg": svg for name, svg in pictures.items()}


def write(folder: Path) -> None:
    """Write the protocol and its pictures into a folder."""
    for name, text in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def behind(folder: Path) -> list[str]:
    """Return what in a folder is not the protocol of this model: a line a file, with the first line that differs."""
    faults = []
    for name, text in files().items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{path}: is missing")
        elif (written := path.read_text(encoding="utf-8")) != text:
            lines = zip((*written.splitlines(), ""), (*text.splitlines(), ""), strict=False)
            place = next((line for line, (one, other) in enumerate(lines, 1) if one != other), 1)
            faults.append(f"{path}:{place}: is not what the model says now")
    return faults


def _numbered(stages: Sequence[MonthStage]) -> Callable[[str], str]:
    """Return what heads the stages of a month, one after the other, each with its number; out of order it fails."""
    left = iter(enumerate(stages, 1))

    def head(name: str) -> str:
        number, stage = next(left)
        if stage.name != name:
            raise ValueError(f"the protocol tells {name} where a month runs {stage.name}: put its steps in that order")
        return f"{number}. *{stage.title}.*"

    return head


def order() -> list[str]:
    """Return the rules of a step in the order in which they run, from the source of ``next_world``."""
    called = re.findall(r"= (?:flows|economy|security|warmth)\.(\w+)\(", inspect.getsource(next_world))
    return list(dict.fromkeys(called))


def capital_pictures() -> dict[str, str]:
    """Return the influence diagram of each capital as SVG."""
    return {capital.lower(): influence.of_capital(capital) for capital in CAPITALS}


def lever_pictures() -> dict[str, str]:
    """Return the influence diagram of each lever as SVG."""
    return {lever.field: influence.of_lever(lever.field) for lever in LEVERS}


def _picture(name: str, svg: str, inline: bool) -> str:
    if inline:
        return part("influences", svg)
    title = svg.split("<title>")[1].split("</title>")[0]
    return f"![{title}]({PICTURES}/{name}.svg)"


def _goals() -> str:
    rows = []
    for capital, goals in GOALS.items():
        for goal in goals:
            weight = number(parameters()[weight_name(capital, goal.__name__)].default)
            place = link("", anchor("rule", f"goals.{capital.lower()}.{goal.__name__}"), goal.__name__)
            words = " ".join(docstring(goal).split())
            rows.append((capital, place, words, weight))
    return table(("capital", "goal", "what it wants", "weight, before division"), rows)


def _schedule(columns: dict[str, tuple[float, ...]]) -> str:
    rows = []
    for name, values in columns.items():
        changes = [(0, values[0]), *((at + 1, new) for at, (old, new) in enumerate(pairwise(values)) if new != old)]
        rows.append((f"`{name}`", ", ".join(f"{months.name(at)}: {value:.4g}" for at, value in changes)))
    return table(("driver", "value from that month on"), rows)


def _variant(name: str) -> tuple[str, str, str]:
    variant = VARIANTS[name]
    changes = [f"`{parameter}` = {value:g}" for parameter, value in variant.parameters.items()]
    changes += ["each side sets its own part: `deal.only_for_arms`"] if variant.unilateral else []
    changes += ["the goal `economy` is `economy_linear`"] if variant.linear_economy else []
    return name, variant.title, "; ".join(changes)


def _sources() -> str:
    rows = [(f"{anchored('claim', row.id.lower())}{row.id}", row.says, row.enters_as) for row in trace()]
    return table(("", "says", "enters as"), rows)


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
