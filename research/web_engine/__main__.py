"""Make the modules anew: ``python -m research.web_engine``."""

from research.web_engine.making import NoCompiler, make
from sim.engine.web.modules import MODULES, module_file


def main() -> None:
    """Compile each module and put it in its place."""
    for module in MODULES:
        made = make(module)
        module_file(module).write_bytes(made)
        print(f"{module}.wasm: {len(made):,} bytes")


if __name__ == "__main__":
    try:
        main()
    except NoCompiler as error:
        raise SystemExit(str(error)) from None
