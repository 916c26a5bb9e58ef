"""``sim status``."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import say
from sim.cli.options import AsJson, Quiet


def verb(
    study: Annotated[Path, typer.Argument(help="A folder written by `sim sweep`.")],
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show a study's progress."""
    import sim
    from sim.engine.provenance import changed_since

    opened = sim.study(study)
    asked, now = opened.store.manifest, opened.progress
    changed = changed_since(asked)
    facts = {
        "name": asked["name"],
        "points": asked["points"],
        "seed": asked["seed"],
        **vars(now),
        "finished": now.finished,
        "changed_since": changed,
    }
    if json:
        say.as_json(facts)
    else:
        remains = 0 if now.finished else now.total - now.done
        words = {
            "study": f"{asked['name']}: {asked['design']} design over {', '.join(asked['factors'][:4])}"
            + (f" and {len(asked['factors']) - 4} more" if len(asked["factors"]) > 4 else ""),
            "done": f"{now.done:,} of {now.total:,} runs at {asked['points']:,} points",
            "remain": f"{remains:,}" + (" (the interval asked for is reached)" if now.stopped_early else ""),
            "failed": f"{now.failed:,}",
            "rests on": f"driftback {asked['driftback']}, seed {asked['seed']}"
            + (f"; changed since: {' and '.join(changed)}" if changed else ""),
        }
        say.data(say.plain_table(("", ""), words.items()))
    say.say_next(say.typed_command("replay", study, 0) if now.finished else say.typed_command("sweep", study))
