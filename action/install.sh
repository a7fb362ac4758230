#!/usr/bin/env bash
# install.sh: self-refine with the dependencies of its lock, by their hashes, into the current Python.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=${PYTHON:-python3}
"$python" -m pip install --quiet --require-hashes -r "$root/requirements/run.txt"
"$python" -m pip install --quiet --require-hashes -r "$root/requirements/build.txt"
"$python" -m pip install --quiet --no-deps --no-build-isolation "${PACKAGE:-$root}"
