#!/usr/bin/env bash
# test-vscode.sh: everything that is tested of the VS Code extension: types, lint, format, units, then the real
# workbench: tests inside the extension host, and tests of the page in headless Chromium.
# Installs what it needs (npm packages; Chromium by apt-get, where it may). What cannot run is said, and counts as failed
# unless SELF_REFINE_PARTIAL=1. The last line is "N passed, N failed".
# SELF_REFINE_TESTS: the names of some test files, such as "page states", in place of all.
set -uo pipefail
cd "$(dirname "$0")/.."
logs=build/vscode-tests/logs
mkdir -p "$logs"
passed=0
failed=0

could_not() { # could_not WHAT WHY
  echo "could not run: $1: $2"
  [ -n "${SELF_REFINE_PARTIAL:-}" ] || failed=$((failed + 1))
}

step() { # step NAME COMMAND...: one check that passes or fails as a whole
  local name=$1 log="$logs/$1.log"
  shift
  if "$@" > "$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok: $name"
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    tail -n 40 "$log"
  fi
}

count() { # count FILE PATTERN: the number that stands in the last line of that pattern
  sed -nE "s/$2/\\1/p" "$1" | tail -n 1
}

suite() { # suite NAME PASSED FAILED COMMAND...: tests that count themselves, by two patterns
  local name=$1 good=$2 bad=$3 log="$logs/$1.log" ok no code=0
  shift 3
  "$@" > "$log" 2>&1 || code=$?
  ok=$(count "$log" "$good")
  no=$(count "$log" "$bad")
  [ "$code" -eq 0 ] || [ "${no:-0}" -gt 0 ] || no=1
  passed=$((passed + ${ok:-0}))
  failed=$((failed + ${no:-0}))
  echo "$name: ${ok:-0} passed, ${no:-0} failed"
  if [ "${no:-0}" -gt 0 ]; then grep -vE '^# (File not found|\[)' "$log" | grep -A 12 -E '^ *(not ok|FAIL|.*Error)' | head -n 120; fi
}

node_suite() { # node_suite NAME FILE
  suite "$1" '^# pass ([0-9]+)$' '^# fail ([0-9]+)$' node --test --test-reporter=tap "$2"
}

wanted() { [ -z "${SELF_REFINE_TESTS:-}" ] || [[ " $SELF_REFINE_TESTS " == *" $1 "* ]]; }

command -v npm > /dev/null || { could_not "everything" "npm is not there; install Node.js 20 or later"; echo "$passed passed, $failed failed"; exit 1; }

step package scripts/vsix.sh
if wanted unit; then
  cd client-vscode || exit 1
  logs=../$logs
  step types npm run --silent typecheck
  step lint npm run --silent lint
  suite unit '^ *Tests .*[^0-9]([0-9]+) passed.*' '^ *Tests .*[^0-9]([0-9]+) failed.*' env NO_COLOR=1 npx --no-install vitest run
  cd .. || exit 1
  logs=build/vscode-tests/logs
fi

have_chromium() { [ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ]; }
if ! have_chromium && [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  echo "Installing Chromium (once) ..."
  { apt-get install -y --no-install-recommends chromium fonts-dejavu-core || { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core; }; } > "$logs/chromium.log" 2>&1
fi

if ! have_chromium; then
  could_not "tests of the workbench" "Chromium is not there; apt-get install chromium fonts-dejavu-core"
elif ! { echo "Preparing VS Code in build/vscode (once) ..." && scripts/vscode.sh build/vscode > "$logs/vscode.log" 2>&1; }; then
  could_not "tests of the workbench" "VS Code could not be prepared; see $logs/vscode.log"
elif [ ! -f dist/self-refine-"$(sed -nE 's/^  "version": "(.*)",/\1/p' client-vscode/package.json | head -n 1)".vsix ]; then
  could_not "tests of the workbench" "there is no package of the extension"
else
  # First the one that starts with nothing: it leaves the server's environment for the others.
  for name in states page review in-host; do
    if wanted "$name"; then node_suite "$name" "tests/editors/vscode/$name.test.mjs"; fi
  done
fi

for figures in build/vscode-tests/first-start.json build/vscode-tests/activation.json; do
  [ ! -f "$figures" ] || echo "$(basename "$figures" .json): $(cat "$figures")"
done
echo "screenshots: build/vscode-tests/shots"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
