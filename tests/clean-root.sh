#!/bin/sh
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A fresh Debian system in a folder, of this machine's release and from where its apt fetches:
#
#     clean-root.sh create ROOT PACKAGE...   the minimal system and these packages
#     clean-root.sh run ROOT COMMAND...      as its root user, in /root, with nothing of this system
#     clean-root.sh remove ROOT
#
# A command has /proc and a loopback of its own and no other network, and what it leaves running
# ends with it: a server and its client are one command, of `sh -c` or of a script in ROOT. Where
# a container forbids that, there is no /proc, and the network is the machine's.

set -eu

usage() {
    sed -n 's/^#     \(clean-root.sh .*\)/\1/p' "$0" >&2
    exit 2
}

fail() {
    echo "clean-root.sh: $*" >&2
    exit 1
}

# mirror SUITE: where apt fetches it, whatever its sources call it; nothing before it has its lists.
mirror() {
    # shellcheck disable=SC2016 # apt fills it in
    uri=$(apt-get indextargets --format '$(REPO_URI)' \
        'Created-By: Packages' "Codename: $1" 'Component: main' | head -n 1)
    case $uri in
        mirror+file:*) # a list of mirrors, which debootstrap does not know
            list=${uri#mirror+file:}
            sed -n 's/^\([^#[:space:]][^[:space:]]*\).*/\1/p' "${list%/}" | head -n 1
            ;;
        *) echo "$uri" ;;
    esac
}

# What debootstrap fetches with does not read apt's settings.
use_proxy_of_apt() {
    [ -z "${http_proxy:-}" ] || return 0
    eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
    case ${http_proxy:-} in
        '' | DIRECT) unset http_proxy ;;
        *) export http_proxy ;;
    esac
}

# closure PACKAGE...: they and all that they depend on. What debootstrap finds on its own lacks
# those that are known by what they provide.
closure() {
    [ $# -gt 0 ] || return 0
    plan=$(apt-get --simulate --quiet=2 --no-install-recommends \
        --option Dir::State::status=/dev/null install "$@" </dev/null) || return
    echo "$plan" | sed -n 's/^Inst \([^ ]*\).*/\1/p'
}

# A file that tells of this script, so that it does not remove a system that somebody lives in.
mark=etc/dpkg/dpkg.cfg.d/clean-root
is_root_folder() {
    [ -e "$1/$mark" ]
}

# What is mounted and started in namespaces ends with them, whatever happens to this script.
namespaces='unshare --mount --pid --fork --kill-child'
$namespaces true 2>/dev/null || namespaces=

# watch COMMAND...: runs it such that a signal to this script ends it at once.
child=
watch() {
    "$@" <&0 &
    child=$!
    status=0
    wait "$child" || status=$?
    child=
    return "$status"
}

end_child() {
    if [ -n "$child" ]; then
        kill -KILL "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    fi
}

trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

create() {
    [ -z "$(ls -A "$root" 2>/dev/null)" ] || fail "$root is not empty"
    [ "$(id -u)" -eq 0 ] || fail 'only root can make such a system'
    # shellcheck source=/dev/null
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # A machine that has never asked for the lists of packages knows none.
    uri=$(mirror "$suite")
    [ -n "$uri" ] || { apt-get update --quiet=2 && uri=$(mirror "$suite"); }
    [ -n "$uri" ] || fail "apt has no source for $suite"
    include=$(closure "$@") || { apt-get update --quiet=2 && include=$(closure "$@"); }
    include=$(echo "$include" | tr -s ' \n' ',')
    use_proxy_of_apt

    trap 'end_child; rm -rf --one-file-system "$root" "$root.log"' EXIT
    # Nobody needs it to survive a loss of power.
    mkdir -p "$root/${mark%/*}"
    echo force-unsafe-io >"$root/$mark"
    # shellcheck disable=SC2086 # the words are split
    watch $namespaces debootstrap --variant=minbase ${include:+"--include=$include"} \
        "$suite" "$root" "$uri" >"$root.log" 2>&1 || {
        tail -n 30 "$root.log" >&2
        fail 'debootstrap failed'
    }
    trap - EXIT
    rm -rf "$root.log" "$root/var/cache/apt/archives/"*.deb "$root/etc/resolv.conf"
    printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
}

# Runs with ROOT as $0. Whoever may not have namespaces has no right to mount either.
# shellcheck disable=SC2016 # the inner shell fills it in
enter='
    if [ $$ -eq 1 ]; then
        ip link set lo up
        mount -t proc proc "$0/proc" || true
    fi
    chroot "$0" env --ignore-environment --chdir=/root \
        HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
    exit $?'

run() {
    is_root_folder "$root" || fail "$root is not of this script"
    trap end_child EXIT
    # shellcheck disable=SC2086 # the words are split
    watch $namespaces ${namespaces:+--net} sh -c "$enter" "$root" "$@"
}

remove() {
    [ -e "$root" ] || return 0
    is_root_folder "$root" || fail "$root is not of this script"
    rm -rf --one-file-system "$root"
}

[ $# -ge 2 ] || usage
action=$1
root=${2%/}
shift 2
case $action in
    create) ;;
    run) [ $# -ge 1 ] || usage ;;
    remove) [ $# -eq 0 ] || usage ;;
    *) usage ;;
esac
"$action" "$@"
