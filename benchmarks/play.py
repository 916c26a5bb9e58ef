"""What the game's scores are worth: games by four strategies in every seat, and what cards said and brought.

``python -m benchmarks.play`` writes the page to a folder of its own, plays there under Node as the page does, and
prints the tables of docs/play-scores.md (some ten seconds of one core
for a game of every seat). A score is points ahead of
history without the player, under the same chance.

nothing
    No order at all: all that the seat decides stays as it stood before the game.
random
    Any card of every matter.
hope
    The card with the highest expected gain.
model
    The card of which the model's own capital expects most: what it would choose, were it never to err.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import bootstrap, spearmanr

from sim.model.capitals import CAPITALS
from sim.web.site_folder import write_site

STRATEGIES = ("nothing", "random", "hope", "model")
_SCRIPT = Path(__file__).with_suffix(".js")


def games(folder: Path, kind: str, count: int, seconds: float) -> list[dict[str, Any]]:
    """Return what was played, each number in all seats, until all are or the time is over."""
    command = ["node", str(_SCRIPT), str(folder), kind, str(count)]
    played = []
    end = time.monotonic() + seconds
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        for line in program.stdout:
            played.append(json.loads(line))
            if time.monotonic() > end:
                program.kill()
                break
    if program.returncode > 0:
        raise SystemExit("the games could not be played: see above")
    whole = len(played) // len(CAPITALS)
    return played[: whole * len(CAPITALS)]


def interval(values: list[float]) -> tuple[float, float, float]:
    """Return a mean and its 95% interval."""
    bounds = bootstrap((values,), np.mean, method="percentile", rng=1).confidence_interval
    return float(np.mean(values)), bounds.low, bounds.high


def rank(pairs: list[tuple[float, float]]) -> float:
    """Return the rank correlation of pairs."""
    return float(spearmanr(*zip(*pairs, strict=True)).statistic)


def report(played: list[dict[str, Any]]) -> str:
    """Return scores by seat and strategy, and how what cards say ranks with what they bring."""
    lines = [f"| seat | {' | '.join(STRATEGIES)} | hope beats random | model beats nothing |", "|---" * 7 + "|"]
    for seat in CAPITALS:
        own = {name: [game["scores"][name] for game in played if game["seat"] == seat] for name in STRATEGIES}
        means = {name: interval(values) for name, values in own.items()}
        pairs = (("hope", "random"), ("model", "nothing"))
        beats = ["yes" if means[one][1] > means[other][2] else "no" for one, other in pairs]
        cells = [f"{mean:.1f} ({low:.1f} to {high:.1f})" for mean, low, high in means.values()]
        lines.append(f"| {' | '.join([seat, *cells, *beats])} |")
    judged = [game for game in played if game["cards"]]
    cards = [tuple(card) for game in judged for card in game["cards"]]
    beyond = [game["scores"]["random"] - game["scores"]["nothing"] for game in judged]
    sums = [sum(said for said, _ in game["cards"]) for game in judged]
    scores = [game["scores"]["random"] for game in judged]
    return "\n".join([
        *lines, "", f"{len(played) // len(CAPITALS)} games a seat.",
        f"Rank correlation over {len(judged)} random games: {rank(cards):.2f} between what {len(cards)} cards said and "
        f"brought,\n{rank(list(zip(sums, beyond, strict=True))):.2f} between the sum of a game's cards and its score "
        f"beyond that of no order at all,\n{rank(list(zip(sums, scores, strict=True))):.2f} between that sum and the "
        "score itself.",
    ])  # fmt: skip


def main() -> None:
    """Play, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--games", type=int, default=500, help="of each seat (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=600, help="after which it stops (default: %(default)s)")
    parser.add_argument("--kind", choices=("history", "now"), default="history")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder) / "page")
        print(report(games(Path(folder) / "page", asked.kind, asked.games, asked.seconds)))


if __name__ == "__main__":
    main()
