"""The papers of the house agree with one another and with the program."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from sim import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = {".cff", ".csv", ".html", ".ipynb", ".json", ".md", ".py", ".toml", ".txt", ".yaml", ""}


def tracked() -> list[Path]:
    """Return the files that are under version control; without git, every file of the source folders."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]
    folders = ("sim", "tests", "docs", "scenarios", "scripts", "notebooks")
    paths = [*ROOT.iterdir(), *(path for folder in folders for path in (ROOT / folder).rglob("*"))]
    return [path for path in paths if path.is_file() and path.suffix != ".pyc"]


def sh_blocks() -> list[str]:
    return re.findall(r"^```(?:sh|bash|console|shell)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def requirement_names(lines: list[str]) -> set[str]:
    """Return the packages that requirements name, as registries spell them, without the project itself."""
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in lines}  # type: ignore[index]
    return {re.sub(r"[-_.]+", "-", name) for name in names} - {PROJECT["name"]}


# --- The README's two commands


def test_the_first_command_installs_by_itself_and_runs_a_scenario_that_is_there() -> None:
    program, verb, scenario, *options = sh_blocks()[0].split()
    assert program == "scripts/sim" and (ROOT / program).stat().st_mode & 0o111, "it has to be executable"
    assert (ROOT / "sim" / "cli" / "verbs" / f"{verb}.py").is_file()
    assert (ROOT / "scenarios" / f"{scenario}.yaml").is_file()
    assert options == ["--seed", "7"]
    assert f"runs/{scenario}-7/report.html" in README


def test_the_second_command_is_the_one_that_is_run_for_every_change() -> None:
    command = sh_blocks()[1].strip()
    assert command == "scripts/test"
    assert (ROOT / command).stat().st_mode & 0o111, "it has to be executable"
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert command in steps
    assert len(steps) <= 5, "nothing may be installed or skipped there that a newcomer does not get"


def test_the_readme_says_that_nothing_is_calibrated() -> None:
    assert "uncalibrated" in README.lower()


# --- Links


def test_every_link_within_the_project_leads_somewhere() -> None:
    """Our own rule: checkers that install from wheels alone follow addresses, or miss a file without an ending."""
    lost = []
    for page in PAGES:
        text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        targets = re.findall(r"\]\(([^)\s#]+)[^)]*\)", text)
        local = [target for target in targets if not target.startswith("https://")]
        lost += [(page.name, target) for target in local if not (page.parent / target).exists()]
    assert lost == []


def test_every_page_of_the_manual_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        for target in re.findall(r"\]\(([^)\s#]+\.md)", page.read_text(encoding="utf-8")):
            linked = (page.parent / target).resolve()
            if linked not in seen and linked.is_file():
                waiting.append(linked)
    decisions = ROOT / "docs" / "decisions"
    lost = [page for page in PAGES if page not in seen and decisions not in page.parents]
    assert not [page.relative_to(ROOT).as_posix() for page in lost]


PAPERS = [path for path in sorted((ROOT / "docs").rglob("*")) if path.is_file()]


def test_everything_under_docs_is_named_on_another_page() -> None:
    """A decision by the README's link to their folder; pages, pictures and tables by their own names."""
    texts = {page: page.read_text(encoding="utf-8") for page in PAGES}
    assert "](docs/decisions)" in README
    for paper in PAPERS:
        others = (text for page, text in texts.items() if page != paper)
        assert paper.parent.name == "decisions" or any(paper.name in text for text in others), paper


def test_pictures_are_small_enough_to_be_fetched_with_the_page() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    assert not [path.name for path in pictures if path.stat().st_size > 200_000]


# --- Versions


def test_version_changelog_and_citation_agree() -> None:
    newest = re.findall(r"^## \[(\d[^\]]*)\]", CHANGELOG, re.MULTILINE)[0]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert newest == __version__ == str(citation["version"])
    assert citation["license"] == PROJECT["license"] == "MIT"
    assert citation.keys() >= {"cff-version", "message", "title", "authors"}


def test_every_release_that_changes_results_has_a_heading_for_it() -> None:
    assert "### Results change" in CHANGELOG


def test_what_builds_the_package_is_pinned_to_the_version_of_the_constraints() -> None:
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert needs and all("==" in need and need in constraints for need in needs)


def test_constraints_name_one_exact_version_of_every_dependency_for_every_python() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert not [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+( ; python_version (<|>=) \"3\.12\")?", pin)]
    pinned = requirement_names([pin for pin in pins if ";" not in pin])
    older, newer = (requirement_names([pin for pin in pins if f"python_version {sign}" in pin]) for sign in ("<", ">="))
    assert older == newer
    assert not pinned & older
    wanted = sum(PROJECT["optional-dependencies"].values(), PROJECT["dependencies"])
    assert requirement_names(wanted) <= pinned | older


