"""Refuses a driver of a fit that is older than the program's sources."""
import pathlib
import sys


def check_built(driver, target):
    """The driver holds the program's formulas: one built before they changed would fit other ones. `target`: how
    CMake calls it; it is built only when asked for."""
    sources = pathlib.Path(__file__).resolve().parent.parent / "src"
    newest = max(sources.rglob("*.[ch]pp"), key=lambda path: path.stat().st_mtime)
    if pathlib.Path(driver).stat().st_mtime < newest.stat().st_mtime:
        sys.exit(f"{driver} is older than {newest}; build it again: cmake --build build --target {target}")
