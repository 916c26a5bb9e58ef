"""The page: ensembles at the move of a control, one run, a capital to play, lessons."""

import json
from importlib.resources import files
from typing import Any


def shipped(name: str) -> Any:
    """Return what a JSON file says that travels with the page, by its place beside this file."""
    return json.loads(files("sim.web").joinpath(name).read_text(encoding="utf-8"))
