#!/usr/bin/env bash
# casecap against other programs for the same reference models, and against itself: one table of ratios.
#
#   benches/against_peers.sh PEERS_DIR [ROUNDS] [--cache DIR] [--seconds S] [--memory N]
#
#   PEERS_DIR     folder of the other programs: limit, nexosim and ixa (cargo packages), simpy_ and numba_ (bench.py).
#                 What is not there or cannot be built is told, and its rows are left out; `-` stands for none
#   ROUNDS        rounds of all programs in turn [default: 5]; a figure is the median of the ratios of the rounds
#   --cache DIR   where the others are built, and looked for first [default: $CASECAP_PEERS_CACHE, else a folder
#                 that is deleted at the end]
#   --seconds S   about how long each program plays in each round [default: 1]
#   --memory N    replications whose peak memory is held against that of 10,000 [default: 100000; the table
#                 wants 1000000, which takes ten times as long]
#
# One run plays everything in turn, so that what else the machine does meets all alike; absolute times do not carry
# over from one run to the next, ratios do to about 10 %.
set -euo pipefail
here=$PWD
cd "$(dirname "$0")/.."
. benches/lib.sh
. benches/peers.sh

rounds=5 seconds=1 cache=${CASECAP_PEERS_CACHE:-} most=100000 given=()
while [ $# -gt 0 ]; do
  case "$1" in
    --cache) cache=${2:?--cache wants a folder}; shift ;;
    --seconds) seconds=${2:?--seconds wants a number}; shift ;;
    --memory) most=${2:?--memory wants a number}; shift ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit ;;
    --*) fail "there is no $1" ;;
    *) given+=("$1") ;;
  esac
  shift
