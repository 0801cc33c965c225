#!/usr/bin/env bash
# Seconds to an answer: how long until the difference in mean caseload between two limits on the average English service
# is known to +- 0.1 case (95 %), by casecap on common luck and by SimPy with independent runs.
#
#   benches/time_to_answer.sh PEERS_DIR [--pair A,B] [--replications N] [--threads T] [--cache DIR]
#
#   PEERS_DIR         folder of the other programs, as for against_peers.sh; `-` for casecap alone
#   --pair A,B        the limits [default: 20,18]
#   --replications N  from which the variances are estimated [default: 400]
#   --threads T       threads of casecap, and processes of SimPy, which are taken to cost each other nothing [default: 2]
#   --cache DIR       as for against_peers.sh
#
# Replications needed are (1.96 / 0.1)^2 x the variance of the difference of one pair, at least 30. casecap then plays
# so many and is timed. SimPy has no such service: its time is computed from the events of a replication and
# from the events that it plays in a second of R1, which is the simpler model.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
. benches/lib.sh
. benches/peers.sh

HALF_WIDTH=0.1
LEAST=30
pair=20,18 replications=400 threads=2 cache=${CASECAP_PEERS_CACHE:-} given=""
while [ $# -gt 0 ]; do
  case "$1" in
    --pair) pair=${2:?--pair wants two limits}; shift ;;
    --replications) replications=${2:?--replications wants a number}; shift ;;
    --threads) threads=${2:?--threads wants a number}; shift ;;
    --cache) cache=${2:?--cache wants a folder}; shift ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit ;;
    --*) fail "there is no $1" ;;
    *) given=$1 ;;
  esac
  shift
done
[ -n "$given" ] || fail "where are the other programs? benches/time_to_answer.sh PEERS_DIR; see --help"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find_peers "$given" "$cache"
python_peer SimPy simpy_ simpy
pace=$(build_pace)
luck=$(build_luck)

# of NUMBER MONTH LINES: a field of the line about mean caseload at the end of that month.
of() { grep '"metric":"caseload_mean"' <<<"$3" | grep "\"month\":$2[,}]" | field "$1"; }
# needed VARIANCE: replications.
needed() { awk -v v="$1" -v h="$HALF_WIDTH" -v least="$LEAST" 'BEGIN { n = (1.96 / h) ^ 2 * v; m = int(n); if (m < n) m++
  print (m < least ? least : m) }'; }

say "variances from $replications replications"
lines=$("$luck" "$replications" 1 --pair "$pair" --threads "$threads" --json)
england=$("$pace" england-2025 20 1 | field events_per_replication)
rate=""
if [ -n "${command_of[SimPy]:-}" ]; then
  say "SimPy's events a second"
  IFS=' ' read -r -a words <<<"${command_of[SimPy]}"
  for _ in 1 2 3 4 5; do
    line=$("${words[@]}" R1 10 1)
    calc "$(field events <<<"$line") / $(field wall_s <<<"$line")"
  done >"$work/rates"
  rate=$(median <"$work/rates")
fi

about_here
printf 'command: benches/time_to_answer.sh --pair %s --threads %s\n' "$pair" "$threads"
printf 'The difference in caseload_mean between limits of %s on england-2025.toml, to +- %s case at 95 %%\n\n' \
  "${pair/,/ and }" "$HALF_WIDTH"
printf '%-6s %-34s %12s %14s %12s\n' month "" "variance" "replications" "seconds"
for month in 12 24; do
  paired=$(of variance_paired $month "$lines")
  independent=$(of variance_independent $month "$lines")
  n=$(needed "$paired")
  begun=$EPOCHREALTIME
  "$luck" "$n" 2 --pair "$pair" --threads "$threads" --json >/dev/null
  seconds=$(calc "$EPOCHREALTIME - $begun")
  alone=$(needed "$independent")
  printf '%-6s %-34s %12.4f %14s %12.2f\n' $month "casecap, common luck, timed" "$paired" "$n" "$seconds"
  printf '%-6s %-34s %12.4f %14s %12.2f\n' "" "casecap, independent, computed" "$independent" "$alone" \
    "$(calc "2 * $alone * $(of s_per_replication $month "$lines")")"
  [ -z "$rate" ] || printf '%-6s %-34s %12.4f %14s %12.2f\n' "" "SimPy, independent, computed" "$independent" "$alone" \
    "$(calc "2 * $alone * $england / $rate / $threads")"
done
printf '\nReplications are pairs: one under each limit. Seconds on %s threads or processes; those timed hold the start and reading.\n' \
  "$threads"
[ -z "$rate" ] || printf 'SimPy plays %.0f events a second of R1; a replication of england-2025 has %.0f events.\n' "$rate" "$england"
for name in "${!skipped[@]}"; do printf 'Left out: %s: %s.\n' "$name" "${skipped[$name]}"; done
