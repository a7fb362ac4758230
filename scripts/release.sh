#!/usr/bin/env bash
# release.sh: build sdist, wheel and .vsix of the tag that is checked out, into dist/.
# The same tag gives the same bytes: the commit's date stands for every time stamp.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python

version=$(sed -nE 's/^__version__ = "(.*)"/\1/p' server/self_refine/__init__.py)
tag=$(git describe --exact-match --tags HEAD 2>/dev/null || true)
if [ "$tag" != "v$version" ]; then
  echo "release.sh: HEAD is not tagged v$version (found '${tag:-no tag}'). Tag it: git tag v$version" >&2
  exit 2
fi
if [ -n "$(git status --porcelain)" ]; then
  echo "release.sh: there are changes that are not committed; commit or stash them" >&2
  exit 2
fi

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
rm -rf dist
"$python" -m hatchling build -t sdist -t wheel
scripts/vsix.sh
(cd dist && sha256sum -- * | tee SHA256SUMS)
