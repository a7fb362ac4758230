#!/usr/bin/env bash
# side-root.sh DEST PACKAGE...: unpack Debian packages of the newest suite, and all that they need, under DEST.
#
# apt works on an empty package state of its own below DEST.apt, so the machine's packages stay as they are.
# The mirror is the one that the machine's own apt uses.
set -euo pipefail
dest=$(realpath -m "$1")
shift
state=$dest.apt
command -v apt-get >/dev/null || { echo "none is unpacked here: this is no Debian (there is no apt-get)" >&2; exit 3; }
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -v security | head -n 1)
[ -n "$mirror" ] || mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1)
[ -n "$mirror" ] || mirror=$(sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list 2>/dev/null | head -n 1)
[ -n "$mirror" ] || { echo "none can be unpacked: apt knows no mirror" >&2; exit 3; }
mkdir -p "$state"/{lists,cache/archives}/partial "$state"/{preferences,sources} "$dest"
: >"$state/status"
printf 'Types: deb\nURIs: %s\nSuites: sid\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
  "$mirror" >"$state/sources/sid.sources"
cat >"$state/apt.conf" <<CONF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$state/sources";
Dir::Etc::preferencesparts "$state/preferences";
Dir::State::lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state/cache";
APT::Install-Recommends "false";
Acquire::Retries "1";
Acquire::http::Timeout "30";
APT::Sandbox::User "root";
CONF
export APT_CONFIG=$state/apt.conf
apt-get -q update >"$state/log" 2>&1 && apt-get -q -y --download-only install "$@" >>"$state/log" 2>&1 || {
  echo "Debian's packages cannot be had ($(tail -n 1 "$state/log"))" >&2
  exit 3
}
# /usr is merged: everything that a package puts into /lib or /bin is to land below usr/.
for folder in bin sbin lib lib64; do
  mkdir -p "$dest/usr/$folder"
  [ -e "$dest/$folder" ] || ln -s "usr/$folder" "$dest/$folder"
done
for package in "$state"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$dest" --keep-directory-symlink --no-same-owner
done
