"""The page as a folder: what it holds, what the browser may do with it, where it works, what it is made from."""

import hashlib
import json
import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from page.tests.conftest import settled
from research import control_effects, verdict_page
from sim.analysis.definitions import CAUSAL_POINTS
from sim.cli import app
from sim.engine.web.modules import shipped_fingerprint
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.registers import register
from sim.report.style import colour
from sim.scenario.loading import available
from sim.web import first_pairs, read_from_package, start_page, verdict_file
from sim.web.facts import MATTERS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "page"
MODULES = sorted(path for path in SOURCE.rglob("*.js") if path.parent.name != "vendor")
ENGINE = SOURCE / "engine"
WORDS = json.loads((SOURCE / "strings" / "en.json").read_text(encoding="utf-8"))


def test_the_command_writes_a_page_and_leaves_other_folders_alone(tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(app, ["site", str(tmp_path / "page")])
    assert done.exit_code == 0 and "files" in done.stderr
    assert {"index.html", "README.md", "types.d.ts"} & {path.name for path in (tmp_path / "page").iterdir()} == {"index.html"}
    assert run(app, ["site", str(tmp_path / "page")]).exit_code == 0, "it may be written again"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    refused = run(app, ["site", str(tmp_path / "other")])
    assert refused.exit_code == 1 and "holds other things than the page, and they stay" in refused.stderr
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["thesis.txt"]
    refused = run(app, ["site", str(tmp_path / "other" / "thesis.txt")])
    assert refused.exit_code == 1 and "is a file, not a folder" in refused.stderr


def test_the_service_worker_keeps_every_file_and_another_page_is_another_version(folder: Path, tmp_path: Path) -> None:
    text = (folder / "service-worker.js").read_text(encoding="utf-8")
    kept = json.loads(re.search(r"^const FILES = (.*);$", text, re.MULTILINE)[1])  # type: ignore[index]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(kept) == there - {"service-worker.js"}
    assert re.match(r'const VERSION = "[0-9a-f]{16}";', text)


def test_the_policy_lets_in_nothing_but_the_pages_own_files(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]  # type: ignore[index]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'" and rules["style-src"] == "'self'"
    assert not [
        name for name, allowed in rules.items() if re.search(r"\*|https?:|unsafe-inline|'unsafe-eval'", allowed)
    ]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", html)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_module_reads_text_as_html_or_asks_another_host(module: Path) -> None:
    code = module.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
    wrong = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|https?://|document\.cookie"
    assert not re.findall(wrong, code)


def test_the_pages_own_code_stays_small() -> None:
    """With the engine, and without the declarations of types.d.ts, which are counted apart: no browser gets them."""
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES) <= 4495
    assert len((SOURCE / "types.d.ts").read_text(encoding="utf-8").splitlines()) <= 540


def test_what_comes_from_elsewhere_is_as_its_makers_published_it_with_its_licence() -> None:
    readme = (SOURCE / "vendor" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    files = {path.name: path for path in (SOURCE / "vendor").glob("*.js")}
    assert rows == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()} != {}
    for path in files.values():
        licence = path.with_suffix(".LICENSE").read_text(encoding="utf-8")
        assert (
            "Permission is hereby granted" in licence or "Redistribution and use in source and binary forms" in licence
        )


def test_every_sentence_is_said_and_none_is_missing() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (*MODULES, Path(start_page.__file__)))
    patterns = {re.escape(said) for said in re.findall(r'["`\']([a-z]+(?:\.[\w-]+)*)["`\']', code)}
    made = re.findall(r"\bt\(`([^`]+)`|_say\(f['\"]([^'\"]+)['\"]", code)
    patterns |= {re.sub(r"(\\\$)?\\\{.*?\\\}", ".+", re.escape(one or other)) for one, other in made}
    unsaid = [key for key in WORDS if not any(re.fullmatch(pattern, key) for pattern in patterns)]
    assert unsaid == []
    missing = [key for key in re.findall(r'\bt\("([^"]+)"', code) if key not in WORDS]
    assert missing == []


def test_the_answer_is_read_before_anything_runs(browser: Browser, address: str) -> None:
    """With a dot for each of its pairs, in the pile where its effect belongs."""
    page = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto(address)
    first = read_from_package(first_pairs.FILE)
    said = page.inner_text("#answer")
    assert all(first[part] in said for part in ("lead", "finding", "levels"))
    effects = {kind: [float(dot.get_attribute("data-points") or "nan") for dot in page.locator(f"#dots .{kind} circle").all()]
               for kind in ("less", "little", "clear")}  # fmt: skip
    assert list(chain(*effects.values())) == sorted(first["effects"])
    assert len(effects["clear"]) == sum(effect >= CAUSAL_POINTS for effect in first["effects"])
    assert len(effects["less"]) == sum(effect <= -CAUSAL_POINTS for effect in first["effects"])
    assert page.locator("#dots svg").bounding_box()["y"] < 844  # type: ignore[index]
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("at", "seen", "unseen"),
    [
        ("", "#answer", ""),
        ("#/start", "#answer", ""),
        ("#/play?game=now", "footer", "#first"),
        ("#/lessons", "footer", "#first"),
        ("?postwar_need=0.2", "footer", "#first"),
        ("#/start?bet=ask", "#first h1", "#answer"),
    ],
)
def test_nothing_of_the_first_view_is_seen_where_the_address_is_anothers(
    new_page: Callable[..., Page], at: str, seen: str, unseen: str
) -> None:
    """Before the page has started: what starts it never comes here."""
    page = new_page()
    page.route("**/app.js", lambda route: None)
    page.goto(at, wait_until="commit")
    expect(page.locator(seen)).to_be_visible()
    assert not unseen or not page.locator(unseen).is_visible()


