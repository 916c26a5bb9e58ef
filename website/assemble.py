"""Put the pages of the site together in a folder: those of the repository, and those made from the code.

``python website/assemble.py FOLDER``. Pages keep their places, so that their links hold.
"""

import json
import re
import shutil
import sys
from pathlib import Path

import yaml

import sim
from research import command_line_pages, reference_pages
from sim import api
from sim.report.reference import protocol as odd

ROOT = Path(__file__).parents[1]
PLACES = yaml.safe_load((Path(__file__).parent / "places.yaml").read_text(encoding="utf-8"))
MADE = "reference"
DECISIONS = "docs/decisions/index"
PROTOCOL, ANNEX = "docs/odd/odd", "docs/odd/annex"  # made with its pictures in the text, where a reader can click them


def source(page: str) -> Path | None:
    """Return the file of a page of the repository; None where there is none."""
    sources = [path for ending in (".md", ".ipynb") if (path := ROOT / f"{page}{ending}").is_file()]
    return sources[0] if sources else None


def made() -> dict[str, str]:
    """Return the pages that are made from the code, by name."""
    pages = {f"{MADE}/{name}": page() for name, page in {**reference_pages.PAGES, **command_line_pages.PAGES}.items()}
    protocol = {PROTOCOL: odd.page(inline=True), ANNEX: odd.annex(inline=True)}
    return pages | protocol | {f"{MADE}/python": python_page(), DECISIONS: decisions_page()}


def python_page() -> str:
    """Return the page of public names; Sphinx fills it from their docstrings."""
    verbs = [name for name in sim.__all__ if name != "Peninsula"]
    results = [name for name in api.__all__ if name[:1].isupper()]
    parts = ["# Python names", "`import sim` gives these verbs.", *(_auto("function", f"sim.{name}") for name in verbs)]
    parts += ["## What they return", "Runs, ensembles and trials show themselves in notebooks and plot themselves."]
    classes = [f"{getattr(api, name).__module__}.{getattr(api, name).__qualname__}" for name in results]
    classes += [f"sim.report.showing.{name}" for name in ("ShownRun", "ShownEnsemble", "ShownStudy")]
    classes += [f"sim.report.results.{name}" for name in ("Ablation", "Trial", "Hindcast", "Sensitivity")]
    classes += ["sim.report.folders.evidence_folder.Findings", "sim.prediction.falsification.Refutation"]
    classes += ["sim.inference.filtering.Filtered", "sim.studies.specification.Sweep"]
    classes += ["sim.scenario.Scenario", "sim.studies.bridges.Varied"]
    return "\n\n".join([*parts, *(_auto("class", name, members=True) for name in classes)]) + "\n"


def _auto(kind: str, name: str, members: bool = False) -> str:
    options = "\n   :members:" if members else ""
    return f"```{{eval-rst}}\n.. auto{kind}:: {name}{options}\n```"


def decisions_page() -> str:
    """Return the page that lists the decisions."""
    names = sorted(path.stem for path in (ROOT / "docs" / "decisions").glob("*.md"))
    return "# Decisions\n\n```{toctree}\n\n" + "\n".join(names) + "\n```\n"


def section_page(name: str) -> str:
    """Return the page of a section: what each of its pages is for."""
    section = PLACES[name]
    listed = "\n".join(f"* {{doc}}`/{page}`: {aim}" for page, aim in section["pages"].items())
    tree = "\n".join(f"/{page}" for page in section["pages"])
    return f"# {section['title']}\n\n{listed}\n\n```{{toctree}}\n:hidden:\n\n{tree}\n```\n"


def main(folder: Path) -> None:
    """Write everything that Sphinx reads."""
    index = (Path(__file__).parent / "index.md").read_text(encoding="utf-8")
    pages = {**made(), **{name: section_page(name) for name in PLACES}, "index": index}
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    _copy_linked(index, ROOT, folder)
    stated = [page for section in PLACES.values() for page in section["pages"] if page not in pages]
    decisions = (ROOT / "docs" / "decisions").glob("*.md")
    for path in [*filter(None, map(source, stated)), *decisions]:
        _copy(path, folder)
        _copy_linked(path.read_text(encoding="utf-8"), path.parent, folder)


def _copy_linked(text: str, base: Path, folder: Path) -> None:
    """Copy what a page links to and is no page: pictures, tables, sources."""
    for target in re.findall(r"\]\(([^)\s#]+)", text):
        path = (base / target).resolve()
        if path.is_file() and path.suffix not in (".md", ".ipynb"):
            _copy(path, folder)


def _copy(path: Path, folder: Path) -> None:
    target = folder / path.relative_to(ROOT)
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".ipynb":
        target.write_text(with_words(path.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        shutil.copyfile(path, target)


def with_words(notebook: str) -> str:
    """Return a notebook whose pictures have their words where MyST-NB looks for them: at the cell."""
    read = json.loads(notebook)
    for cell in read["cells"]:
        for output in cell.get("outputs", []):
            if words := output.get("metadata", {}).get("image/png", {}).get("alt"):
                cell["metadata"]["mystnb"] = {"image": {"alt": words}}
    return json.dumps(read)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
