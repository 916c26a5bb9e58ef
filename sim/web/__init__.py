"""The page: ensembles at the move of a control, one run, a capital to play, lessons."""

import json
from importlib.resources import files
from typing import Any

from sim.engine.web import page_folder


def read_from_package(name: str) -> Any:
    """Return what a JSON file says that stands beside this one."""
    return json.loads(files("sim.web").joinpath(name).read_text(encoding="utf-8"))


def read_from_page(name: str) -> Any:
    """Return what a JSON file of the page says."""
    return json.loads((page_folder() / name).read_text(encoding="utf-8"))
