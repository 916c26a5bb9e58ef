"""How long registers and a scenario take to load, and one to be refused that is as large as may be and all wrong.

``python -m benchmarks.loading`` prints processor seconds for each way to be wrong; a link or an upload is such a file.
"""

import time
from collections.abc import Callable

from sim.registers.register import registered_parameters
from sim.scenario import ScenarioError, load, loads
from sim.scenario.yaml_reading import LARGEST

KEYS = 20_000
MOVE = "- {{capital: Beijing, lever: trade, option: {}, from: 2019-01, to: {}}}"


def _lines(head: str, line: str) -> Callable[[int], str]:
    return lambda count: "\n".join([head, *(line.format(number) for number in range(count))])


def _contradicting(last: str) -> Callable[[int], str]:
    return lambda count: "\n".join(
        ["moves:", *(MOVE.format(("trim", "squeeze")[number % 2], last) for number in range(count))]
    )


WRONG: dict[str, Callable[[int], str]] = {
    "unknown keys": _lines("name: a", "a{}: 1"),
    "keys like one that is known": _lines("name: a", "moves{}: 1"),
    "unknown drivers": _lines("drivers:", " a{}: 1"),
    "unknown parameters": _lines("parameters:", " a{}: 1"),
    "parameters like one that is known": _lines("parameters:", " need{}: 1"),
    "unknown keys below months": _lines("months:", " a{}: 1"),
    "one key again and again": lambda count: "name: a\n" * count,
    "claims that are none": _lines("without:", "- C{}"),
    "layers that are no numbers": _lines("drivers:\n border:", " - a{}"),
    "months that are none": _lines("drivers:\n border:", "  a{}: 1"),
    "moves without anything": _lines("moves:", "- {{a{}: 1}}"),
    "moves of no capital": _lines("moves:", "- {{capital: a{}}}"),
    "moves that contradict each other": _contradicting("2019-01"),
    "long moves that contradict each other": _contradicting("2045-12"),
    "administrations of no goal": _lines("administrations:", "- {{capital: Seoul, goal: a{}}}"),
}


def refused(text: str) -> ScenarioError:
    """Return what is wrong with a text."""
    try:
        loads(text)
    except ScenarioError as error:
        return error
    raise AssertionError("this text is a scenario")


def main() -> None:
    """Print the table."""
    start = time.process_time()
    print(f"{'the registers':36}{len(registered_parameters()):8,} parameters {time.process_time() - start:21.2f} s")
    start = time.process_time()
    load("border-closes-again")
    print(f"{'a scenario that travels with it':56}{time.process_time() - start:21.2f} s")
    for name, made in WRONG.items():
        count = KEYS
        while len(text := made(count)) > LARGEST:
            count = count * LARGEST // len(text)
        start = time.process_time()
        error = refused(text)
        str(error)
        print(f"{name:36}{count:8,} lines {len(error.problems):8,} problems {time.process_time() - start:6.2f} s")


if __name__ == "__main__":
    main()
