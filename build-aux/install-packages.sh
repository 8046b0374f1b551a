#!/bin/sh
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

# Installs the Debian packages that are missing: sh install-packages.sh demo|tests

set -eu

demo_packages="
    gcc
    gjs
    gobject-introspection
    libc6-dev
    libcoap3-bin
    libgirepository1.0-dev
    libglib2.0-dev
    meson
    ninja-build
    pkg-config
    python3
    python3-gi
"

tests_packages="
    $demo_packages
    build-essential
    clang
    debhelper
    debootstrap
    dh-python
    g++
    gettext
    gi-docgen
    groff-base
    iproute2
    libcoap3-dev
    lintian
    mypy
    strace
    valac
    valgrind
"

# Node.js from elsewhere will do, and may be what keeps Debian's from being installed.
has_node() {
    command -v npm >/dev/null && command -v node >/dev/null &&
        node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)'
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

case "${1:-}" in
    demo)
        packages=$demo_packages
        ;;
    tests)
        packages=$tests_packages
        has_node || packages="$packages nodejs npm"
        ;;
    *)
        echo "Usage: $0 demo|tests" >&2
        exit 2
        ;;
esac

# Other systems have all this under other names, so it is left to the build to find what is missing.
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2086 # the list is split into words
    echo "This is no Debian system. What is needed are the counterparts of these packages:" \
        $packages >&2
    exit 0
fi

missing=
for package in $packages; do
    is_installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "Packages are missing, and only root can install them. Please run:" >&2
    echo "  sudo apt-get install$missing" >&2
    exit 1
fi

install_missing() {
    # shellcheck disable=SC2086 # the list is split into words
    DEBIAN_FRONTEND=noninteractive \
        apt-get install --quiet=2 --yes --no-install-recommends $missing </dev/null
}

echo "Installing:$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 1' HUP INT TERM

# A machine that has never asked for the lists of packages knows none, and old lists name versions
# that are gone: so they are fetched if it does not work without.
if ! { install_missing || { apt-get update --quiet=2 && install_missing; }; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
