"""One word for one thing: what the table of words in CONTRIBUTING rules out is written nowhere that people read."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECTION = re.findall(r"^## Words\n(.*?)^## ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M | re.S)[0]
ROWS = [line.split("|")[1:4] for line in SECTION.splitlines() if line.startswith("|")][2:]
WRONG = [wrong for *_, cell in ROWS for wrong in re.findall("`([^`]+)`", cell)]
FOR_EVERYTHING = re.findall(r"`(\w+)`", SECTION.partition("Names for everything")[2].partition(")")[0])
# The rules keep the words of their specification, decisions those of their day.
APART = ("sim/model", "sim/registers", "docs/decisions", "docs/claims.md", "docs/odd")


def prose(path: Path) -> Iterator[str]:
    """Yield what people read of a file: all of a page; of a source comments, docstrings and strings with a space."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield text
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and " " in token.string):
            yield token.string


PAGES = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md"), *ROOT.glob("sim/report/templates/**/*.md"),
]  # fmt: skip
LONGEST = 45  # words of a sentence
READ = ("README.md", "docs/**/*.md", "scenarios/*.yaml", "sim/**/*.py", "sim/**/*.html", "sim/**/en.json")
FILES = [
    path
    for pattern in READ
    for path in sorted(ROOT.glob(pattern))
    if not path.relative_to(ROOT).as_posix().startswith(APART)
]
SOURCES = [
    path
    for folder in ("sim", "research", "tests", "benchmarks", "website", "notebooks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the names that a source gives, with their lines, but those of tests, which are sentences."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
                | ast.arg(arg=name)
                | ast.FunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.ExceptHandler(name=str(name))
                | ast.alias(asname=str(name))
            ) if not name.startswith("test_"):
                yield node.lineno, name


def sentences(page: str) -> Iterator[str]:
    """Yield the sentences of a page in Markdown: no code, no tables, formulas and headings, no addresses of links."""
    text = re.sub(r"^(```|\$\$|---).*?^\1", "", page, flags=re.S | re.M)
    for paragraph in re.split(r"\n\s*\n|\n(?=[-*|#>]|\d+\. )", re.sub(r"\]\([^)]*\)", "]", text)):
        if not paragraph.lstrip().startswith(("|", "#", "<", ":")):
            yield from re.split(r"(?<=[.!?])[)*]*\s+", " ".join(paragraph.split()))


def says_nothing(name: str) -> bool:
    return not set(FOR_EVERYTHING).isdisjoint(name.lower().split("_"))


def misused(text: str) -> list[str]:
    """Return which words of the last column stand in a text."""
    return [wrong for wrong in WRONG if re.search(rf"\b{re.escape(wrong)}\b", " ".join(text.split()))]


def public_classes(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def test_no_two_public_classes_have_one_name() -> None:
    """Mesa's model and pairs have one that shows itself: to whoever types `sim.Pair` the two are one."""
    sources = [path for path in ROOT.glob("sim/**/*.py") if "web" not in path.parts]
    names = [name for path in sources for name in public_classes(path)]
    assert {name for name in names if names.count(name) > 1} <= {"Peninsula", "Pair", "Drivers"}


def test_what_was_meant_is_looked_for_in_one_place() -> None:
    """The registers, which nothing may stand below, have their own."""
    sources = ROOT.glob("sim/**/*.py")
    places = {path.relative_to(ROOT).as_posix() for path in sources if "difflib" in path.read_text(encoding="utf-8")}
    assert places == {"sim/scenario/errors.py", "sim/registers/register_files.py"}


def test_names_are_read_wherever_they_are_given() -> None:
    given = """
def test_each(lived, *, told_so):
    import re as found
    self.found_at, [EACH] = told, found
    with each() as (told, _found): pass
    for reached in lived: pass
    try: pass
    except each as lived: pass
def _told(): pass
class Lived: pass
"""
    names = [name for _, name in identifiers(ast.parse(given)) if says_nothing(name)]
    assert sorted(names) == [
        "EACH", "Lived", "_found", "_told", "found", "found_at", "lived", "lived", "told", "told_so",
    ]  # fmt: skip


def test_a_name_says_what_it_holds() -> None:
    places = [
        f"{path.relative_to(ROOT).as_posix()}:{line} {name}"
        for path in SOURCES
        for line, name in sorted(identifiers(ast.parse(path.read_text(encoding="utf-8"))))
        if says_nothing(name)
    ]
    assert not places, "\n".join(["these names say nothing of what they hold:", *places])


def test_no_module_has_a_function_of_its_own_name() -> None:
    places = [
        f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
        for path in SOURCES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == path.stem
        if path.relative_to(ROOT).as_posix() != "sim/model/transition/economy.py"  # a stock's rule has the stock's name
    ]
    assert not places, "\n".join(["a function has the name of its module:", *places])


def test_the_table_is_read() -> None:
    assert len(ROWS) == 13 and len(FILES) > 150 and len(SOURCES) > 300
    assert FOR_EVERYTHING == ["found", "each", "lived", "told"]
    text = "In 41% of 200\nworlds every arm is lived."
    assert misused(text) == ["worlds", "every arm", "lived"]


def test_a_share_is_written_without_a_blank() -> None:
    """42%, and not 42 %; code that takes a remainder stands outside prose."""
    blank = re.compile(r"\d[ \u00a0]%(?![}\w(])")
    assert [(str(path), text) for path in FILES for text in prose(path) if blank.search(text)] == []


def test_people_read_one_word_for_one_thing() -> None:
    assert [(str(path), wrong) for path in FILES for text in prose(path) for wrong in misused(text)] == []


def test_sentences_are_counted() -> None:
    page = "# A head\n\nOne [two](four.md).\nFive *six.* Seven\n\n| a | table |\n\n```sh\ncode. more\n```\n\n* eight.\n"
    assert [sentence.split() for sentence in sentences(page) if sentence] == [
        ["One", "[two]."], ["Five", "*six."], ["Seven"], ["*", "eight."],
    ]  # fmt: skip


def test_no_sentence_of_a_page_is_long() -> None:
    every = ((path, sentence) for path in PAGES for sentence in sentences(path.read_text(encoding="utf-8")))
    long = [(str(path), sentence) for path, sentence in every if len(sentence.split()) > LONGEST]
    assert not long, f"over {LONGEST} words: make two of it"
