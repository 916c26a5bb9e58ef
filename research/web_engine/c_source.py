"""The C source of the months: every stage as one straight-line loop over lanes, and the order of a month in C.

The workspace is one flat array with ``LANES`` numbers a row, as in the compiled engine, so that the compiler sees that
no store disturbs a load and puts two runs into one instruction, all that WebAssembly has.
"""

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine import draws
from sim.engine.blocks import FIRST_MOVES, REMEMBERED
from sim.engine.ensemble import SERIES
from sim.engine.plan import GIVEN, MEASURES
from sim.engine.tracing.graph import TEXT, Graph, Node
from sim.engine.tracing.month_order import BEGIN, SIMULATE, identifier, names_of_month
from sim.engine.tracing.stages import Stage, Stages
from sim.engine.tracing.words import Word, two_draws
from sim.model.capitals import CAPITALS
from sim.model.moves import BUNDLES, LEVERS
from sim.model.world import WORLD_FIELDS

POWER = Path(__file__).with_name("power.c")
_TEXT = TEXT | {"**": "power({}, {})", "sqrt": "__builtin_sqrt({})"}
_SELECT = "{} < {} ? {} : {}"
_ALONE = "__attribute__((noinline)) static"  # all in one function are more than a browser's compiler does well
_ALL_LANES = "    for (int i = 0; i < LANES; i++) {"
_LANES_REVIEWING = """#pragma clang loop vectorize(assume_safety) vectorize_width(2) interleave_count(1)
    for (int at = 0; at < (lanes & ~1); at++) { /* they are even: so the compiler knows it */
        int i = lane[at];"""
_REVIEWING = "{}_reviewing"
_OF_DEAL = ("survey_deal", "survey_arms", "score_no_exchange", "score_deal", "choose_deal")
# What the order of a month is given, in C. A page writes these into memory and says where.
_OF_RECORDS = ("conditional", "told", "support")  # what moves that are conditional on a record ask for besides
_GIVEN = ("condition_", "add_evidence")  # and their stages
_TYPES = {
    "first": "int",
    "last": "int",
    "given": f"const double (*given)[{len(GIVEN)}]",
    "script": f"const int8_t (*script)[{len(LEVERS)}]",
    "limits": f"const double (*limits)[{len(BUNDLES)}][2]",
    "scripted_deal": "const uint8_t *",
    "seed": "uint32_t",
    "seed_high": "uint32_t",
    "run": "const uint32_t *",
    "run_high": "const uint32_t *",
    "unilateral": "int",
    "prospect": "int",
    "record": "const struct record *",
    "series": "double *",
    "played": "int8_t *",
    "first_moves": "const double *",
}


def module_source(
    traced: Stages, lanes: int, layout: Mapping[str, object], kept: "dict[str, list[list[int]]] | None" = None
) -> str:
    """Return the C source of a module.

    Parameters
    ----------
    layout
        What the module says of itself, see :func:`layout_of`; the page reads it as JSON.
    kept
        Rows to be kept of every bundle of the arms deal, from where they are computed (``CONSIDERED``, by technology)
        to where they stay (``WEIGHED``, by bundle); none where not said.
    """
    names = (
        names_of_month(traced.rows) | {"LANES": lanes, "ROWS": len(traced.rows), "PAIRS": draws.PAIRS} | (kept or {})
    )
    keep = len(kept["WEIGHED"][0]) if kept else 0
    said = json.dumps(json.dumps(layout, separators=(",", ":")), ensure_ascii=True)
    parts = [
        _HEAD,
        POWER.read_text(encoding="utf-8"),
        constants(names),
        f"static double m[ROWS * LANES] __attribute__((aligned(64)));\n\nstatic const char said[] = {said};\n",
        *functions(traced, lanes),
        _LANES.format(two_draws=_draws(), consider=_CONSIDER.format(keep=keep) if kept else ""),
        in_c(BEGIN),
        in_c(SIMULATE),
        _EXPORTS,
    ]
    return "\n".join(parts)


