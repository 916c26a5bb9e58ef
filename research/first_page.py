"""The answer on the pages that open with it, and the picture beside it: both from the run that the README begins with.

``python -m research.first_page .`` simulates it and writes the picture, and the answer between the two marks of each
page that has them, in a checkout's folder.
"""

import sys
from pathlib import Path

from research.pages import between_marks
from sim import api
from sim.report.figures import ensemble_figures
from sim.report.render.plots import draw
from sim.report.render.sheet import png
from sim.report.text import answer
from sim.web import read_from_package, verdict_file

SCENARIO, RUNS, SEED = "war-ends-early", 200, 7
PICTURE = "docs/images/war-ends-early.png"
PAGES = ("README.md", "website/index.md")
ANSWER, WORD = "answer", "word"  # what stands between marks: the answer of the run, and the word of the verdict


def write_first_pages(folder: Path) -> None:
    """Write the picture and the answer into a checkout."""
    many = api.ensemble(SCENARIO, RUNS, SEED, control=True)
    lines = api.assumption_share(SCENARIO, RUNS, SEED).splitlines()
    (folder / PICTURE).write_bytes(png(draw(ensemble_figures.difference(many, many.control))))
    first, study = answer.answer_of_run(many, many.control), read_from_package(verdict_file.FILE)
    before = [f"**{first}**", answer.headline_meaning(), answer.ON_ASSUMPTIONS]
    block = "\n\n".join([*before, "\n".join(f"* {line}" for line in lines)])
    for page in (folder / name for name in PAGES):
        text = between_marks(page.read_text(encoding="utf-8"), ANSWER, f"\n{block}\n")
        text = between_marks(text, verdict_file.DEPENDS, f"\n{study[verdict_file.DEPENDS]}\n")
        page.write_text(between_marks(text, WORD, study["word"]), encoding="utf-8")


if __name__ == "__main__":
    write_first_pages(Path(sys.argv[1]))
