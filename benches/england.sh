#!/usr/bin/env bash
# England at once: how long, and how much memory, the whole of England takes for ten years, from one service and from
# all services as one scenario.
#
#   benches/england.sh [SERVICES] [MONTHS] [--worlds W] [--large-teams]
#
#   SERVICES       services like england-2025.toml, side by side [default: 152, which are 21,888 posts]
#   MONTHS         months played, without a warm-up [default: 120]
#   --worlds W     worlds for which the time is reckoned [default: 1000]
#   --large-teams  also one service SERVICES times as large, in twelve teams: what it costs to choose among so many
#
# One thread; what is played is one replication of all, and 20 of one service for the slope.
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/lib.sh

worlds=1000 large="" given=()
while [ $# -gt 0 ]; do
  case "$1" in
    --worlds) worlds=${2:?--worlds wants a number}; shift ;;
    --large-teams) large=yes ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit ;;
    --*) fail "there is no $1" ;;
    *) given+=("$1") ;;
  esac
  shift
done
services=${given[0]:-152}
months=${given[1]:-120}
pace=$(build_pace)

play() { "$pace" england-2025 "$1" 1 --months "$months" --warm-up 0 --record unfolded "${@:2}"; }
row() {
  local line=$2
  printf '%-34s %8s %12.0f %10.3f %12.0f %9.1f\n' "$1" "$(field posts <<<"$line")" \
    "$(field events_per_replication <<<"$line")" "$(calc "$(field us_per_replication <<<"$line") / 1e6")" \
    "$(field events_per_s <<<"$line")" "$(field peak_mib <<<"$line")"
}

about_here
printf 'command: benches/england.sh %s %s; one thread, the records filled and not folded\n\n' "$services" "$months"
printf '%-34s %8s %12s %10s %12s %9s\n' "$months months" posts events seconds "events/s" MiB
say "one service"
one=$(play 20)
row "one service" "$one"
say "$services services as one scenario"
all=$(play 1 --services "$services")
row "$services services in one scenario" "$all"
if [ -n "$large" ]; then
  say "one service $services times as large"
  row "one service, $services times as large" "$(play 1 --times "$services")"
fi

printf '\nAn event in the one scenario takes %.2f times as long as in one service.\n' \
  "$(calc "$(field events_per_s <<<"$one") / $(field events_per_s <<<"$all")")"
each=$(calc "$(field us_per_replication <<<"$one") / 1e6 * $services")
whole=$(calc "$(field us_per_replication <<<"$all") / 1e6")
cores() { awk -v s="$1" 'BEGIN { n = int(s / 60); if (n < s / 60) n++; print n }'; }
printf '%s worlds: as %s services one by one %.0f core seconds, under a minute on %s cores;\n' \
  "$worlds" "$services" "$(calc "$each * $worlds")" "$(cores "$(calc "$each * $worlds")")"
printf 'as one scenario %.0f core seconds, under a minute on %s cores, with %.0f MiB for each.\n' \
  "$(calc "$whole * $worlds")" "$(cores "$(calc "$whole * $worlds")")" "$(field peak_mib <<<"$all")"
