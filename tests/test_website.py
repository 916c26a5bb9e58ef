"""The site: every page has its place and says what it is for, every link is looked at, and nothing warns."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).parents[1]
PLACES = yaml.safe_load((ROOT / "website" / "places.yaml").read_text(encoding="utf-8"))
PLACED = [page for section in PLACES.values() for page in section["pages"]]


def loaded(name: str) -> ModuleType:
    """Return a script of the site as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "website" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


assemble, check = loaded("assemble"), loaded("check")


def test_every_page_and_notebook_has_one_place() -> None:
    pages = [path.relative_to(ROOT).with_suffix("").as_posix() for path in (ROOT / "docs").glob("*.md")]
    notebooks = [path.relative_to(ROOT).with_suffix("").as_posix() for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert not [page for page in (*pages, *notebooks) if page not in PLACED]
    assert len(PLACED) == len(set(PLACED))


def test_every_place_has_a_page_and_every_page_that_is_made_a_place() -> None:
    made = assemble.made()
    assert not [page for page in PLACED if page not in made and not assemble.source(page)]
    assert set(made) <= set(PLACED)


def test_every_page_says_what_its_reader_will_be_able_to_do() -> None:
    aims = [aim for section in PLACES.values() for aim in section["pages"].values()]
    assert not [aim for aim in aims if not (aim[0].islower() and aim.endswith(".") and len(aim.split()) > 2)]


def site(folder: Path, **pages: str) -> Path:
    """Write pages, which the check has not read yet."""
    check.page.cache_clear()
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return folder


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    site(tmp_path, a='<a href="b.html#there">x</a> <a href="#here" id="here">y</a>', b='<p id="there"></p>')
    assert check.lost(tmp_path) == []
    site(tmp_path, a='<a href="b.html#gone">x</a> <a href="c.html">y</a> <img src="d.png">')
    assert [line.split(": ")[1] for line in check.lost(tmp_path)] == [
        "b.html#gone leads nowhere", "c.html leads nowhere", "d.png leads nowhere",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        '<script src="https://elsewhere.org/x.js"></script>',
        '<link rel="stylesheet" href="//elsewhere.org/x.css">',
        '<img src="http://elsewhere.org/x.png">',
    ],
)
def test_what_is_loaded_from_another_host_is_found(body: str, tmp_path: Path) -> None:
    assert check.foreign(site(tmp_path, a='<a href="https://elsewhere.org">a link loads nothing</a>')) == []
    assert len(check.foreign(site(tmp_path, a=body))) == 1


@pytest.mark.parametrize("text", ["@import 'https://elsewhere.org/f.css';", "a { src: url(//elsewhere.org/f.woff2) }"])
def test_a_style_sheet_that_fetches_from_another_host_is_found(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.css").write_text("a { src: url(fonts/f.woff2) }", encoding="utf-8")
    assert check.foreign(tmp_path) == []
    (tmp_path / "own.css").write_text(text, encoding="utf-8")
    assert len(check.foreign(tmp_path)) == 1


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    (tmp_path / "thesis.txt").write_text("three years", encoding="utf-8")
    done = made(tmp_path)
    assert done.returncode == 1 and "holds something else than a site" in done.stderr
    assert (tmp_path / "thesis.txt").is_file()


@pytest.mark.study
def test_the_site_is_made_beside_the_page_without_a_warning_and_from_nowhere_else(tmp_path: Path) -> None:
    """Warnings are errors there, a link that leads nowhere is one, and so is what is loaded from elsewhere."""
    pytest.importorskip("sphinx")
    done = CliRunner().invoke(app, ["site", str(tmp_path / "page"), "--docs"])
    assert done.exit_code == 0, done.stderr
    site = tmp_path / "page" / "docs"

    def read(name: str) -> str:
        return (site / f"{name}.html").read_text(encoding="utf-8")

    assert '<a href="docs/index.html">' in (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert 'href="../../index.html">The page</a>' in read("docs/glossary")
    assert read("reference/rules").count("<math") > 150 and "$$" not in read("reference/rules")
    assert "After this page you can look up a word." in read("docs/glossary")
    assert read("docs/odd/annex").count('<svg xmlns="http://www.w3.org/2000/svg" class="influence"') == 25
    story = read("notebooks/01_first_run")
    assert story.count('<img alt="') == 3 and "<summary>A solution</summary>" in story
    assert 'href="slides.html"' in read("docs/teaching") and "Hands up" in read("docs/slides")
    assert not list(site.rglob("_downloads/**/*.html")), "a page is shown, not downloaded"


def test_words_of_pictures_stand_at_their_cells() -> None:
    output = {"data": {"image/png": ""}, "metadata": {"image/png": {"alt": "a fan"}}}
    cells = [{"metadata": {}, "outputs": [output]}, {"metadata": {}}, {"metadata": {}, "outputs": [{"text": "1"}]}]
    cells_with_words = json.loads(assemble.with_words(json.dumps({"cells": cells})))["cells"]
    assert [cell["metadata"] for cell in cells_with_words] == [{"mystnb": {"image": {"alt": "a fan"}}}, {}, {}]


def test_the_documentation_of_an_installed_package_is_refused_with_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.__file__", str(tmp_path / "site-packages" / "sim" / "__init__.py"))
    done = CliRunner().invoke(app, ["site", str(tmp_path / "page"), "--docs"])
    assert done.exit_code == 1 and "the installed package has no pages" in done.stderr
    assert (tmp_path / "page" / "index.html").is_file(), "the page is there all the same"


def test_a_folder_without_the_page_is_not_served(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["app", str(tmp_path), "--no-browser"])
    assert done.exit_code == 1 and "has no page. Write one there first: sim site" in done.stderr


def made(folder: Path) -> subprocess.CompletedProcess[str]:
    """Make the site with the Python that runs the tests."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "VIRTUAL_ENV": sys.prefix}
    command = [str(ROOT / "scripts" / "docs"), str(folder)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)
