#!/usr/bin/env bash
# vsix.sh: build dist/self-refine-VERSION.vsix, one for all platforms: the extension, the server unpacked, its lock.
# Needs node 20 or later with npm. `vsix.sh --bundle` stops before packaging: what tests of the sources need.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v npm >/dev/null || { echo "vsix.sh: npm is not there; install Node.js 20 or later" >&2; exit 3; }

version=$(sed -nE 's/^__version__ = "(.*)"/\1/p' server/self_refine/__init__.py)

cd client-vscode
# The lock is the whole of what is installed; it is installed again only when it has changed.
if ! cmp -s package-lock.json node_modules/.lock; then
  npm ci --ignore-scripts --no-audit --no-fund
  cp package-lock.json node_modules/.lock
fi

rm -rf bundled
mkdir -p bundled
cp -R ../server/self_refine bundled/self_refine
cp -R ../criteria bundled/self_refine/packs
cp ../requirements/run.txt bundled/requirements.txt
cp ../LICENSE LICENSE
find bundled -name __pycache__ -prune -exec rm -rf {} +

node build.mjs --package
[ "${1:-}" != --bundle ] || exit 0

mkdir -p ../dist
vsix=../dist/self-refine-$version.vsix
# The manifest in the sources has no version of its own: the server's is the only one.
npx --no-install vsce package "$version" --no-update-package-json --no-git-tag-version --no-dependencies --out "$vsix"
echo "dist/$(basename "$vsix"): $(wc -c < "$vsix") bytes"
