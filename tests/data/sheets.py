"""Holds the tables of a workbook, as LibreOffice reads them, against the CSV files of the run.

Usage: sheets.py FOLDER CONVERTED, where CONVERTED holds workbook-SHEET.csv of each sheet, cells as they are and not as shown
"""

import csv
import sys
from pathlib import Path

TABLES = {
    "monthly.csv": "Monthly",
    "summary.csv": "Summary",
    "targets.csv": "Targets",
    "differences.csv": "Differences",
    "distribution.csv": "Distribution",
}


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def number(shown):
    """A number as a spreadsheet writes it out: shares in percent."""
    return float(shown[:-1]) / 100 if shown.endswith("%") else float(shown)


def is_same(cell, shown):
    """The same text, or the same number to the fifteen digits that a spreadsheet writes out."""
    if cell == shown:
        return True
    try:
        one, two = float(cell), number(shown)
    except ValueError:
        return False
    # Numbers near nothing are written out with twenty decimals.
    return abs(one - two) <= 1e-14 * max(abs(one), abs(two)) + 1e-19


def main(folder, converted):
    for name, sheet in TABLES.items():
        table, shown = rows(folder / name), rows(converted / f"workbook-{sheet}.csv")
        assert len(table) == len(shown) > 1, (name, len(table), len(shown))
        for line, (cells, others) in enumerate(zip(table, shown)):
            assert len(cells) == len(others), (name, line, cells, others)
            for cell, other in zip(cells, others):
                assert is_same(cell, other), (name, line, cell, other)
        print(f"{sheet}: {len(table) - 1} rows as in {name}")
    text = "\n".join(path.read_text(encoding="utf-8") for path in converted.glob("*.csv"))
    for error in ["#NAME?", "#REF!", "#VALUE!", "Err:5"]:
        assert error not in text, error


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
