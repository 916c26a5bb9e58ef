"""The ODD+D protocol (Grimm et al. 2020, Müller et al. 2013), written from registers, rules and the traced graph."""

import inspect
import re
from collections.abc import Callable, Sequence
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any, cast

from sim.analysis import definitions
from sim.engine import draws
from sim.engine.draws import RUN_SLOTS, SLOTS
from sim.engine.month_stages import MONTH_STAGES, MonthStage
from sim.inference.sets_file import shipped_sets
from sim.model import VERSION, months
from sim.model.capitals import CAPITALS
from sim.model.drivers import DRIVERS, NOISES
from sim.model.goals import GOALS, weight_name
from sim.model.moves import BUNDLES, LEVERS
from sim.model.transition import next_world
from sim.model.variants import VARIANTS
from sim.model.world import RANGE, WORLD_FIELDS
from sim.prediction import thresholds, verdict, verdict_study
from sim.registers import targets
from sim.registers.register import assumptions, claims, registered_parameters, short_digest, switches
from sim.registers.trace import trace_table
from sim.report.reference import check_months, equations, influence, registers
from sim.report.reference.text import anchor, anchor_html, docstring, link, number
from sim.report.templating import part, render
from sim.report.text.markdown import markdown_table
from sim.scenario import load
from sim.scenario.loading import available
from sim.scenario.paths import Onset, Shocks
from sim.scenario.values import ORDERINGS
from sim.version import __version__

PAGE, ANNEX, CHECK, PICTURES = "odd.md", "annex.md", "check.csv", "influence"
EXAMPLE = "pyongyang_toward_beijing"  # the lever whose picture the protocol itself shows
EXAMPLES = ((1, 0, 0), (1, 0, 1), (20240816, 7, 65))  # seed, run and month of the draws that a reader can repeat


def page(inline: bool = False) -> str:
    """Return the protocol in Markdown.

    Parameters
    ----------
    inline
        Whether it is the page of the site, where its annex is a page in HTML.
    """
    baseline, counted = load("baseline"), [bound for bound in _history() if bound.counted]
    settings = cast(dict[str, Any], shipped_sets().made["settings"])
    text = render(
        PAGE,
        version=__version__,
        rules_version=VERSION,
        digest=short_digest(),
        numbers=len(counted),
        patterns=len({bound.pattern for bound in counted}),
        uncounted=", ".join(bound.id for bound in _history() if not bound.counted),
        forecasts=", ".join(targets.patterns("forecast")),
        series=len(targets.target_series()),
        figures=sum(len(series.at) for series in targets.target_series().values()),
        told=sum(bool(bound.given) for bound in counted),
        families=targets.counted_patterns(),
        settings=settings,
        made=shipped_sets().made,
        capitals=", ".join(CAPITALS),
        goals=_goals(),
        states=WORLD_FIELDS,
        states_table=_states(),
        drivers_table=registers.drivers_table(anchors=False),
        war_starts=baseline.war.starts,
        bundles=len(BUNDLES),
        order=_listed(order()),
        stage=_numbered(MONTH_STAGES),
        example=_picture(EXAMPLE, lever_pictures()[EXAMPLE], inline).replace('href="#', 'href="annex.html#'),
        claims=len(claims()),
        codable=sum(not claim.barred for claim in claims().values()),
        coded=sum(not claim.barred and not claim.not_modelled for claim in claims().values()),
        barred=sum(claim.barred for claim in claims().values()),
        assumptions=len(assumptions()),
        always=", ".join(name for name in assumptions() if name not in switches()),
        sets=f"{len(shipped_sets()):,}",
        orderings="; ".join(ordering.says for ordering in ORDERINGS),
        definitions=markdown_table(("", "Pyongyang has drifted back by"), definitions.describe_definitions().items()),
        within=definitions.WITHIN,
        held=definitions.HELD,
        points=f"{definitions.CAUSAL_POINTS:g}",
        usual=f"{definitions.USUAL_SUPPORT:g}",
        share=f"{100 * thresholds.PAIRS:.0f}",
        agreeing=f"{100 * thresholds.AGREEING:.0f}",
        tolerance=f"{thresholds.TOLERANCE:g}",
        level=f"{100 * thresholds.LEVEL:.0f}",
        mass=f"{100 * thresholds.MASS:.0f}",
        region=_listed(verdict.REGION),
        counting=len(verdict.COUNTING),
        ends=verdict_study.ENDS,
        size=verdict_study.Size(),
        many=verdict_study.TIMES_AS_MANY,
        world=verdict_study.WORLD,
        draws=_draws(),
        scenarios=_draws_of_scenarios(),
        check=CHECK,
        checks=check_months.CHECKS,
        rows=f"{check_months.check_table().count(chr(10)) - 1:,}",
    )
    text = _with_anchors(text)
    return text if inline else text.replace('href="annex.html', f'href="{ANNEX}')


