#!/usr/bin/env bash
# neovim.sh: print the path of a Neovim of 0.12 or later: the one on PATH if it is new enough, else one that is
# unpacked into build/tools/neovim (on Debian). Exit 3: none can be had; the reason is on stderr.
set -euo pipefail
cd "$(dirname "$0")/.."
new_enough() { "$1" --headless --clean +'lua io.stdout:write(vim.fn.has("nvim-0.12"))' +qa 2>/dev/null | grep -q 1; }

if command -v nvim >/dev/null && new_enough nvim; then
  command -v nvim
  exit
fi
tools=$PWD/build/tools/neovim
if [ ! -x "$tools/nvim" ] || ! new_enough "$tools/nvim"; then
  rm -rf "$tools"
  mkdir -p "$tools"
  scripts/side-root.sh "$tools/root" neovim >&2
  program=$(scripts/side-program.sh "$tools/root" usr/bin/nvim)
  cat >"$tools/nvim" <<LAUNCHER
#!/usr/bin/env bash
export VIMRUNTIME=$tools/root/usr/share/nvim/runtime
exec $program "\$@"
LAUNCHER
  chmod +x "$tools/nvim"
  new_enough "$tools/nvim" || { echo "neovim.sh: the Neovim that was unpacked does not start" >&2; exit 3; }
fi
echo "$tools/nvim"
