"""The compiled engine's source: stages, draws and the order of a month in the language of LLVM.

The workspace is one flat array with ``lanes`` numbers a row, a lane a run. An operation of a rule is one line, on as
many lanes as two registers of the processor hold. Nothing is left to be optimized: the graph has each
operation once, no stage branches and none may be reordered, so LLVM has only to pick instructions, which takes seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.engine import draws
from sim.engine.compiled.llvm_month import Array, function, in_llvm, llvm_number, table
from sim.engine.plan import GIVEN
from sim.engine.tracing.graph import Graph, Node
from sim.engine.tracing.month_order import BEGIN, SIMULATE_RUNS, identifier, names_of_month
from sim.engine.tracing.stages import Stage, Stages
from sim.engine.tracing.words import INPUTS, Step, Word, two_draws
from sim.model.moves import LEVERS

_TEXT = {"+": "fadd {v} {}, {}", "-": "fsub {v} {}, {}", "*": "fmul {v} {}, {}", "/": "fdiv {v} {}, {}",
         "neg": "fneg {v} {}", "sqrt": "call {v} @llvm.sqrt.{name}({v} {})",
         "**": "call {v} @llvm.pow.{name}({v} {}, {v} {})"}  # fmt: skip
# As Python does them, so that all engines treat ties alike: the first below the second, then the third, else the last.
_SELECT = {"if_below": (0, 1, 2, 3), "max": (0, 1, 1, 0), "min": (1, 0, 1, 0)}
_ON_WORDS = {"+": "add", "*": "mul", "&": "and", "^": "xor", ">>": "lshr"}
_ON_NUMBERS = {"+": "fadd", "*": "fmul"}


@dataclass(frozen=True)
class Vectors:
    """How runs stand side by side.

    Attributes
    ----------
    lanes
        Runs in a row of the workspace.
    width
        Runs that one operation works on; ``lanes`` is a multiple of it.
    """

    lanes: int
    width: int

    @property
    def numbers(self) -> str:
        """The type of a number of each of as many runs as an operation works on."""
        return f"<{self.width} x double>"

    @property
    def words(self) -> str:
        """The same of a word of 64 bits."""
        return f"<{self.width} x i64>"

    def constant(self, value: float) -> str:
        """Return a number that is the same in all runs."""
        return f"splat (double {llvm_number(value)})"

    def functions(self) -> str:
        """Return what LLVM brings along."""
        name = f"v{self.width}f64"
        roots = f"declare {self.numbers} @llvm.sqrt.{name}({self.numbers})"
        return f"{roots}\ndeclare {self.numbers} @llvm.pow.{name}({self.numbers}, {self.numbers})"

    def loop(self, lines: Iterable[str], step: int) -> list[str]:
        """Return the body of a function that does the same for every ``step`` lanes, from lane ``%i`` on."""
        return ["entry:", "br label %lanes", "lanes:", "%i = phi i64 [0, %entry], [%next, %lanes]", *lines,
                f"%next = add i64 %i, {step}", f"%done = icmp eq i64 %next, {self.lanes}",
                "br i1 %done, label %over, label %lanes", "over:", "ret void"]  # fmt: skip

    def spread(self, name: str, kind: str, value: str) -> list[str]:
        """Return the lines that set a name to the same number or word in all lanes."""
        vector = f"<{self.width} x {kind}>"
        return [f"{name}.one = insertelement {vector} poison, {kind} {value}, i64 0",
                f"{name} = shufflevector {vector} {name}.one, {vector} poison, <{self.width} x i32> zeroinitializer",
        ]  # fmt: skip

    def stage(self, graph: Graph, stage: Stage) -> str:
        """Return a stage as a function of the workspace."""
        lines: list[str] = []
        names: dict[int, str] = {}  # by the node's place
        for node in stage.sort_nodes(graph):
            row = stage.read(node)
            name = names[node.place] = f"%{identifier(row)}" if row else f"%v{len(names)}"
            if node.op == "constant":
                names[node.place] = self.constant(float.fromhex(node.args[0]))
            elif node.op == "as":
                names[node.place] = names[node.args[0].place]
            elif row:
                lines += self._load(name, graph.rows[row])
            else:
                lines += self._operation(node, name, [names[arg.place] for arg in node.args])
        for row, node in stage.outputs.items():
            lines += self._store(names[node.place], f"%{identifier(row)}.to", graph.rows[row])
        return function(stage.name, [], self.loop(lines, self.width))

    def _operation(self, node: Node, name: str, args: list[str]) -> list[str]:
        if node.op in _SELECT:
            x, limit, yes, no = (args[place] for place in _SELECT[node.op])
            return [f"{name}.below = fcmp olt {self.numbers} {x}, {limit}",
                    f"{name} = select <{self.width} x i1> {name}.below, {self.numbers} {yes}, {self.numbers} {no}",
            ]  # fmt: skip
        return [f"{name} = " + _TEXT[node.op].format(*args, v=self.numbers, name=f"v{self.width}f64")]

    def _at(self, name: str, row: int | str) -> str:
        """Return the line that finds a row at these lanes."""
        return f"{name}.at = getelementptr [{self.lanes} x double], ptr %m, i64 {row}, i64 %i"

    def _load(self, name: str, row: int | str) -> list[str]:
        """Return the lines that read a row."""
        return [self._at(name, row), f"{name} = load {self.numbers}, ptr {name}.at, align 8"]

    def _store(self, value: str, name: str, row: int | str) -> list[str]:
        """Return the lines that set a row, whose place gets a name, to a value."""
        return [self._at(name, row), f"store {self.numbers} {value}, ptr {name}.at, align 8"]

    def fill(self) -> str:
        """Return the function that sets a row to a number."""
        lines = [*self.spread("%all", "double", "%value"), *self._store("%all", "%to", "%row")]
        return function("fill", ["i64 %row", "double %value"], self.loop(lines, self.width))

    def fill_runs(self) -> str:
        """Return the function that sets a row to an array of a number a run."""
        lines = ["%from = getelementptr double, ptr %values, i64 %i", f"%all = load {self.numbers}, ptr %from, align 8"]
        lines += self._store("%all", "%to", "%row")
        return function("fill_runs", ["i64 %row", "ptr %values"], self.loop(lines, self.width))

    def copy(self) -> str:
        """Return the function that sets a row to another."""
        lines = [*self._load("%all", "%source"), *self._store("%all", "%to", "%row")]
        return function("copy", ["i64 %row", "i64 %source"], self.loop(lines, self.width))

    def two_draws(self, chance: int) -> str:
        """Return the function that draws two numbers a run, into the rows from ``chance`` on."""
        steps, drawn = two_draws()
        lines = []
        for name in ("run", "run_high"):
            lines += [f"%{name}.at = getelementptr i64, ptr %{name}.all, i64 %i",
                      f"%{name} = load {self.words}, ptr %{name}.at, align 8"]  # fmt: skip
        for name in ("pair", "row", "seed", "seed_high"):
            lines += self.spread(f"%{name}", "i64", f"%{name}.all")
        lines += [line for step in steps for line in self._step(step)]
        lines += ["%twice = mul i64 %pair.all, 2"]
        for place, draw in enumerate(drawn):
            lines += [f"%row{place} = add i64 %twice, {chance + place}",
                      *self._store(f"%{draw.name}", f"%to{place}", f"%row{place}")]  # fmt: skip
        asked = [f"{'ptr' if name.startswith('run') else 'i64'} %{name}.all" for name in INPUTS]
        return function("two_draws", asked, self.loop(lines, self.width))

    def _step(self, step: Step) -> list[str]:
        """Return the lines of a step of the generator."""
        lines, names = [], []
        for place, arg in enumerate(step.args):
            if not isinstance(arg, Word):
                names.append(self.constant(arg) if step.real else f"splat (i64 {arg})")
            elif step.real and not arg.real:
                names.append(f"%{step.name}.{place}")
                lines.append(f"{names[-1]} = uitofp {self.words} %{arg.name} to {self.numbers}")
            else:
                names.append(f"%{arg.name}")
        kind, sign = (self.numbers, _ON_NUMBERS[step.sign]) if step.real else (self.words, _ON_WORDS[step.sign])
        return [*lines, f"%{step.name} = {sign} {kind} {names[0]}, {names[1]}"]

    def take_bundle(self, bundle: int) -> str:
        """Return the function that sets a row to a part of the bundle that each run has taken."""
        lines = [self._at("%from", bundle), self._at("%to", "%row"), "%taken = load double, ptr %from.at",
                 "%which = fptosi double %taken to i64", "%three = mul i64 %which, 3", "%place = add i64 %three, %part",
                 "%value.at = getelementptr double, ptr @BUNDLE, i64 %place", "%value = load double, ptr %value.at",
                 "store double %value, ptr %to.at"]  # fmt: skip
        return function("take_bundle", ["i64 %row", "i64 %part"], self.loop(lines, 1))

    def keep_row(self) -> str:
        """Return the function that records a row: of each run a month, ``months`` apart; rows lie ``runs`` apart."""
        lines = [self._at("%from", "%row"), "%value = load double, ptr %from.at",
                 "%before = mul i64 %place, %runs", "%run = add i64 %before, %i",
                 "%first = mul i64 %run, %months", "%to = add i64 %first, %month",
                 "%to.at = getelementptr double, ptr %series, i64 %to", "store double %value, ptr %to.at"]  # fmt: skip
        asked = ["i64 %row", "i64 %place", "i64 %month", "i64 %runs", "i64 %months", "ptr %series"]
        return function("keep_row", asked, self.loop(lines, 1))

    def keep_moves(self, moves: list[int], values: list[list[float]], count: list[int]) -> str:
        """Return the function that records the options taken, by their places: as many as rose above their values."""
        lines = ["%before = mul i64 %i, %months", "%at = add i64 %before, %month"]
        lines += [f"%first = mul i64 %at, {len(moves)}"]
        for lever, row in enumerate(moves):
            taken = f"%move{lever}"
            lines += [self._at(taken, row), f"{taken} = load double, ptr {taken}.at"]
            place = "0"
            for option in range(1, count[lever]):
                name = f"{taken}.{option}"
                lines += [f"{name}.above = fcmp oge double {taken}, {llvm_number(values[lever][option])}",
                          f"{name}.one = zext i1 {name}.above to i8",
                          f"{name} = add i8 {place}, {name}.one"]  # fmt: skip
                place = name
            lines += [f"{taken}.there = add i64 %first, {lever}",
                      f"{taken}.to = getelementptr i8, ptr %played, i64 {taken}.there",
                      f"store i8 {place}, ptr {taken}.to"]  # fmt: skip
        return function("keep_moves", ["i64 %month", "i64 %months", "ptr %played"], self.loop(lines, 1))


def month_loop_source(traced: Stages, lanes: Vectors) -> str:
    """Return the source of the month loop.

    Parameters
    ----------
    traced
        All stages.
    lanes
        How runs stand side by side.
    """
    known = names_of_month(traced.rows) | {"PAIRS": draws.PAIRS}
    known["given"] = Array("double", "%given", (len(GIVEN), lanes.lanes))
    return "\n\n".join([
        lanes.functions(), *(table(name, known[name]) for name in ("BUNDLE", "VALUE")),
        *(lanes.stage(traced.graph, stage) for stage in traced.stages),
        lanes.fill(), lanes.fill_runs(), lanes.copy(), lanes.two_draws(known["CHANCE"]),
        lanes.take_bundle(known["bundle"]),
        lanes.keep_row(), lanes.keep_moves(known["MOVES"], known["VALUE"], known["COUNT"]),
        in_llvm(BEGIN, known), in_llvm(SIMULATE_RUNS, known, _PARTS),
        _groups(len(traced.rows), lanes.lanes), _ATTRIBUTES,
    ])  # fmt: skip


def _groups(rows: int, lanes: int) -> str:
    """Return the functions that begin and simulate some groups of lanes, one after the other."""
    asked = (
        "ptr %m", "i64 %first", "i64 %last", "ptr %given", "ptr %script", "ptr %limits", "ptr %scripted_deal",
        "i64 %seed", "i64 %seed_high", "ptr %run", "ptr %run_high", "i64 %unilateral", "i64 %prospect",
        "i64 %conditional", "ptr %told", "ptr %support", "ptr %record", "ptr %series", "ptr %played",
    )  # fmt: skip
    months = ["%months.at = getelementptr i64, ptr %record, i64 2", "%months = load i64, ptr %months.at",
              f"%numbers = mul i64 %months, {lanes}", f"%options = mul i64 %numbers, {len(LEVERS)}"]  # fmt: skip
    runs = {"run": ("i64", str(lanes)), "run_high": ("i64", str(lanes))}
    workspace = {"m": ("double", str(rows * lanes))}
    apart = {"given": ("double", "%apart"), "series": ("double", "%numbers"), "played": ("i8", "%options")}
    return "\n\n".join([
        _by_group("begin", ["i64 %groups"], ("ptr %m", "ptr %first_moves"), [], workspace),
        _by_group("simulate", ["i64 %groups", "i64 %apart"], asked, months, workspace | runs | apart),
    ])  # fmt: skip


def _by_group(
    name: str, counts: list[str], asked: tuple[str, ...], before: list[str], apart: dict[str, tuple[str, str]]
) -> str:
    """Return the function that calls another once a group; what each has of its own lies so many numbers apart."""
    lines = []
    for arg, (kind, step) in apart.items():
        far = f"%{arg}.far"
        lines += [f"{far} = mul i64 %group, {step}", f"%{arg}.at = getelementptr {kind}, ptr %{arg}, i64 {far}"]
    passed = [f"{arg}.at" if arg.split(" %")[1] in apart else arg for arg in asked]
    body = ["entry:", *before, "br label %groups_of", "groups_of:",
            "%group = phi i64 [0, %entry], [%next, %groups_of]", *lines, f"call void @{name}({', '.join(passed)})",
            "%next = add i64 %group, 1", "%done = icmp eq i64 %next, %groups",
            "br i1 %done, label %over, label %groups_of", "over:", "ret void"]  # fmt: skip
    return "\n".join([f"define void @{name}_groups({', '.join([*counts, *asked])}) #0 {{", *body, "}"])


def stage_source(graph: Graph, stage: Stage, lanes: Vectors) -> str:
    """Return the source of a single stage.

    Parameters
    ----------
    graph, stage
        What it computes.
    lanes
        How runs stand side by side.
    """
    return "\n\n".join([lanes.functions(), lanes.stage(graph, stage), _ATTRIBUTES])


_ATTRIBUTES = 'attributes #0 = { nounwind "prefer-vector-width"="512" }\n'  # as wide as the registers are
_PARTS = """
def roll(m, row, seed, seed_high, run, run_high):
    for pair in range(PAIRS):
        two_draws(m, pair, row, run, run_high, seed, seed_high)


def limit(m, place, held):
    fill(m, FLOOR[place], held[0])
    fill(m, CEILING[place], held[1])


def score_bundles(m, limits):
    for arms in range(len(ARMS)):
        fill(m, bundled_arms, ARMS[arms])
        survey_arms(m)
        for pay in range(len(PAY)):
            fill(m, bundled_pay, PAY[pay])
            for place in range(TECHNOLOGIES):
                limit(m, place, limits[1 + (arms * len(PAY) + pay) * TECHNOLOGIES + place])
            score_deal(m)
            for place in range(TECHNOLOGIES):
                copy(m, TABLE[1 + (arms * len(PAY) + pay) * TECHNOLOGIES + place], OFFERED[place])


def keep(m, month, record, series, played):
    for place in range(record[0]):
        keep_row(m, record[place + 3], place, month, record[1], record[2], series)
    keep_moves(m, month, record[2], played)
"""
