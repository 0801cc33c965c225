#!/usr/bin/env bash
# Parquet: how long, how large and how much memory each replication takes when it is written for data frames.
#
#   benches/parquet.sh [REPLICATIONS...]
#
#   REPLICATIONS  runs of so many [default: 1000 10000]: memory that grows with them would show
#
# scenarios/first.toml over 36 months under 5 policies; every metric of the service is written. Each run is taken without
# and with Parquet, in turn. Needs GNU time (Debian: time) for the peak of memory.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/lib.sh

case "${1:-}" in -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit ;; esac
[ $# -gt 0 ] || set -- 1000 10000
[ -x /usr/bin/time ] || fail "there is no /usr/bin/time"
program=$(build_casecap)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  printf 'like = "%s/scenarios/first.toml"\nmonths = 36\n' "$PWD"
  for limit in 12 14; do printf '[policies."hard %s"]\nlimit = %s\n' "$limit" "$limit"; done
} >"$work/five.toml"

# Seconds and MiB of one run.
taken() {
  /usr/bin/time --format '%e %M' --output "$work/taken" \
    "$program" run "$work/five.toml" --replications "$1" --out "$work/out" --force --quiet "${@:2}"
  awk '{ printf "%.2f %.0f", $1, $2 / 1024 }' "$work/taken"
}

about_here
printf 'command: benches/parquet.sh %s\n\n' "$*"
printf '%12s %10s %10s %12s %10s %10s %10s %10s\n' replications rows "s without" "s with" "MiB w/out" "MiB with" "file MiB" "B/number"
for replications in "$@"; do
  say "$replications replications"
  read -r without_s without_mib <<<"$(taken "$replications")"
  read -r with_s with_mib <<<"$(taken "$replications" --format parquet)"
  bytes=$(stat --format %s "$work/out/replications.parquet")
  metrics=$("$program" metrics --format csv | tail -n +2 | wc -l)
  rows=$((replications * 36 * 5))
  printf '%12s %10s %10s %12s %10s %10s %10.1f %10.2f\n' "$replications" "$rows" "$without_s" "$with_s" "$without_mib" \
    "$with_mib" "$(calc "$bytes / 1048576")" "$(calc "$bytes / ($rows * $metrics)")"
done
