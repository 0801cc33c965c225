# What the scripts of this folder share; they source it.

# Figures with a point, whatever the language of the machine.
export LC_ALL=C

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }

# Builds and prints the path of the program that times a scenario, and of the one that studies luck.
build_pace() { built bench --bench pace --no-run pace; }
build_luck() { built bench --bench luck --no-run luck; }

# Builds and prints the path of casecap itself; where $CASECAP names a program, that one is taken.
build_casecap() { if [ -n "${CASECAP:-}" ]; then printf '%s\n' "$CASECAP"; else built build --release casecap; fi; }

# built CARGO-WORDS... NAME
built() {
  local name=${*: -1} words=("${@:1:$#-1}") lines
  lines=$(cargo "${words[@]}" --message-format=json-render-diagnostics) || fail "cargo could not build $name"
  lines=$(sed -n "s/.*\"name\":\"$name\".*\"executable\":\"\([^\"]*\)\".*/\1/p" <<<"$lines" | tail -1)
  [ -n "$lines" ] || fail "cargo told no path of $name"
  printf '%s\n' "$lines"
}

# field NAME: a number of a line of JSON as pace and the programs it is held against print it.
field() { sed -n "s/.*\"$1\":[[:space:]]*\([-+0-9.eE]*\).*/\1/p"; }

# calc EXPRESSION: arithmetic to six significant digits.
calc() { awk "BEGIN { printf \"%.6g\n\", $* }"; }

# The middle one of the numbers on standard input, of an even number the mean of the two.
median() {
  sort -g | awk '{ v[NR] = $1 } END { if (NR == 0) exit 1
    print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'
}

# Where and when something was measured.
about_here() {
  local commit cpu
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  git diff --quiet HEAD 2>/dev/null || commit="$commit, with changes that are not committed"
  cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -1)
  printf 'machine: %s, %s cores; %s\n' "${cpu:-unknown}" "$(nproc)" "$(rustc --version)"
  printf 'commit:  %s; %s\n' "$commit" "$(date -u +%Y-%m-%d)"
}
