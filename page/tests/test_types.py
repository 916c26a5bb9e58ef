"""Types: what the page's modules say of themselves in JSDoc is true, by TypeScript's own compiler."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from deno import find_deno_bin

OPTIONS = {"checkJs": True, "strict": True, "lib": ["dom", "dom.iterable", "esnext", "webworker"]}
ERROR = re.compile(r"^TS\d+ \[ERROR\]: (.*?)^    at \S+/page/(\S+)$", re.MULTILINE | re.DOTALL)


def wrong(folder: Path, scratch: Path) -> list[str]:
    """Return what is wrong in a folder that holds the whole page: file, line, column, reason."""
    page = scratch / "page"
    shutil.copytree(folder, page)
    for vendored in (page / "vendor").glob("*.js"):
        vendored.write_text(f"// @ts-nocheck\n{vendored.read_text(encoding='utf-8')}", encoding="utf-8")
    (scratch / "deno.json").write_text(json.dumps({"compilerOptions": OPTIONS}), encoding="utf-8")
    modules = [path.relative_to(page) for path in page.rglob("*.js")]
    check = [find_deno_bin(), "check", "--no-lock", "--quiet", f"--config={scratch / 'deno.json'}", *map(str, modules)]
    alone = {"DENO_DIR": str(scratch / "deno"), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}  # no home, no network
    done = subprocess.run(check, cwd=page, env=alone, capture_output=True, text=True, check=False)
    problems = [f"{place}: {reason.strip()}" for reason, place in ERROR.findall(done.stderr)]
    return problems or ([done.stderr] if done.returncode else [])


def test_every_module_of_the_page_has_the_types_that_it_says(folder: Path, tmp_path: Path) -> None:
    problems = wrong(folder, tmp_path)
    assert not problems, "\n".join(["what these lines do and the types in their JSDoc disagree:", *problems])
