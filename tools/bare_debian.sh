#!/bin/sh
# Runs a make target of the committed tree on a bare Debian 12 (Python and make, nothing else), as a newcomer would:
#
#   tools/bare_debian.sh [TARGET]        TARGET is test unless said otherwise
#
# Needs root and debootstrap. The system is made in a temporary folder, and removed at the end.
set -eu
cd "$(dirname "$0")/.."

[ "$(id -u)" -eq 0 ] || { echo "error: making a system to run in needs root" >&2; exit 1; }
system=$(mktemp -d)
chmod 755 "$system" # what becomes the root folder must let every user through

clean() {
    for mounted in dev/pts dev sys proc; do umount "$system/$mounted" 2>/dev/null || true; done
    # Never remove through a mount that would not go.
    grep -q " $system/" /proc/mounts || rm -rf "$system"
}
trap clean EXIT

echo "Making a bare Debian 12 in $system..." >&2
debootstrap --variant=minbase --include=python3,make,git,ca-certificates bookworm "$system" >"$system.log" 2>&1 ||
    { tail -n 20 "$system.log" >&2; exit 1; }
rm -f "$system.log"
for mounted in proc sys dev dev/pts; do mount --bind "/$mounted" "$system/$mounted"; done
cp /etc/resolv.conf "$system/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/" # behind a proxy with a certificate of its own
git clone --quiet . "$system/srv/vigie"

chroot "$system" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 make -C /srv/vigie "${1:-test}"
