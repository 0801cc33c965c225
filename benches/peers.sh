# The other programs for the reference models: where they are, and how they are built. Scripts source it after lib.sh,
# with `here` the folder where the command was given and `work` one for what is thrown away.

# find_peers PEERS_DIR CACHE: folders as seen from where the command was given; no cache is one that is thrown away.
find_peers() {
  peers=$(from_here "$1")
  if [ -n "$2" ]; then cache=$(from_here "$2"); else cache=$work/peers; fi
  mkdir -p "$cache"
}
from_here() { case "$1" in /*) printf '%s\n' "$1" ;; *) printf '%s/%s\n' "$here" "$1" ;; esac; }

# NAME -> command, to which MODEL REPLICATIONS SEED are added; and why another is left out.
declare -A command_of skipped
order=()
add() { order+=("$1"); command_of[$1]=$2; }
skip() { skipped[$1]=$2; say "left out: $1: $2"; }

# cargo_peer NAME FOLDER BINARY WORDS
cargo_peer() {
  local binary=$cache/$2/release/$3
  if [ ! -x "$binary" ]; then
    [ -f "$peers/$2/Cargo.toml" ] || { skip "$1" "there is no $2 in the folder of the others"; return; }
    say "building $2"
    cargo build --quiet --release --manifest-path "$peers/$2/Cargo.toml" --target-dir "$cache/$2" ||
      { skip "$1" "it could not be built"; return; }
  fi
  add "$1" "$binary${4:+ $4}"
}

# python_peer NAME FOLDER MODULE
python_peer() {
  [ -f "$peers/$2/bench.py" ] || { skip "$1" "there is no $2/bench.py in the folder of the others"; return; }
  if [ ! -x "$cache/venv/bin/python" ]; then
    python3 -m venv "$cache/venv" 2>/dev/null && say "installing the Python packages" &&
      "$cache/venv/bin/pip" install --quiet simpy==4.1.2 numba==0.68.1 numpy==2.4.6 >&2 || true
  fi
  "$cache/venv/bin/python" -c "import $3" 2>/dev/null ||
    { skip "$1" "its Python packages could not be installed (python3-venv and pip are needed)"; return; }
  add "$1" "env PYTHONDONTWRITEBYTECODE=1 $cache/venv/bin/python $peers/$2/bench.py"
}
