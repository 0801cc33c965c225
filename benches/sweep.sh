#!/usr/bin/env bash
# Sweeps: points a second and what a second thread brings, memory as a sweep grows, and what it costs to go on with one.
#
#   benches/sweep.sh [PART...] [--rounds N] [--most N]
#
#   PART        points, memory, resume [default: all of them]
#   --rounds N  rounds of what is timed, in turn; figures are medians [default: 5]
#   --most N    points x replications up to which memory is looked at [default: 1000000]
#
# Seconds are those of the whole program, with the reading, the pilot and the tables; beside them the seconds of the
# processor, which depend less on what else the machine does. Needs GNU time (Debian: time).
set -euo pipefail
cd "$(dirname "$0")/.."
. benches/lib.sh

rounds=5 most=1000000 parts=()
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=${2:?--rounds wants a number}; shift ;;
    --most) most=${2:?--most wants a number}; shift ;;
    -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit ;;
    points | memory | resume) parts+=("$1") ;;
    *) fail "there is no $1" ;;
  esac
  shift
done
[ ${#parts[@]} -gt 0 ] || parts=(points memory resume)
[ -x /usr/bin/time ] || fail "there is no /usr/bin/time"
program=$(build_casecap)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# taken WORDS...: wall seconds, seconds of the processor, and MiB at most, of one run of the program.
taken() {
  /usr/bin/time --format '%e %U %S %M' --output "$work/taken" "$program" "$@" --quiet >"$work/said" 2>&1 ||
    fail "$(cat "$work/said")"
  awk '{ printf "%.2f %.2f %.1f\n", $1, $2 + $3, $4 / 1024 }' "$work/taken"
}
# middle COLUMN FILE: the median of a column.
middle() { awk -v c="$1" '{ print $c }' "$2" | median; }

# A point is one policy at one setting.
points() {
  local name threads file points replications
  printf '%-13s %8s %13s %8s %9s %9s %11s %15s\n' \
    scenario points replications threads seconds "cpu s" "points/s" "replications/s"
  for name in first england-2025; do
    if [ "$name" = first ]; then points=64 replications=256; else points=12 replications=64; fi
    for round in $(seq "$rounds"); do
      say "$name, round $round of $rounds"
      for threads in 1 2; do
        taken sweep "scenarios/$name.toml" --vary referrals.families_per_month=x0.9:x1.1 --design sobol \
          --points $points --policy "no limit" --replications $replications --threads $threads \
          --out "$work/points" --force >>"$work/$name.$threads"
      done
    done
    for threads in 1 2; do
      file=$work/$name.$threads
      printf '%-13s %8s %13s %8s %9.2f %9.2f %11.2f %15.0f\n' $name $points $replications $threads \
        "$(middle 1 "$file")" "$(middle 2 "$file")" "$(calc "$points / $(middle 1 "$file")")" \
        "$(calc "$points * $replications / $(middle 1 "$file")")"
    done
    paste "$work/$name.1" "$work/$name.2" | awk '{ printf "%.3f\n", $1 / $4 }' >"$work/ratios"
    printf '%-13s two threads / one: %.2f (rounds from %.2f to %.2f)\n' $name "$(median <"$work/ratios")" \
      "$(sort -g "$work/ratios" | head -1)" "$(sort -g "$work/ratios" | tail -1)"
  done
}

# One worker for a month: next to nothing to play, so that what a sweep itself needs shows.
tiny() {
  cat >"$work/tiny.toml" <<'END'
title = "One worker for a month"
start = 2026-04-01
months = 1

[referrals]
families_per_month = 2
first_stage = "open"

[stages.open]
hours_per_week = 5
work = { law = "exponential", mean = "60 days" }
then = "closed"

[grades.worker]

[[posts]]
grade = "worker"
count = 1

[policies."no limit"]
END
}

memory() {
  local each size points metrics line
  tiny
  printf '%13s %10s %13s %9s %9s %9s %11s\n' "in all" points replications metrics seconds MiB "blocks MB"
  for each in 1000 10; do
    metrics=() && [ "$each" = 1000 ] || metrics=(--metric caseload_mean --metric unallocated)
    for size in 10000 100000 300000 1000000; do
      [ "$size" -le "$most" ] || continue
      [ "$size" != 300000 ] || [ "$most" -lt 1000000 ] || continue
      points=$((size / each))
      say "$points points x $each replications"
      line=$(taken sweep "$work/tiny.toml" --vary referrals.families_per_month=x0.5:x1.5 --design sobol \
        --points $points --replications "$each" "${metrics[@]}" --out "$work/memory" --force --yes)
      printf '%13s %10s %13s %9s %9.1f %9.1f %11.1f\n' $size $points "$each" \
        "$([ ${#metrics[@]} -gt 0 ] && echo 2 || echo all)" "$(cut -d' ' -f1 <<<"$line")" \
        "$(cut -d' ' -f3 <<<"$line")" "$(calc "$(stat --format %s "$work/memory/blocks.bin") / 1e6")"
    done
  done
}

resume() {
  local words half line child begun
  words=(sweep scenarios/first.toml --vary limit.value=12:20 --policy "hard 16" --replications 1024 --threads 2)
  for round in $(seq "$rounds"); do
    say "going on, round $round of $rounds"
    taken "${words[@]}" --out "$work/whole" --force >>"$work/whole.s"
    half=$(($(stat --format %s "$work/whole/blocks.bin") / 2))
    # Finished: nothing is left to play.
    taken "${words[@]}" --out "$work/whole" --resume >>"$work/finished.s"
    # Killed when half of the blocks are there, and gone on with.
    rm -rf "$work/killed"
    begun=$EPOCHREALTIME
    "$program" "${words[@]}" --out "$work/killed" --quiet &
    child=$!
    while [ "$(stat --format %s "$work/killed/blocks.bin" 2>/dev/null || echo 0)" -lt "$half" ]; do sleep 0.01; done
    kill -KILL "$child"
    wait "$child" 2>/dev/null || true
    line=$(calc "$EPOCHREALTIME - $begun")
    printf '%s\n' "$line" >>"$work/first.s"
    taken "${words[@]}" --out "$work/killed" --resume >>"$work/second.s"
    for table in sweep.csv sweep_summary.csv points.csv; do
      cmp --quiet "$work/whole/$table" "$work/killed/$table" || fail "$table differs after a kill"
    done
  done
  paste "$work/first.s" "$work/second.s" | awk '{ print $1 + $2 }' >"$work/both.s"
  printf '%-58s %9s\n' "9 points x 1,024 replications of first.toml" seconds
  printf '%-58s %9.2f\n' "uninterrupted" "$(middle 1 "$work/whole.s")" \
    "finished, and gone on with" "$(middle 1 "$work/finished.s")" \
    "killed half-way and gone on with, both runs together" "$(middle 1 "$work/both.s")"
  paste "$work/both.s" "$work/whole.s" | awk '{ printf "%.3f\n", $1 / $2 }' >"$work/ratios"
  printf 'killed and gone on with / uninterrupted: %.2f (rounds from %.2f to %.2f); the tables are the same bytes\n' \
    "$(median <"$work/ratios")" "$(sort -g "$work/ratios" | head -1)" "$(sort -g "$work/ratios" | tail -1)"
}

about_here
printf 'command: benches/sweep.sh %s, %s rounds; medians\n' "${parts[*]}" "$rounds"
for part in "${parts[@]}"; do
  printf '\n'
  "$part"
done