def layout_of(traced: Stages, params: tuple[str, ...], lanes: int) -> dict[str, object]:
    """Return what a page has to know of a module to use it."""
    return {
        "parameters": params,
        "drivers": GIVEN,
        "series": SERIES,
        "levers": [{"field": lever.field, "options": [option.value for option in lever.options]} for lever in LEVERS],
        "first": FIRST_MOVES.tolist(),
        "capitals": CAPITALS,
        "bundles": BUNDLES,
        "remembered": REMEMBERED,
        "lanes": lanes,
        "draws": {"run": draws.RUN_SLOTS, "month": draws.SLOTS, "places": 2 * draws.PAIRS},
        "chance": traced.rows[f"chance.{draws.SLOTS[0]}"],
        "size": len(traced.rows),
        "rows": {name: place for name, place in traced.rows.items() if _asked_for(name)},
    }


def _asked_for(row: str) -> bool:
    """Whether anybody outside writes or reads a row."""
    known = {f"world.{name}" for name in WORLD_FIELDS} | {f"measure.{name}" for name in MEASURES} | set(REMEMBERED)
    groups = ("params", "seen", "linear_economy", "war_start", "war_end")
    return row in known or row.partition(".")[0] in groups


def functions(traced: Stages, lanes: int) -> Iterator[str]:
    """Yield the source of the stages; where there are several lanes, options are weighed in those alone that review."""
    graph = traced.graph
    if lanes > 1:
        yield "static int lane[LANES], lanes; /* so many of the first review something; the others follow */\n"
    for stage in traced.stages:
        if stage.name.startswith(_GIVEN):
            continue
        if lanes == 1 or not (stage.name.startswith("decide_") or stage.name in _OF_DEAL):
            yield function(graph, stage)
            continue
        before = []
        if stage.name not in _OF_DEAL[1:]:
            choice = traced["choose_deal"] if stage.name == _OF_DEAL[0] else stage
            yield reviewing(graph, choice)
            before = [f"    {_REVIEWING.format(choice.name)}();"]
        yield function(graph, stage, before, _LANES_REVIEWING)


def function(graph: Graph, stage: Stage, before: Iterable[str] = (), loop: str = _ALL_LANES) -> str:
    """Return the source of a stage, as a loop over the lanes of the workspace."""
    lines, names = _computed(graph, stage, stage.outputs.values())
    lines += [f"        {_at(row)} = {names[node.place]};" for row, node in stage.outputs.items()]
    return _function(stage.name, [*before, loop, *lines, "    }"])


def reviewing(graph: Graph, stage: Stage) -> str:
    """Return the source that finds the lanes in which what a stage decides is reviewed; elsewhere last month's stands.

    Lanes go in pairs: one that is there for that alone decides as it did last month.
    """
    row, choice = next(iter(stage.outputs.items()))
    draw, chance, _, last = choice.args  # if_below(draw, chance, chosen, last)
    lines, names = _computed(graph, stage, (draw, chance, last))
    return _function(_REVIEWING.format(stage.name), [
        "    lanes = 0;",
        _ALL_LANES,
        *lines,
        f"        {_at(row)} = {names[last.place]};",
        f"        if ({names[draw.place]} < {names[chance.place]})",
        "            lane[lanes++] = i;",
        "        else",
        "            lane[LANES - 1 - i + lanes] = i;",
        "    }",
        "    lanes += lanes % 2;",
    ])  # fmt: skip


def _function(name: str, lines: list[str]) -> str:
    return "\n".join([f"{_ALONE} void {name}(void)", "{", *lines, "}", ""])


def _computed(graph: Graph, stage: Stage, wanted: Iterable[Node]) -> tuple[list[str], dict[int, str]]:
    """Return the lines that compute nodes from the rows that a stage reads, and the nodes' names, by their places."""
    lines, names = [], dict[int, str]()
    for node in graph.sort_nodes(wanted, stage.known):
        if node.op == "constant":
            names[node.place] = _number(float.fromhex(node.args[0]))
            continue
        names[node.place], row = f"v{len(names)}", stage.read(node)
        text = _at(row) if row else _operation(node, [names[arg.place] for arg in node.args])
        lines.append(f"        double {names[node.place]} = {text};")
    return lines, names


def _operation(node: Node, args: list[str]) -> str:
    """Return an operation in C."""
    match node.op:
        case "if_below":
            return _SELECT.format(*args)
        case "max":  # as Python does them, so that all engines treat ties alike
            return _SELECT.format(args[0], args[1], args[1], args[0])
        case "min":
            return _SELECT.format(args[1], args[0], args[1], args[0])
        case "**" if args[1] == _number(1.0):
            return args[0]
    return _TEXT[node.op].format(*args)


