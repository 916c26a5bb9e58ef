"""Write the playthroughs anew: ``python -m tests.playthroughs``. Look at the difference before keeping it."""

from tests.playthroughs.telling import FOLDER, WORLDS, told

for name in WORLDS:
    (FOLDER / f"{name}.txt").write_text(told(name), encoding="utf-8")
