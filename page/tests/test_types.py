"""Types: what the page's modules and types.d.ts say of them is true, by TypeScript's own compiler."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from deno import find_deno_bin

DECLARATIONS = Path(__file__).parents[1] / "types.d.ts"  # the shapes that modules share, which no browser gets
OPTIONS = {"checkJs": True, "strict": True, "lib": ["dom", "dom.iterable", "esnext", "webworker"]}
ERROR = re.compile(r"^TS\d+ \[ERROR\]: (.*?)^    at \S+/page/(\S+)$", re.MULTILINE | re.DOTALL)


def wrong(folder: Path, scratch: Path) -> list[str]:
    """Return what is wrong in a folder that holds the whole page: file, line, column, reason."""
    page = scratch / "page"
    shutil.copytree(folder, page)
    shutil.copy(DECLARATIONS, page)
    for vendored in (page / "vendor").glob("*.js"):
        vendored.write_text(f"// @ts-nocheck\n{vendored.read_text(encoding='utf-8')}", encoding="utf-8")
    (scratch / "deno.json").write_text(json.dumps({"compilerOptions": OPTIONS}), encoding="utf-8")
    modules = [path.relative_to(page) for path in page.rglob("*.js")] + [DECLARATIONS.name]
    check = [find_deno_bin(), "check", "--no-lock", "--quiet", f"--config={scratch / 'deno.json'}", *map(str, modules)]
    alone = {"DENO_DIR": str(scratch / "deno"), "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}  # no home, no network
    done = subprocess.run(check, cwd=page, env=alone, capture_output=True, text=True, check=False)
    problems = [f"{place}: {reason.strip()}" for reason, place in ERROR.findall(done.stderr)]
    return problems or ([done.stderr] if done.returncode else [])


def test_every_module_of_the_page_has_the_types_that_it_says(folder: Path, tmp_path: Path) -> None:
    """Beside a module whose one line is wrong, so that the declarations are seen to be read."""
    beside = shutil.copytree(folder, tmp_path / "beside")
    (beside / "wrong.js").write_text("/** @type {Pair} */\nexport const pair = { run: 1, value: '2' };\n", encoding="utf-8")
    (tmp_path / "checked").mkdir()
    first, *problems = wrong(beside, tmp_path / "checked")
    assert not problems, "\n".join(["what these lines do and the types in their JSDoc disagree:", first, *problems])
    assert first.startswith("wrong.js:2:") and "'string' is not assignable to type 'number'" in first
