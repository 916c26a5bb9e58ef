"""``sim doctor``."""

import os
from typing import Annotated

import typer

from sim.cli import say
from sim.cli.guard import how_to_install
from sim.cli.options import AsJson, Quiet


def verb(
    clear_cache: Annotated[bool, typer.Option("--clear-cache", help="Remove the compiled rules.")] = False,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show versions, processor, cache and folders."""
    from sim.engine.compiled import llvm_engine

    if clear_cache:
        say.note(f"removed the compiled rules in {llvm_engine.clear_cache()}; the next run makes them anew")
    installed = {**_versions(), **_machine(), **_extras()}
    if json:
        say.as_json(installed)
    else:
        say.data(say.plain_table(("what", "found"), installed.items()))


def _versions() -> dict[str, str]:
    from platform import python_version

    from sim.engine.provenance import PACKAGES, release, rules_version
    from sim.registers.register import short_digest
    from sim.version import __version__

    missing = {"llvmlite": "not there: the batch engine answers"}
    packages = {name: release(name) or missing.get(name, "missing: install it") for name in PACKAGES}
    return {
        "driftback": __version__,
        "registers": short_digest(),
        "rules": rules_version()[:12],
        "python": python_version(),
        **packages,
    }


def _machine() -> dict[str, str]:
    import platform

    from sim.engine.compiled import llvm_engine

    home = llvm_engine.cache_home()
    sizes = [path.stat().st_size for path in home.rglob("*") if path.is_file()]
    return {
        "system": platform.platform(),
        "processor": str(llvm_engine.processor()["processor"]),
        "cores": str(os.cpu_count()),
        "engine of many runs": _engine(),
        "compiled rules": f"{home} ({sum(sizes) / 1e6:.1f} MB)",
        "this folder": "can be written to" if os.access(".", os.W_OK) else "cannot be written to: use --out elsewhere",
    }


def _engine() -> str:
    """Return which engine would simulate many runs, and why."""
    from sim.engine import choosing

    answering = choosing.answering()
    why = {"compiled": "the fastest", "batch": "llvmlite cannot be imported; the results are the same"}
    said = os.environ.get(choosing.VARIABLE)
    return f"{answering} ({choosing.VARIABLE} says so)" if said else f"{answering} ({why[answering]})"


def _extras() -> dict[str, str]:
    """Return what is missing of each optional part, as the installed package declares them."""
    import re
    from importlib.metadata import PackageNotFoundError, requires

    from sim.engine.provenance import release

    try:
        lines = requires("driftback") or []
    except PackageNotFoundError:
        return {"optional parts": "unknown: driftback runs from its source folder without being installed"}
    wanted: dict[str, list[str]] = {}
    for line in lines:
        name, extra = re.match(r"[\w.-]+", line), re.search(r"extra == ['\"]([\w-]+)", line)
        if name and extra and extra[1] != "all":
            wanted.setdefault(extra[1], []).append(name[0])
    missing = {extra: [name for name in names if not release(name)] for extra, names in wanted.items()}
    return {
        f"optional: {extra}": f"missing {', '.join(names)}. {how_to_install(extra)}" if names else "there"
        for extra, names in missing.items()
    }