def test_the_pairs_that_the_page_opens_with_are_those_of_the_rules() -> None:
    assert first_pairs.simulate_first_pairs() == read_from_package(first_pairs.FILE), (
        "run python -m sim.web.first_pairs"
    )


def test_capitals_have_the_colours_of_the_reports() -> None:
    css = (SOURCE / "style.css").read_text(encoding="utf-8")
    for name in (*CAPITALS, "deal"):
        assert f"--{name}: {colour(name)};" in css


def test_what_the_page_says_of_the_verdict_is_what_the_study_wrote() -> None:
    page, study = (ROOT / "docs" / "verdict.md").read_text(encoding="utf-8"), read_from_package(verdict_file.FILE)
    assert page.startswith(f"# The verdict: {study['word']}\n")
    assert f"driftback {study['release']}, registers `{study['registers']}`" in page
    assert f"In {study['share']} of every 100, the end left" in page and study["depends"] in page
    assert f"ends up clearly closer ranges from {study['share_low']}% in some sets to {study['share_high']}% in others" in page
    low, high = (f"{study[name]:+.1f}" for name in ("mean_low", "mean_high"))
    assert f"95% interval of the mean: {low} to {high})." in page
    assert f"clearly closer (D2) in at least {study['asked']}% of histories" in page
    for assumption in study["left"]:
        effect = f"{study['mean'] * assumption['percent'] / 100:.0f}"
        said = re.search(rf"\({assumption['id']}\), the end leaves Pyongyang (\S+) points (closer|further)", page)
        assert said and f"{float(said[1]) * (1 if said[2] == 'closer' else -1):.0f}" == effect


def test_a_study_is_published_with_its_pictures(tmp_path: Path) -> None:
    manifest = {
        "verdict": "conditional", "driftback": "1.0", "registers": "0123456789abcdef", "d2": 0.404, "d2_asked": 0.6,
        "d2_of_sets": [0.0, 0.85], "agreeing": 0.8, "effect": {"mean": 7.77, "low": 7.0, "high": 8.6},
        "ratios": {"A1": [0.5, 0.4, 0.6], "A2": [], "A3": [1.2, 1.1, 1.3], "A4": [-0.2, -0.3, -0.1], "either": [0.1] * 3},
    }  # fmt: skip
    (tmp_path / "study" / "figures").mkdir(parents=True)
    (tmp_path / "study" / "figures" / "dose.png").write_bytes(b"a picture")
    (tmp_path / "study" / "verdict.md").write_text("![Words](figures/dose.png)", encoding="utf-8")
    (tmp_path / "study" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    published = verdict_page.publish(tmp_path / "study", tmp_path / "docs")
    assert (published["share"], published["share_high"], published["mean"], published["asked"]) == (40, 85, 7.8, 60)
    assert published["left"] == [{"id": "A4", "percent": -20}, {"id": "A1", "percent": 50}]
    (picture,) = re.findall(r"\]\((.*?)\)", (tmp_path / "docs" / "verdict.md").read_text(encoding="utf-8"))
    assert (tmp_path / "docs" / picture).read_bytes() == b"a picture"


def test_what_controls_can_matter_was_measured_by_the_rules_as_they_stand() -> None:
    measured = read_from_package(MATTERS)
    assert measured["fingerprint"] == shipped_fingerprint(), "measure it anew: python -m research.control_effects"
    offered = [control for group in control_effects.controls()["groups"] for control in group["controls"]]
    wanted = {control["name"]: control_effects.control_values(control) for control in offered}
    assert {name: [row["value"] for row in rows] for name, rows in measured["controls"].items()} == wanted


def test_a_game_opens_each_turn_with_something_recorded() -> None:
    game, events = read_from_package("play.json"), register.observed_table("events")
    for turning in game["turning"]:
        events_of_the_turn = events[(events["date"] == turning["date"]) & (events["actor"] == turning["actor"])]
        assert len(events_of_the_turn) == 1, turning
        assert 0 <= turning["month"] - months.index(str(events_of_the_turn["month"].item())) <= 1, turning
    assert set(game["futures"]) <= {name for name, _ in available()}


def test_what_moves_nothing_is_not_offered() -> None:
    for name, rows in read_from_package(MATTERS)["controls"].items():
        shares = [row["share"] for row in rows] + [read_from_package(MATTERS)["whole"]["share"]]
        assert name == "talks" or max(shares) - min(shares) >= 0.01, name


@pytest.mark.browser
def test_after_the_first_visit_it_works_without_a_network(new_page: Callable[..., Page]) -> None:
    page = new_page(service_workers="allow")
    page.goto("")
    settled(page)
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.context.set_offline(True)
    page.goto("about:blank")
    page.goto("index.html#/history?run=5")
    expect(page.locator("#timeline-title")).to_contain_text("History 5")
    page.goto("#/explore?postwar_need=0.2")
    settled(page, "postwar_need=0.2")
