"""Where the verdict stands that travels with the page; ``python -m research.verdict_page`` puts it there."""

FILE = "verdict.json"
DEPENDS = "depends"  # its key for what the answer depends on