done
[ ${#given[@]} -ge 1 ] || fail "where are the other programs? benches/against_peers.sh PEERS_DIR; see --help"
rounds=${given[1]:-$rounds}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find_peers "${given[0]}" "$cache"

# --- what plays

say "building casecap"
pace=$(build_pace)
casecap=$(build_casecap)
cargo_peer limit limit limit direct
cargo_peer nexosim nexosim nexosim-peer ""
cargo_peer ixa ixa ixa-peer ""
python_peer SimPy simpy_ simpy
python_peer numba numba_ numba
less=unfolded
"$pace" --help | grep -q '^ *none:' && less=none

# --- runs: NAME -> command with a place for the number of replications

declare -A run_of reps_of
runs=()
plan() { runs+=("$1"); run_of[$1]=$2; }
for peer in "${order[@]}"; do plan "$peer R1" "${command_of[$peer]} R1 REPS 1"; done
for peer in "${order[@]}"; do [ "$peer" != limit ] || plan "limit R2s" "${command_of[limit]} R2s REPS 1"; done
plan "casecap R1" "$pace R1 REPS 1"
plan "casecap R2s" "$pace R2s REPS 1"
plan "casecap R1 less" "$pace R1 REPS 1 --record $less"
plan "england" "$pace england-2025 REPS 1"
plan "england 2 threads" "$pace england-2025 REPS 1 --threads 2"
plan "england x10" "$pace england-2025 REPS 1 --times 10"
plan "england x100" "$pace england-2025 REPS 1 --times 100"
plan "first" "$pace first REPS 1"
plan "first x10" "$pace first REPS 1 --times 10"
plan "first x100" "$pace first REPS 1 --times 100"

# play NAME REPLICATIONS: one line of JSON.
play() {
  # The words of a command hold no blanks of their own but those of paths, which are none here.
  local words
  IFS=' ' read -r -a words <<<"${run_of[$1]/REPS/$2}"
  "${words[@]}"
}

# A trial tells how many replications fill the time.
for name in "${runs[@]}"; do
  n=1
  line=$(play "$name" $n)
  if [ "$(calc "$(field wall_s <<<"$line") < $seconds / 4")" = 1 ]; then
    n=$(awk -v w="$(field wall_s <<<"$line")" -v s="$seconds" 'BEGIN { n = int(s / 8 / w) + 2; print (n > 2000 ? 2000 : n) }')
    line=$(play "$name" "$n")
  fi
  reps_of[$name]=$(awk -v w="$(field wall_s <<<"$line")" -v s="$seconds" -v n="$n" 'BEGIN { m = int(s / (w / n) + 0.5); print (m < 1 ? 1 : m) }')
done

key() { printf '%s/%s' "$work" "${1// /_}"; }
for round in $(seq "$rounds"); do
  say "round $round of $rounds"
  for name in "${runs[@]}"; do
    line=$(play "$name" "${reps_of[$name]}")
    wall=$(field wall_s <<<"$line")
    events=$(field events <<<"$line")
    calc "$wall / ${reps_of[$name]}" >>"$(key "$name").replication"
    calc "$wall / $events" >>"$(key "$name").event"
  done
done

# ratio UNIT ABOVE BELOW: median, least and greatest of the ratios of the rounds; nothing where one was not played.
ratio() {
  local a b
  a=$(key "$2").$1 b=$(key "$3").$1
  [ -f "$a" ] && [ -f "$b" ] || return 0
  paste "$a" "$b" | awk '{ printf "%.6g\n", $1 / $2 }' >"$work/ratios"
  printf '%s %s %s\n' "$(median <"$work/ratios")" "$(sort -g "$work/ratios" | head -1)" "$(sort -g "$work/ratios" | tail -1)"
}

# --- the start, the memory, and what R1 has no use for

milliseconds() { # of a whole process
  local begun=$EPOCHREALTIME
  "$@" >/dev/null 2>&1
  awk -v begun="$begun" -v ended="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", (ended - begun) * 1000 }'
}
say "start of the program"
for start in $(seq 50); do # in turn, so that what else the machine does meets all alike
  milliseconds "$(type -P true)" >>"$work/true.ms"
  run=("$casecap" run scenarios/first.toml --replications 1 --quiet --out "$work/start-$start")
  milliseconds "${run[@]}" >>"$work/start.ms"
  milliseconds "${run[@]}" --force >>"$work/again.ms"
done
nothing=$(median <"$work/true.ms") start=$(median <"$work/start.ms") again=$(median <"$work/again.ms")

peak() { # of a whole process [MiB]
  if [ -x /usr/bin/time ]; then
    /usr/bin/time -f %M -o "$work/peak" "$@" && calc "$(tail -1 "$work/peak") / 1024"
  elif command -v python3 >/dev/null; then
    python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)' "$@"
  else
    return 1
  fi
}
memory=""
say "memory of $most replications"
few=$(peak "$casecap" run scenarios/first.toml --replications 10000 --quiet --force --out "$work/few") &&
  many=$(peak "$casecap" run scenarios/first.toml --replications "$most" --quiet --force --out "$work/many") &&
  memory=$(calc "$many / $few") || skip "memory" "neither /usr/bin/time nor python3 is there"

unused=""
if command -v valgrind >/dev/null; then
  say "what R1 has no use for"
  unused=$(benches/guard --where 2>/dev/null | sed -n 's/^ *\([0-9.]*\) %  in all$/\1/p')
else
  skip "what R1 has no use for" "valgrind is not there"
fi

# --- the table

# row WHAT "MEDIAN LEAST GREATEST" AT-MOST|AT-LEAST REACH DREAM [DECIMALS] [UNIT]
row() {
  local what=$1 sense=$3 reach=$4 dream=$5 decimals=${6:-2} unit=${7:-} figures
  if [ -z "$2" ]; then
    printf '%s\tnot measured\t\t%s\t%s\t\n' "$what" "$reach$unit" "$dream$unit"
    return
  fi
  IFS=' ' read -r -a figures <<<"$2"
  awk -v what="$what" -v sense="$sense" -v reach="$reach" -v dream="$dream" -v d="$decimals" -v unit="$unit" \
    -v m="${figures[0]}" -v low="${figures[1]:-}" -v high="${figures[2]:-}" 'BEGIN {
      good = sense == "most" ? m <= reach : m >= reach
      best = sense == "most" ? m <= dream : m >= dream
      range = low == "" ? "" : sprintf("%.*f to %.*f", d, low, d, high)
      sign = sense == "most" ? "<=" : ">="
      printf "%s\t%.*f%s\t%s\t%s %s%s\t%s%s\t%s\n", what, d, m, unit, range, sign, reach, unit, dream, unit,
        best ? "yes, the dream" : good ? "yes" : "no"
    }'
}

