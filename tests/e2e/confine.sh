#!/bin/bash
# confine.sh STATE PREFIX PROGRAM...: run a program as deploy/vistka.service has it run, as far as that goes without systemd.
# To be run by root in a mount namespace of its own (unshare --mount). STATE is its state directory, PREFIX what Python is in.
set -euo pipefail
state=$1 prefix=$2 nobody=64973
shift 2
mount --make-rprivate /
chown -R "$nobody:$nobody" "$state"
# ProtectSystem=strict, StateDirectory=
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir /var/lib/vistka /var/lib/python
mount --bind "$state" /var/lib/vistka
mount --bind "$prefix" /var/lib/python
# PrivateTmp=yes
mount -t tmpfs -o mode=1777,noexec,nosuid,nodev tmpfs /var/tmp
# ProtectHome=yes, but for a Python that is installed there
for home in /root /home; do mount -t tmpfs -o mode=755 tmpfs "$home"; done
case $prefix in
    /root/* | /home/*) mkdir -p "$prefix" && mount --bind /var/lib/python "$prefix" ;;
esac
mount --bind / /
for read_only in / /var/lib /root /home; do mount -o remount,bind,ro "$read_only"; done
# ProtectProc=invisible
mount -t proc -o hidepid=invisible proc /proc
cd /var/lib/vistka
umask 0077
# NoNewPrivileges=yes, CapabilityBoundingSet=, LimitCORE=0; 65, 1 is PR_SET_MDWE of MemoryDenyWriteExecute=yes
exec prlimit --core=0 --nproc=128 setpriv --reuid "$nobody" --regid "$nobody" --clear-groups --no-new-privs --bounding-set=-all \
    "$prefix/bin/python3" -I -c 'import ctypes, os, sys
if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0):
    sys.exit("the kernel knows no PR_SET_MDWE")
os.execv(sys.argv[1], sys.argv[1:])' "$@"
