#!/usr/bin/env bash
# eval-local.sh: measure the loop on a real small model, on this machine alone. LIMIT=40 items (the first ones of
# examples/eval/short.jsonl), ARMS=ours, MODEL=large (1.5 B parameters) or small (135 M), THREADS. One to two hours for
# 40 items on two idle cores; a run that was stopped goes on where it was. Where the model or its server cannot be had,
# it says why, and is no failure; what a model must never do is one: see scripts/judge_eval.py.
set -euo pipefail
cd "$(dirname "$0")/.."
model=${MODEL:-large}
out=build/eval-local/$model
mkdir -p "$out"

skip() { echo "eval-local: could not run: $1"; exit 0; }
server=$(scripts/llama.sh 2>build/llama.log) || skip "$(tail -n 1 build/llama.log)"
models=$(scripts/local-model.sh 2>build/models.log) || skip "$(tail -n 1 build/models.log)"

port=$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$server" -m "$models/$model.gguf" --alias "local-$model" --host 127.0.0.1 --port "$port" \
  -c 16384 -np 1 -t "${THREADS:-2}" --jinja >"$out/server.log" 2>&1 &
serving=$!
trap 'kill $serving 2>/dev/null || true' EXIT

# Its own settings: the user's must not decide what is measured, and a model on a slow machine needs time.
mkdir -p "$out/config/self-refine"
printf 'firstByteSeconds = 1800.0\nidleSeconds = 600.0\nmaxSeconds = 7200.0\ntrace = false\ncache = false\n' \
  >"$out/config/self-refine/config.toml"
.venv/bin/python scripts/wait_for_server.py "http://127.0.0.1:$port/health" 600
env -u OPENAI_API_KEY XDG_CONFIG_HOME="$PWD/$out/config" \
  OPENAI_BASE_URL="http://127.0.0.1:$port/v1" OPENAI_MODEL="local-$model" \
  .venv/bin/self-refine eval examples/eval/short.jsonl \
  --arms "draft,${ARMS:-ours}" --limit "${LIMIT:-40}" --out "$out"
.venv/bin/python scripts/judge_eval.py "$out"
