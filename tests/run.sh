#!/bin/sh
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Installs what the tests need, builds the project in the ways that matter and runs its tests.
# The last line is "N passed, N failed". A test that was skipped for a missing tool has failed.

set -u
cd "$(dirname "$0")/.." || exit 1

passed=0
failed=0

say() {
    printf '\n== %s\n' "$*"
}

# check NAME COMMAND...: one test of its own, by the exit status.
check() {
    name=$1
    shift
    say "$name"
    if "$@"; then
        passed=$((passed + 1))
    else
        printf 'not ok: %s\n' "$name"
        failed=$((failed + 1))
    fi
}

# build FOLDER OPTION...: configures the folder, anew if it does not fit, and builds it.
build() {
    folder=$1
    shift
    if [ -d "$folder" ]; then
        meson configure "$folder" "$@" >/dev/null 2>&1 || rm -rf "$folder"
    fi
    if [ ! -d "$folder" ]; then
        meson setup "$folder" --werror "$@" >"$folder.log" 2>&1 || {
            cat "$folder.log"
            return 1
        }
    fi
    ninja -C "$folder" >"$folder.log" 2>&1 || {
        tail -n 60 "$folder.log"
        return 1
    }
}

# count LABEL: what a summary line of meson test says.
count() {
    sed -n "s/^$1: *\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1
}

# run_tests FOLDER ARGUMENT...: runs the tests of a build and adds up their results.
run_tests() {
    folder=$1
    shift
    log=$folder.tests.log
    meson test -C "$folder" --no-rebuild --print-errorlogs "$@" >"$log" 2>&1
    cat "$log"
    ok=$(count Ok "$log")
    passed=$((passed + ${ok:-0}))
    if [ -z "$ok" ]; then
        failed=$((failed + 1))
    fi
    for label in 'Expected Fail' Fail 'Unexpected Pass' Skipped Timeout; do
        n=$(count "$label" "$log")
        failed=$((failed + ${n:-0}))
    done
}

say 'Packages'
if ! sh build-aux/install-packages.sh tests; then
    printf '\n0 passed, 1 failed\n'
    exit 1
fi

# Without these some tests would not exist, which must not pass for success.
for tool in c++ clang coap-client-notls coap-server-notls gi-docgen gjs groff msgfmt mypy node npm \
    strace valac valgrind; do
    if ! command -v "$tool" >/dev/null; then
        printf 'not ok: %s is missing\n' "$tool"
        failed=$((failed + 1))
    fi
done
if ! python3 -c 'import gi' 2>/dev/null && ! /usr/bin/python3 -c 'import gi' 2>/dev/null; then
    printf 'not ok: no Python with PyGObject\n'
    failed=$((failed + 1))
fi

check 'Build: gcc' build _build-tests -Ddocs=enabled
run_tests _build-tests

# The scanner runs a program of the build, which is not the place to look for leaks.
ASAN_OPTIONS=detect_leaks=0
export ASAN_OPTIONS
check 'Build: gcc with the address and undefined-behaviour sanitizers' \
    build _build-sanitize -Db_sanitize=address,undefined -Db_lundef=false
unset ASAN_OPTIONS
run_tests _build-sanitize

check 'Build: clang' env CC=clang sh -c '
    rm -rf _build-clang
    meson setup _build-clang --werror -Dintrospection=disabled -Dvapi=disabled >_build-clang.log 2>&1 &&
    ninja -C _build-clang >>_build-clang.log 2>&1 || { tail -n 60 _build-clang.log; false; }'

check 'Demo' sh examples/demo.sh
check 'Debian packages' python3 tests/test-packages.py _build-packages
check 'Getting started in a clean root' \
    python3 tests/test-getting-started.py "$PWD" root _build-guide

say 'Valgrind'
run_tests _build-tests --setup valgrind --suite transport --suite facade

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
