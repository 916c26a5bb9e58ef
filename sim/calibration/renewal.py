"""Rules that changed in their words and not in what they do: the retained sets stay, and the proof is kept beside them.

``python -m sim.calibration.renewal OLDER`` runs the history of every retained set under the sources of today and under
those in the folder OLDER, the ones that kept the sets (``git archive`` makes such a folder), with and without an arms
deal. Where every state and every move of every month is the same to the last bit, ``sim/calibration/renewed.json`` says
so, and the sets count as belonging to the rules of today. Else they must be made anew
(:mod:`sim.calibration.matching`). The file of the sets itself is never written.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sim.calibration import retained

RUNS = 20  # of every set, in each of the two runs
FILE = Path(retained.__file__).with_name(retained.RENEWED)

# Run under both sources, by names that both have.
_HISTORY = f"""
import hashlib, json, sim
from sim.article import register
try:
    from sim.calibration import hindcast, retained
except ImportError:  # sources up to 0.1.0
    from sim.experiments import hindcast, retained
found, world, months = retained.retained(), hindcast.hindcast(), hashlib.sha256()
for each in (world, hindcast.without_deal(world)):
    simulate_sets = getattr(hindcast, "simulate_sets", None) or hindcast.live  # live: sources up to 0.2.0
    many = simulate_sets(each, found.sets, {RUNS}, 1)
    months.update(many.states.tobytes() + many.played.tobytes())
ranges = {{name: [entry.low, entry.high] for name, entry in register.parameters().items() if name in found.sets}}
print(json.dumps({{"source": sim.__file__, "rests_on": retained.rests_on(), "ranges": ranges,
                  "runs": {RUNS} * len(found), "months": months.hexdigest()}}))
"""


def history(tree: Path) -> dict[str, Any]:
    """Return what the sources in a folder make of the history of every retained set, and what they are.

    Raises
    ------
    ValueError
        If the folder has no such sources.
    """
    places = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run([sys.executable, "-c", _HISTORY], cwd=tree, env=places, capture_output=True, text=True)
    if done.returncode:
        raise ValueError(f"{tree}: its sources do not simulate the hindcast:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    if not Path(found.pop("source")).is_relative_to(tree.resolve()):
        raise ValueError(f"{tree} has no folder `sim`; give one that holds the sources which kept the sets")
    return found


def renewed(older: dict[str, Any], today: dict[str, Any], kept_by: dict[str, str]) -> dict[str, Any]:
    """Return what is written where the sources of today do what the older ones did.

    Raises
    ------
    ValueError
        If the older ones did not keep the sets, or a range, a bound, a state or a move differs.
    """
    bounds = "the bounds of the patterns and series"
    if older["rests_on"] != kept_by:
        raise ValueError("these are not the sources that kept the sets; retained.parquet says which did")
    if older["ranges"] != today["ranges"] or older["rests_on"][bounds] != today["rests_on"][bounds]:
        raise ValueError("a range of an uncertain parameter or a bound differs: make the sets anew")
    if older["months"] != today["months"]:
        raise ValueError("the sets simulate another history by the rules of today: make them anew")
    return {"from": older["rests_on"], "to": today["rests_on"], "runs": today["runs"], "months": today["months"]}


def main(tree: str) -> int:
    """Compare, and write what came out."""
    kept_by = retained.retained().made["rests_on"]
    try:
        found = renewed(history(Path(tree)), history(Path(retained.__file__).parents[2]), kept_by)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    FILE.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{found['runs']:,} runs, with and without an arms deal: the same to the last bit, {found['months']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
