"""What the page says of a scenario file that it cannot use: the loader's own sentences.

The loader is given a bad sample of each kind, and its words on the sample become places that the page fills in.
"""

from dataclasses import asdict

from sim.registers.register import registered_parameters
from sim.scenario import loads
from sim.scenario.errors import ScenarioError

_MEANING = registered_parameters()["postwar_need"].meaning


def _move(capital: str, lever: str, option: str) -> str:
    return f"{{capital: {capital}, lever: {lever}, option: {option}, from: 2026-03, to: 2026-04}}"


# What is wrong: a text that has it wrong, and which words of the answer stand for what.
_SAMPLES: dict[str, tuple[str, dict[str, str]]] = {
    "key": ("extends: baseline\nzzqq: 1", {}),
    "missing": ("moves: [{lever: trade, option: squeeze, from: 2026-03, to: 2026-04}]", {"capital": "key"}),
    "mapping": ("war: 1", {}),
    "numbers": ("parameters: 1", {}),
    "list": ("moves: 1", {}),
    "ids": ("without: 1", {}),
    "parameter": ("parameters: {zzqq: 1}", {}),
    "number": ("parameters: {postwar_need: zzqq}", {"0.5": "nearest"}),
    "outside": ("parameters: {postwar_need: 9.75}", {_MEANING: "meaning", "9.75": "written", "1.6": "nearest"}),
    "driver": ("drivers: {border: {2026-03: 9.75}}", {"9.75": "written", "1.2": "nearest"}),
    "month": ("drivers: {border: {zzqq: 0}}", {}),
    "end": ("war: {ends: zzqq}", {}),
    "begun": ("war: {ends: 2020-04}", {}),
    "id": ("without: [zzqq]", {}),
    "capital": (f"moves: [{_move('zzqq', 'trade', 'trim')}]", {"zzqq": "written"}),
    "lever": (f"moves: [{_move('Beijing', 'zzqq', 'trim')}]", {"zzqq": "written", "Beijing": "capital"}),
    "option": (
        f"moves: [{_move('Beijing', 'trade', 'zzqq')}]",
        {"zzqq": "written", "Beijing": "capital", "trade": "lever"},
    ),
    "twice": (
        f"moves: [{_move('Beijing', 'trade', 'trim')}, {_move('Beijing', 'trade', 'squeeze')}]",
        {"Beijing": "capital", "trade": "lever", "trim": "option", "2026-03": "from", "2026-04": "to"},
    ),
    "repeated": ("war: {}\nwar: {}", {"line 1": "line {line}"}),
    "anchor": ("war: &x {}", {}),
    "tag": ("war: !!map {}", {}),
    "no yaml": ("war: [", {"did not find expected node content": "why"}),
    "not keys": ("- 1", {}),
    "empty": ("", {}),
    "large": ("#" * 300_000, {}),
}


def sentences() -> dict[str, dict[str, str]]:
    """Return the loader's sentences by what is wrong: why, what is allowed and how to mend it."""
    return {name: _refusal(*sample) for name, sample in _SAMPLES.items()}


def _refusal(text: str, places: dict[str, str]) -> dict[str, str]:
    try:
        loads(text)
    except ScenarioError as error:
        said = asdict(error.problems[-1])
        return {key: _opened(said[key], places) for key in ("why", "allowed", "fix")}
    raise AssertionError(f"the loader takes this now: {text}")


def _opened(said: str, places: dict[str, str]) -> str:
    for word, name in places.items():
        said = said.replace(word, name if "{" in name else f"{{{name}}}")
    return said
