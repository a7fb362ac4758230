#!/usr/bin/env bash
# emacs.sh: print the path of an Emacs of 30 or later, which brings eglot: the one on PATH if it is new enough,
# else one that is unpacked into build/tools/emacs (on Debian). Exit 3: none can be had; the reason is on stderr.
set -euo pipefail
cd "$(dirname "$0")/.."
new_enough() { "$1" -Q --batch --eval '(progn (require (quote eglot)) (kill-emacs (if (>= emacs-major-version 30) 0 1)))' >/dev/null 2>&1; }

if command -v emacs >/dev/null && new_enough emacs; then
  command -v emacs
  exit
fi
tools=$PWD/build/tools/emacs
if [ ! -x "$tools/emacs" ] || ! new_enough "$tools/emacs"; then
  rm -rf "$tools"
  mkdir -p "$tools"
  scripts/side-root.sh "$tools/root" emacs-nox >&2
  program=$(scripts/side-program.sh "$tools/root" usr/bin/emacs-nox)
  # Emacs looks for its parts where it was built for; these say where they are.
  image=$(find "$tools/root/usr/libexec/emacs" -name '*.pdmp' -print -quit)
  shared=$(find "$tools/root/usr/share/emacs" -mindepth 1 -maxdepth 1 -name '[0-9]*' -print -quit)
  cat >"$tools/emacs" <<LAUNCHER
#!/usr/bin/env bash
export EMACSLOADPATH=$shared/lisp EMACSDATA=$shared/etc EMACSDOC=$shared/etc EMACSPATH=$(dirname "$image")
exec $program --dump-file=$image "\$@"
LAUNCHER
  chmod +x "$tools/emacs"
  new_enough "$tools/emacs" || { echo "emacs.sh: the Emacs that was unpacked does not start, or is older than 30" >&2; exit 3; }
fi
echo "$tools/emacs"
