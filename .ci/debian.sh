#!/usr/bin/env bash
# The tests on a fresh Debian of another release: a bare system in a folder, entered with chroot, and in it a clone of
# what is committed here. Wants root and debootstrap (Debian, Ubuntu: apt-get install debootstrap).
#
#   .ci/debian.sh SUITE FOLDER              .ci/run there; SUITE is bookworm, trixie, testing ...
#   .ci/debian.sh SUITE FOLDER COMMAND ...  something else there, for instance python3 -m pytest of the clone's .venv
#
# A second call uses the system that is there and brings its clone up to date; what is installed in it stays. To remove
# it: umount --recursive FOLDER/proc FOLDER/sys FOLDER/dev, then the folder.
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
suite=$1 folder=$2
shift 2
[ $# -gt 0 ] || set -- .ci/run

if [ ! -e "$folder/etc/debian_version" ]; then
    # every release is made by the one script that the older debootstrap may not know by the newest name
    debootstrap --variant=minbase --include=ca-certificates,git,python3,python3-venv \
        "$suite" "$folder" "" /usr/share/debootstrap/scripts/sid
fi
folder=$(cd "$folder" && pwd)

# how this machine reaches the package registries
shopt -s nullglob
settings=(/etc/resolv.conf /etc/hosts /etc/pip.conf /usr/local/share/ca-certificates ~/.config/pip ~/.npmrc)
settings+=($(grep -ls Acquire /etc/apt/apt.conf.d/* || true))
for one in "${settings[@]}"; do
    if [ -e "$one" ]; then
        inside=$folder${one/#"$HOME"/\/root}
        mkdir -p "$(dirname "$inside")"
        cp -rLT "$one" "$inside"
    fi
done

mountpoint -q "$folder/proc" || mount -t proc proc "$folder/proc"
mountpoint -q "$folder/sys" || mount -t sysfs sysfs "$folder/sys"
mountpoint -q "$folder/dev" || { mount --rbind /dev "$folder/dev" && mount --make-rslave "$folder/dev"; }

clone=/root/formgen-harvest
[ -e "$folder$clone/.git" ] || git clone --quiet --no-checkout "$root" "$folder$clone"
git -C "$folder$clone" fetch --quiet "$root" HEAD
git -C "$folder$clone" checkout --quiet --force --detach FETCH_HEAD

unset PYTHONPATH VIRTUAL_ENV
exec env HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    chroot "$folder" sh -c 'update-ca-certificates >/dev/null 2>&1; cd "$0" && exec "$@"' "$clone" "$@"
