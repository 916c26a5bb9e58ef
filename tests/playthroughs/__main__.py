"""Write the playthroughs anew: ``python -m tests.playthroughs``. Look at the difference before keeping it."""

from tests.playthroughs.telling import FOLDER, WORLDS, text_of

for name in WORLDS:
    (FOLDER / f"{name}.txt").write_text(text_of(name), encoding="utf-8")
