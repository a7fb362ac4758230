#!/usr/bin/env bash
# helix.sh: print the path of a Helix of 25.07 or later: the one on PATH if it is new enough, else one that is
# unpacked into build/tools/helix (on Debian). Exit 3: none can be had; the reason is on stderr.
set -euo pipefail
cd "$(dirname "$0")/.."
new_enough() { "$1" --version 2>/dev/null | grep -Eq '^helix (25\.(0[7-9]|1)|2[6-9]|[3-9][0-9])'; }

for name in hx helix; do
  if command -v "$name" >/dev/null && new_enough "$name"; then
    command -v "$name"
    exit
  fi
done
tools=$PWD/build/tools/helix
if [ ! -x "$tools/hx" ] || ! new_enough "$tools/hx"; then
  rm -rf "$tools"
  mkdir -p "$tools"
  scripts/side-root.sh "$tools/root" hx >&2
  program=$(scripts/side-program.sh "$tools/root" usr/lib/hx/hx)
  cat >"$tools/hx" <<LAUNCHER
#!/usr/bin/env bash
export HELIX_RUNTIME=$tools/root/usr/lib/hx/runtime
exec $program "\$@"
LAUNCHER
  chmod +x "$tools/hx"
  new_enough "$tools/hx" || { echo "helix.sh: the Helix that was unpacked does not start, or is older than 25.07" >&2; exit 3; }
fi
echo "$tools/hx"
