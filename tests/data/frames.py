"""Opens the Parquet files of a run with polars and DuckDB as they are, and holds every number against replications.csv.

Usage: frames.py FOLDER, a folder of `run --format parquet,parquet-groups --replications-csv`
"""

import json
import math
import sys
from pathlib import Path

import duckdb
import polars

LEAD = ["replication", "world", "policy", "month_end"]


def told(path):
    """What the file says of itself, by name."""
    rows = duckdb.sql(f"select key, value from parquet_kv_metadata('{path}')").fetchall()
    return {key.decode(): value.decode() for key, value in rows}


def check_service(folder):
    """Every number is that of the CSV, to the bit; what is missing is null; every metric is defined in the file."""
    path = folder / "replications.parquet"
    csv = polars.read_csv(folder / "replications.csv", infer_schema=False)
    frame = polars.read_parquet(path)
    table = duckdb.sql(f"select * from '{path}'")
    assert frame.columns == table.columns == csv.columns
    assert frame.height == table.shape[0] == csv.height > 0
    kinds = dict(zip(table.columns, map(str, table.types)))
    assert [kinds[name] for name in LEAD] == ["BIGINT", "BIGINT", "VARCHAR", "DATE"], kinds
    metrics = frame.columns[len(LEAD) :]
    assert all(kinds[name] == "DOUBLE" for name in metrics), kinds
    rows = table.fetchall()
    missing = 0
    for text, one, two in zip(csv.iter_rows(), frame.iter_rows(), rows):
        assert one == two, (one, two)
        for name, cell, value in zip(frame.columns, text, one):
            if name not in LEAD:
                missing += value is None
                assert (value is None) == (cell in (None, "")), (name, cell, value)
                assert value is None or float(cell) == value and math.isfinite(value), (name, cell, value)
            else:
                assert cell == str(value), (name, cell, value)
    assert missing > 0, "the scenario has a metric that is missing somewhere"
    said = told(path)
    columns = {column["name"]: column for column in json.loads(said["columns"])}
    assert list(columns) == frame.columns
    for name in metrics:
        for what in ["label", "unit", "better", "rounding", "missing", "population", "definition"]:
            assert columns[name][what], (name, what)
    assert said["replications"] == str(frame["replication"].n_unique())
    print(f"{path.name}: {frame.height} rows, {len(metrics)} metrics, {missing} missing numbers: as in replications.csv")


def check_groups(folder):
    """Each row speaks of one team, one stage or one grade."""
    path = folder / "groups.parquet"
    frame = polars.read_parquet(path)
    named = frame.select(polars.sum_horizontal(polars.col(["team", "stage", "grade"]).is_not_null().cast(int)))
    assert frame.height > 0 and named.to_series().to_list() == [1] * frame.height
    assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(frame.height,)]
    print(f"{path.name}: {frame.height} rows")


if __name__ == "__main__":
    print(f"polars {polars.__version__}, DuckDB {duckdb.__version__}")
    check_service(Path(sys.argv[1]))
    check_groups(Path(sys.argv[1]))