{
  printf 'what\tmeasured\trounds\treach\tdream\tmet\n'
  row "R1, one thread, all metrics: time / limit direct" "$(ratio replication "casecap R1" "limit R1")" most 2.0 1.5
  row "R2s likewise" "$(ratio replication "casecap R2s" "limit R2s")" most 2.5 2.0
  row "SimPy / casecap on R1" "$(ratio replication "SimPy R1" "casecap R1")" least 90 120 1
  row "nexosim / casecap on R1" "$(ratio replication "nexosim R1" "casecap R1")" least 6 8 1
  row "ixa / casecap on R1" "$(ratio replication "ixa R1" "casecap R1")" least 3.6 5 1
  row "numba / casecap on R1" "$(ratio replication "numba R1" "casecap R1")" least 4 5.5 1
  row "what R1 has no use for: share of its instructions" "$unused" most 5 0 1 " %"
  row "england-2025: events a second / R1's" "$(ratio event "casecap R1" england)" least 0.5 0.7
  row "england-2025: replications a second, two threads / one" \
    "$(ratio replication england "england 2 threads")" least 1.85 1.95
  row "R1: all metrics recorded / $less" "$(ratio replication "casecap R1" "casecap R1 less")" most 1.25 1.1
  row "england-2025, 10 times as large: time an event" "$(ratio event "england x10" england)" most 1.3 1.1
  row "england-2025, 100 times as large" "$(ratio event "england x100" england)" most 1.8 1.3
  row "first.toml, 10 times as large" "$(ratio event "first x10" first)" most 1.3 1.1
  row "first.toml, 100 times as large" "$(ratio event "first x100" first)" most 1.8 1.3
  row "first.toml, $most replications / 10000: peak memory" "$memory" most 1.05 1.0 3
  row "start of casecap run first.toml --replications 1, more than true" "$(calc "$start - $nothing")" most 10 5 1 " ms"
} >"$work/table"

about_here
printf 'command: benches/against_peers.sh, %s rounds of all in turn, about %s s each; medians of the ratios of the rounds\n\n' \
  "$rounds" "$seconds"
awk -F'\t' '
  { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } columns = NF }
  END { for (r = 1; r <= NR; r++) { line = ""
      for (i = 1; i <= columns; i++) line = line sprintf(i == 1 || i == columns ? "%-" width[i] "s  " : "%" width[i] "s  ", cell[r, i])
      sub(/ +$/, "", line); print line } }' "$work/table"

printf '\nMedians of the rounds:\n'
printf '%-20s %14s %14s %14s\n' "" replications "us/replication" "events/s"
for name in "${runs[@]}"; do
  printf '%-20s %14s %14.1f %14.0f\n' "$name" "${reps_of[$name]}" \
    "$(calc "1e6 * $(median <"$(key "$name").replication")")" "$(calc "1 / $(median <"$(key "$name").event")")"
done
printf 'casecap run, whole process %.1f ms, over an earlier result %.1f ms, true %.1f ms' "$start" "$again" "$nothing"
[ -z "$memory" ] || printf '; peak memory %.1f MiB and %.1f MiB' "$few" "$many"
printf '\n'
[ "$most" = 1000000 ] || printf 'Peak memory is to be that of 1,000,000 replications: --memory 1000000.\n'
for name in "${!skipped[@]}"; do printf 'Left out: %s: %s.\n' "$name" "${skipped[$name]}"; done
printf 'No allocation in a replication after the first: cargo test --release --test allocation\n'