def _at(row: str) -> str:
    return f"m[{identifier(row)} * LANES + i]"


def _number(value: float) -> str:
    """Return a number as C writes it, to the last bit."""
    return f"({value!r})" if value < 0.0 else repr(value)


def constants(names: Mapping[str, object]) -> str:
    """Return the C of what the order of a month names: whole numbers, and arrays."""
    lists = {name: value for name, value in names.items() if isinstance(value, list | tuple)}
    numbers = [f"    {name} = {value},\n" for name, value in names.items() if name not in lists]
    return "".join(["enum {\n", *numbers, "};\n", *(_array(name, value) for name, value in lists.items())])


def _array(name: str, value: list[object] | tuple[object, ...]) -> str:
    array = np.array(value)
    kind = "double" if array.dtype == float else "int"
    sides = "".join(f"[{side}]" for side in array.shape)
    return f"static const {kind} {name}{sides} = {json.dumps(value).replace('[', '{').replace(']', '}')};\n"


def _draws() -> str:
    """Return the generator of draws as C."""
    steps, drawn = two_draws()
    runs = {name: f"{name}[i]" for name in ("run", "run_high")}
    lines = []
    for step in steps:
        args = (runs.get(arg.name, arg.name) if isinstance(arg, Word) else _plain(arg) for arg in step.args)
        lines.append(f"{'double' if step.real else 'uint64_t'} {step.name} = {f' {step.sign} '.join(args)};")
    lines += [f"m[(CHANCE + 2 * pair + {place}) * LANES + i] = {draw.name};" for place, draw in enumerate(drawn)]
    return "\n".join(f"            {line}" for line in lines)


def _plain(value: float) -> str:
    return repr(value) if isinstance(value, float) else f"{value}ull"


class _ForPages(ast.NodeTransformer):
    """Leaves out what is done where moves are conditional on a record, and says early who reviews a scripted deal.

    No page has a record. A deal is surveyed and scored for those alone that review it, so a script that makes all of
    them do so stands before that; no stage between reads what it fills.
    """

    def visit_If(self, node: ast.If) -> Any:
        """Return what a page does of it."""
        self.generic_visit(node)
        if "conditional" in _names(node.test):
            return node.orelse
        node.body.sort(key=lambda step: not (isinstance(step, ast.If) and _names(step.test) == {"scripted_deal", "t"}))
        return node


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def in_c(python: str) -> str:
    """Return the order of a month, which is Python, as C."""
    (definition,) = _ForPages().visit(ast.parse(python)).body
    assert isinstance(definition, ast.FunctionDef)
    asked = [_declared(arg.arg) for arg in definition.args.args if arg.arg not in ("m", *_OF_RECORDS)]
    head = f'__attribute__((export_name("{definition.name}")))\nvoid {definition.name}({", ".join(asked)})'
    return "\n".join([head, "{", *(line for step in definition.body for line in _step(step, "    ")), "}", ""])


def _declared(name: str) -> str:
    kind = _TYPES[name]
    return kind if "(*" in kind else f"{kind} {name}"


def _step(step: ast.stmt, indent: str) -> Iterator[str]:
    """Yield the lines of a statement in C."""
    match step:
        case ast.For(target=ast.Name(id=name), iter=ast.Call(args=bounds), body=body):
            first, last = ["0", *map(_said, bounds)][-2:]
            yield f"{indent}for (int {name} = {first}; {name} < {last}; {name}++) {{"
            yield from _inside(body, indent)
        case ast.If(test=test, body=body, orelse=rest):
            yield f"{indent}if ({_said(test)}) {{"
            yield from _inside(body, indent)
            if rest:
                yield f"{indent}else {{"
                yield from _inside(rest, indent)
        case ast.Expr(value=call):
            yield f"{indent}{_said(call)};"
        case _:
            raise TypeError(f"no C for {ast.unparse(step)!r}")


def _inside(body: list[ast.stmt], indent: str) -> Iterator[str]:
    for step in body:
        yield from _step(step, indent + "    ")
    yield f"{indent}}}"


