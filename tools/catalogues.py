"""Compile message catalogues: each .po named on the command line gets its .mo beside it."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def main(names: list[str]) -> None:
    """Compile every file of `names`."""
    for name in names:
        source = Path(name)
        with source.open("rb") as file:
            catalogue = read_po(file)
        with source.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


if __name__ == "__main__":
    main(sys.argv[1:])
