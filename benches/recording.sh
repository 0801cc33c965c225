#!/usr/bin/env bash
# What recording costs: every metric recorded and folded as a run does, the record filled and left, and nothing written
# down at all, on one thread.
#
#   benches/recording.sh [ROUNDS] [--count]
#
#   ROUNDS   rounds of all in turn; figures are medians of the ratios of the rounds [default: 5]
#   --count  count instructions with valgrind instead, which hardly depend on what else the machine does
#
# There is no switch: the program that writes nothing down is compiled from the same lines with a flag of the compiler
# (`unrecorded`), into a folder of its own. Its cases, workers and luck are the same but for the last bits of strain, which
# is brought up to date at fewer moments. Seconds are those of the processor. Needs GNU time (Debian: time).
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/lib.sh

rounds=5 counts=""
while [ $# -gt 0 ]; do
  case "$1" in
    --count) counts=yes ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit ;;
    [0-9]*) rounds=$1 ;;
    *) fail "there is no $1" ;;
  esac
  shift
done
[ -x /usr/bin/time ] || fail "there is no /usr/bin/time"
[ -z "$counts" ] || command -v valgrind >/dev/null || fail "valgrind is not there; on Debian: apt-get install valgrind"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say "building what records"
pace=$(build_pace)
say "building what does not"
silent=$(RUSTC_WORKSPACE_WRAPPER=$PWD/benches/unrecorded CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/unrecorded build_pace)

# cost WORDS...: seconds of the processor, or instructions, of one run.
cost() {
  if [ -n "$counts" ]; then
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>"$work/log" >/dev/null ||
      fail "callgrind failed: $(tail -3 "$work/log")"
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/log"
  else
    /usr/bin/time --format '%U %S' --output "$work/taken" "$@" >/dev/null
    awk '{ print $1 + $2 }' "$work/taken"
  fi
}
# each PROGRAM WAY MODEL REPLICATIONS: of one replication, without what comes before the first: twice as many less once.
each() { awk "BEGIN { printf \"%.10g\\n\", ($(cost "$1" "$3" $((2 * $4)) 1 --record "$2") - $(cost "$1" "$3" "$4" 1 --record "$2")) / $4 }"; }

about_here
[ -z "$counts" ] || rounds=1
printf 'command: benches/recording.sh %s%s\n\n' "$rounds" "${counts:+ --count}"
unit=$([ -n "$counts" ] && echo instructions || echo seconds)
printf '%-13s %16s %16s %16s %13s %13s\n' "$unit" "all, folded" "filled, left" "nothing" "all/nothing" "filled/nothing"
for model in R1 england-2025; do
  if [ "$model" = R1 ]; then n=2000; else n=100; fi
  [ -z "$counts" ] || n=$((n / 20))
  for round in $(seq "$rounds"); do
    say "$model, round $round of $rounds"
    printf '%s %s %s\n' "$(each "$pace" all $model $n)" "$(each "$pace" unfolded $model $n)" \
      "$(each "$silent" unfolded $model $n)" >>"$work/$model"
  done
  awk '{ printf "%.4f\n", $1 / $3 }' "$work/$model" >"$work/all"
  awk '{ printf "%.4f\n", $2 / $3 }' "$work/$model" >"$work/filled"
  row=()
  for column in 1 2 3; do row+=("$(awk -v c=$column '{ print $c }' "$work/$model" | median)"); done
  printf '%-13s %16.8g %16.8g %16.8g %13.3f %13.3f\n' $model "${row[@]}" "$(median <"$work/all")" "$(median <"$work/filled")"
done
