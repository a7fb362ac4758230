#!/usr/bin/env bash
# llama.sh: print the path of llama.cpp's server: the one on PATH, else one that is unpacked into build/tools/llama
# (on Debian). Exit 3: none can be had; the reason is on stderr.
set -euo pipefail
cd "$(dirname "$0")/.."
starts() { "$1" --version >/dev/null 2>&1; }

if command -v llama-server >/dev/null && starts llama-server; then
  command -v llama-server
  exit
fi
tools=$PWD/build/tools/llama
if [ ! -x "$tools/llama-server" ] || ! starts "$tools/llama-server"; then
  rm -rf "$tools"
  mkdir -p "$tools"
  scripts/side-root.sh "$tools/root" llama.cpp-tools >&2
  program=$(scripts/side-program.sh "$tools/root" usr/bin/llama-server)
  libraries=$(dirname "$(find "$tools/root/usr/lib" -name libc.so.6 -print -quit)")
  # It looks for its backends where it was built for; the plainest one runs on any processor, and the others on
  # those that have what they are named after: the last one that fits is the fastest.
  backend=$(find "$libraries" -name 'libggml-cpu-x64.so' -o -name 'libggml-cpu-armv8.0_1.so' | head -n 1)
  for pair in sse4_2:sse42 avx:sandybridge avx2:haswell avx512bw:skylakex; do
    faster=$(dirname "$backend")/libggml-cpu-${pair#*:}.so
    if grep -qsw "${pair%:*}" /proc/cpuinfo && [ -f "$faster" ]; then backend=$faster; fi
  done
  cat >"$tools/llama-server" <<LAUNCHER
#!/usr/bin/env bash
export GGML_BACKEND_PATH=$backend
exec env LD_LIBRARY_PATH=$libraries:$libraries/llama:$libraries/ggml/backends0 $program "\$@"
LAUNCHER
  chmod +x "$tools/llama-server"
  starts "$tools/llama-server" || { echo "llama.sh: the llama-server that was unpacked does not start" >&2; exit 3; }
fi
echo "$tools/llama-server"