def annex(inline: bool = False) -> str:
    """Return the annex of the protocol: everything that is looked up, with equations numbered.

    Parameters
    ----------
    inline
        Whether pictures stand in the text, so that their boxes can be clicked; else they are named as files beside it.
    """
    text = render(
        "odd-annex.md",
        version=__version__,
        rules_version=VERSION,
        digest=short_digest(),
        states_table=registers.states_table(),
        drivers_table=registers.drivers_table(),
        drivers=_listed(DRIVERS),
        capital_pictures="\n\n".join(_picture(name, svg, inline) for name, svg in capital_pictures().items()),
        lever_pictures="\n\n".join(_picture(name, svg, inline) for name, svg in lever_pictures().items()),
        slots=_pairs(SLOTS),
        run_slots=_pairs(RUN_SLOTS),
        quantile=equations.source(draws.standard_normal),
        coefficients=_coefficients(),
        schedule=_schedule(load("baseline").schedule()),
        levers="\n\n".join(registers.lever_tables("###")),
        groups=registers.rule_groups("###", page=""),
        sections=registers.sections(),
        parameters=lambda names: registers.parameter_table(names, page="", claims_page=""),
        variants=markdown_table(("variant", "what it changes", "how"), [_variant(name) for name in VARIANTS]),
        patterns=_patterns(),
        sources=_sources(),
    )  # fmt: skip
    return equations.number_equations(_with_anchors(text))


def _with_anchors(text: str) -> str:
    """Return a page whose sections can be linked to alike on a forge, on the site and in its annex."""

    def headed(made: re.Match[str]) -> str:
        name = re.sub(r"\W+", "-", made[2].lower())
        return f'<a id="{name}"></a>\n\n{made[0]}'

    text = re.sub(r"^(#{2,3}) ((?:[IV]+[. ]|References).*)$", headed, text, flags=re.M)
    text = re.sub(r"\[([^\]]+)\]\(#([\w-]+)\)", r'<a href="#\2">\1</a>', text)
    return re.sub(r"\[([^\]]+)\]\(annex\.md#([\w-]+)\)", r'<a href="annex.html#\2">\1</a>', text)


def files() -> dict[str, str]:
    """Return the protocol, its annex, the check table and the pictures, by their names in a folder."""
    pictures = capital_pictures() | lever_pictures()
    pages = {PAGE: page(), ANNEX: annex(), CHECK: check_months.check_table()}
    return pages | {f"{PICTURES}/{name}.svg": svg for name, svg in pictures.items()}


def write_protocol(folder: Path) -> None:
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


def _history() -> list[targets.Bound]:
    return [bound for bound in targets.bounds().values() if bound.about == "history"]


def _goals() -> str:
    rows = []
    for capital, goals in GOALS.items():
        for goal in goals:
            name = weight_name(capital, goal.__name__)
            place = link("annex", anchor("rule", f"goals.{capital.lower()}.{goal.__name__}"), goal.__name__)
            weight, median = number(registered_parameters()[name].default), registers.retained_range(name)[0]
            rows.append((capital, place, " ".join(docstring(goal).split()), weight, median))
    return markdown_table(("capital", "goal", "what it wants", "default weight", "retained median"), rows)


def _states() -> str:
    rows = []
    for name in WORLD_FIELDS:
        low, high = RANGE[name]
        start = number(registered_parameters()[f"start_{name}"].default)
        place = link("annex", anchor("state", name), name)
        rows.append((place, registers.meaning(name), f"{low:g} to {high:g}", start))
    return markdown_table(("state", "meaning", "range", "January 2019"), rows)