def test_the_lowest_releases_that_are_tried_are_those_that_are_declared_and_none_is_above_the_pinned_one() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "lowest"], capture_output=True, text=True, check=True)
    lowest = {Requirement(line).name.lower(): Requirement(line).specifier for line in done.stdout.splitlines()}
    wanted = sum(PROJECT["optional-dependencies"].values(), PROJECT["dependencies"])
    assert set(lowest) == {Requirement(need).name.lower() for need in wanted if ">=" in need}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    for pin in pins:
        (newest,) = pin.specifier
        for least in lowest.get(pin.name.lower(), ()):
            assert Version(least.version) <= Version(newest.version), pin.name


@pytest.mark.parametrize(("platform", "machine", "there"), [
    ("linux", "x86_64", True), ("linux", "aarch64", True), ("darwin", "arm64", True), ("win32", "AMD64", True),
    ("emscripten", "wasm32", False), ("linux", "riscv64", False), ("darwin", "x86_64", False),
])  # fmt: skip
def test_the_compiler_is_asked_for_where_there_are_wheels_of_it(platform: str, machine: str, there: bool) -> None:
    (need,) = [Requirement(line) for line in PROJECT["dependencies"] if line.startswith("llvmlite")]
    assert need.marker is not None
    assert need.marker.evaluate({"sys_platform": platform, "platform_machine": machine}) == there


def test_the_package_has_a_command_of_its_own_name() -> None:
    assert PROJECT["scripts"][PROJECT["name"]] == PROJECT["scripts"]["sim"]


def test_all_the_extras_are_in_the_extra_that_is_called_all() -> None:
    extras = dict(PROJECT["optional-dependencies"])
    (everything,) = extras.pop("all")
    assert set(re.search(r"\[(.*)\]", everything)[1].split(",")) == set(extras)  # type: ignore[index]


# --- What must not be in a file


def test_no_test_of_the_page_waits_for_a_time() -> None:
    """What takes 0.2 s on one machine takes two on another: a test waits for what it asks about."""
    waiting = re.compile(r"wait_for_timeout|\bsleep\((?!0\))")
    files = sorted((ROOT / "page" / "tests").glob("*.py"))
    assert len(files) > 5
    assert not [path.name for path in files if waiting.search(path.read_text(encoding="utf-8"))]


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    unwanted = re.compile(
        r"--(extra-)?index-url|--find-links|--trusted-host|https?://[^\s\"')]*(/simple\b|artifactory|nexus)"
        r"|(?<![\w.])/(home|root|Users|work)/\w|[A-Z]:\\Users"
    )
    places = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix in TEXT and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if unwanted.search(line)
    ]
    assert not places


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    building = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    built = subprocess.run(building, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (made,) = folder.iterdir()
    return made


def test_what_the_program_reads_travels_with_the_package(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    data = {path.relative_to(ROOT) for path in tracked() if path.is_relative_to(ROOT / "sim") and path.suffix != ".py"}
    worlds = {Path("sim") / path.relative_to(ROOT) for path in tracked() if path.is_relative_to(ROOT / "scenarios")}
    shown = (path for path in tracked() if path.is_relative_to(ROOT / "page"))
    worlds |= {Path("sim") / path.relative_to(ROOT) for path in shown if "tests" not in path.parts}
    assert not [name for name in sorted(map(Path.as_posix, data | worlds)) if name not in inside]
    assert not [name for name in inside if "tests/" in name]


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.study
def test_the_package_alone_runs_a_scenario_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Without the sources beside it: what was forgotten in the package would be found there."""
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    empty.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*pip, "--target", str(installed), str(wheel)], check=True)
    (empty / "short.yaml").write_text("war: {ends: 2022-06}\nmonths: {to: 2024-07}\n", encoding="utf-8")
    # -P and no PYTHONPATH but this: neither the folder nor an editable install of the sources comes first.
    asked = "import sim, sys; print(sim.__file__); from sim.cli import main; sys.argv = ['sim', *sys.argv[1:]]; main()"

    def typed(*words: str) -> list[str]:
        env = os.environ | {"PYTHONPATH": str(installed)}
        done = subprocess.run(
            [sys.executable, "-P", "-c", asked, *words], cwd=empty, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        where, *printed = done.stdout.splitlines()
        assert Path(where).is_relative_to(installed)
        return printed

    assert any("war-ends-early" in line for line in typed("list"))
    run = typed("run", "short.yaml", "--seed", "7", "--runs", "4", "--jobs", "1")
    assert "We simulated 4 histories twice" in " ".join(" ".join(run).split())  # wherever a line is wrapped
    results = empty / "runs" / "short-7"
    assert (results / "report.html").is_file() and (results / "manifest.json").is_file()
    typed("site", "page")
    assert {"index.html", "engine/months.wasm", "world.json"} <= files_below(empty / "page")
    assert sorted(path.name for path in empty.iterdir()) == ["page", "runs", "short.yaml"]