def _said(node: ast.expr) -> str:
    """Return an expression in C."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=value):
            return repr(value)
        case ast.Subscript(value=value, slice=ast.Tuple(elts=places)):
            return _said(value) + "".join(f"[{_said(place)}]" for place in places)
        case ast.Subscript(value=value, slice=place):
            return f"{_said(value)}[{_said(place)}]"
        case ast.Call(func=ast.Name(id="len"), args=[of]):
            return f"(int)(sizeof {_said(of)} / sizeof {_said(of)}[0])"
        case ast.Call(func=ast.Name(id="float"), args=[of]):
            return f"(double){_said(of)}"
        case ast.Call(func=ast.Name(id=name), args=args):
            return f"{name}({', '.join(_said(arg) for arg in args if ast.unparse(arg) != 'm')})"
        case ast.UnaryOp(op=ast.Not(), operand=of):
            return f"!{_said(of)}"
        case ast.UnaryOp(op=ast.USub(), operand=of):
            return f"-{_said(of)}"
        case ast.Compare(left=left, ops=[ast.GtE()], comparators=[right]):
            return f"{_said(left)} >= {_said(right)}"
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            return f"{_said(left)} {'+' if isinstance(op, ast.Add) else '-'} {_said(right)}"
    raise TypeError(f"no C for {ast.unparse(node)!r}")


_HEAD = """/* Derived from the rules under sim/model; never edited. */
"""

_LANES = """
struct record {{ int rows, months, row[]; }};

static void fill(int row, double value)
{{
    for (int i = 0; i < LANES; i++)
        m[row * LANES + i] = value;
}}

static void copy(int row, int source)
{{
    for (int i = 0; i < LANES; i++)
        m[row * LANES + i] = m[source * LANES + i];
}}

__attribute__((export_name("roll")))
void roll(int row, uint32_t seed, uint32_t seed_high, const uint32_t *run, const uint32_t *run_high)
{{
    for (int pair = 0; pair < PAIRS; pair++)
        for (int i = 0; i < LANES; i++) {{
{two_draws}
        }}
}}

static void limit(int place, const double *held)
{{
    fill(FLOOR[place], held[0]);
    fill(CEILING[place], held[1]);
}}

static void score_bundles(const double (*limits)[2])
{{
    int first = 1; /* bundles come in the order of arms, payment and technology */
    for (int arms = 0; arms < (int)(sizeof ARMS / sizeof ARMS[0]); arms++) {{
        fill(bundled_arms, ARMS[arms]);
        survey_arms();
        for (int pay = 0; pay < (int)(sizeof PAY / sizeof PAY[0]); pay++) {{
            fill(bundled_pay, PAY[pay]);
            for (int place = 0; place < TECHNOLOGIES; place++)
                limit(place, limits[first + place]);
            score_deal();
            for (int place = 0; place < TECHNOLOGIES; place++) {{
                copy(TABLE[first + place], OFFERED[place]);
{consider}            }}
            first += TECHNOLOGIES;
        }}
    }}
}}

static void take_bundle(int row, int part)
{{
    for (int i = 0; i < LANES; i++)
        m[row * LANES + i] = BUNDLE[(int)m[bundle * LANES + i]][part];
}}

static void keep(int month, const struct record *record, double *series, int8_t *played)
{{
    for (int r = 0; r < record->rows; r++)
        for (int i = 0; i < LANES; i++)
            series[(r * LANES + i) * record->months + month] = m[record->row[r] * LANES + i];
    for (int k = 0; k < (int)(sizeof MOVES / sizeof MOVES[0]); k++)
        for (int i = 0; i < LANES; i++) {{
            int place = 0;
            for (int o = 1; o < COUNT[k]; o++) /* options rise */
                if (m[MOVES[k] * LANES + i] >= VALUE[k][o])
                    place = o;
            played[(i * record->months + month) * (int)(sizeof MOVES / sizeof MOVES[0]) + k] = place;
        }}
}}
"""

_CONSIDER = """                for (int k = 0; k < {keep}; k++)
                    copy(WEIGHED[first + place][k], CONSIDERED[place][k]);
"""

_EXPORTS = """
__attribute__((export_name("workspace"))) double *workspace(void) { return m; }
__attribute__((export_name("says"))) const char *says(void) { return said; }
__attribute__((export_name("fingerprint"))) const char *fingerprint(void) { return FINGERPRINT; }
"""
