#!/usr/bin/env bash
# debug-server.sh: the language server under debugpy, for editors: it listens on loopback, port 5678 or
# SELF_REFINE_DEBUG_PORT, and serves at once; attach whenever you like.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$PWD/.venv/bin/python
"$python" -c 'import debugpy' 2>/dev/null || {
  echo "debug-server.sh: debugpy is not installed; run: .venv/bin/pip install debugpy" >&2
  exit 3
}
exec "$python" -m debugpy --listen "127.0.0.1:${SELF_REFINE_DEBUG_PORT:-5678}" -m self_refine serve