def _pairs(slots: tuple[str, ...]) -> str:
    """Return slots by the number of their pair: a turn of the generator gives both draws of it."""
    pairs = enumerate(zip_longest(slots[::2], slots[1::2], fillvalue="unused"))
    rows = [(place, *(f"`{name}`" for name in pair)) for place, pair in pairs]
    return markdown_table(("pair", "first draw", "second draw"), rows)


def _draws() -> str:
    """Return some draws that a new generator must give."""
    rows = []
    for seed, run, at in EXAMPLES:
        drawn = draws.uniforms(seed, run, 1 + at)
        values = [(slot, repr(float(drawn[SLOTS.index(slot)]))) for slot in (SLOTS[0], SLOTS[1], NOISES[0])]
        normal = repr(draws.standard_normal(float(values[-1][1])))
        rows.append((seed, run, at, *(value for _, value in values), normal))
    header = ("seed", "run", "month", f"`{SLOTS[0]}`", f"`{SLOTS[1]}`", f"`{NOISES[0]}`", "its normal number")
    return markdown_table(header, rows)


def _coefficients() -> str:
    rows = []
    for where, (above, below) in {"middle": draws.MIDDLE, "tail": draws.TAIL}.items():
        powers = zip(range(len(above) - 1, -1, -1), above, below, strict=True)
        rows += [(where, power, repr(over), repr(under)) for power, over, under in powers]
    return markdown_table(("where", "power", "numerator", "denominator"), rows)


def _draws_of_scenarios() -> str:
    """Return what each shipped scenario leaves to every run to draw."""
    rows = []
    for scenario in (load(name) for name, _ in available()):
        end = scenario.war_end
        said = [f"the war's end, {months.name(end[0])} to {months.name(end[1])}"] if isinstance(end, tuple) else []
        said += [f"`{name}`: {prior}" for name, prior in scenario.drawn.items()]
        said += [f"driver `{name}`: {layer_words(layer)}" for (name, _), layer in scenario.events.items()]
        if said:
            rows.append((f"`{scenario.name}`", "; ".join(said)))
    return markdown_table(("scenario", "each run draws"), rows)


def layer_words(layer: Onset | Shocks) -> str:
    """Return what a run draws of a driver."""
    if isinstance(layer, Onset):
        return f"begins in any month from {' to '.join(layer.first.uniform)}"
    return f"shocks with a chance of {layer.hazard:g} a month"


def _patterns() -> str:
    rows = []
    for bound in _history():
        low, high = ("" if end is None else f"{end:g}" for end in (bound.low, bound.high))
        rows.append((bound.id, bound.says, low, high, f"{bound.discrepancy:g}", bound.unit,
                     "yes" if bound.counted else "no", bound.given))  # fmt: skip
    header = ("", "what is measured", "at least", "at most", "discrepancy", "unit", "counts", "given by")
    return markdown_table(header, rows)


def _schedule(columns: dict[str, tuple[float, ...]]) -> str:
    rows = []
    for name, values in columns.items():
        changes = [(0, values[0]), *((at + 1, new) for at, (old, new) in enumerate(pairwise(values)) if new != old)]
        rows.append((f"`{name}`", ", ".join(f"{months.name(at)}: {value:.4g}" for at, value in changes)))
    return markdown_table(("driver", "value from that month on"), rows)


def _variant(name: str) -> tuple[str, str, str]:
    variant = VARIANTS[name]
    changes = [f"`{parameter}` = {value:g}" for parameter, value in variant.parameters.items()]
    changes += ["each side sets its own part: `deal.only_for_arms`"] if variant.unilateral else []
    changes += ["the goal `economy` is `economy_linear`"] if variant.linear_economy else []
    return name, variant.title, "; ".join(changes)


def _sources() -> str:
    rows = [(f"{anchor_html('claim', row.id.lower())}{row.id}", row.says, row.enters_as) for row in trace_table()]
    return markdown_table(("", "says", "enters as"), rows)


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
