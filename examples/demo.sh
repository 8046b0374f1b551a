#!/bin/sh
# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

# Builds GCoap and asks the example server from C, Python, JavaScript, by the command gcoap and by
# libcoap's client:
# sh examples/demo.sh

set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$root/_build-demo
server_pid=
scratch=

clean_up() {
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
    [ -z "$scratch" ] || rm -rf "$scratch"
}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "$*" >&2
    exit 1
}

build_all() {
    mkdir -p "$build"
    if ! {
        [ -e "$build/build.ninja" ] ||
            meson setup "$build" "$root" -Dtests=false -Dintrospection=enabled
        ninja -C "$build"
    } >"$build/demo.log" 2>&1; then
        cat "$build/demo.log" >&2
        fail "The build failed."
    fi
}

# The python3 of the PATH need not be the one that PyGObject is installed for.
find_python() {
    for python in python3 /usr/bin/python3; do
        ! "$python" -c 'import gi' 2>/dev/null || return 0
    done
    fail "No Python with PyGObject was found."
}

# The server tells its port when it is ready; a fifo waits for that.
start_server() {
    scratch=$(mktemp -d)
    mkfifo "$scratch/output"
    "$build/examples/example-server" 0 >"$scratch/output" &
    server_pid=$!
    exec 3<"$scratch/output"
    read -r line <&3 || fail "The server did not start."
    uri=coap://127.0.0.1:${line##* }/temperature
}

# ask WHO EXPECTED COMMAND...: what is asked and what is answered, in two lines
ask() {
    who=$1
    expected=$2
    shift 2
    answer=$("$@" 2>&1) || true
    printf '%-10s -> %s\n           <- %s\n' "$who" "$*" "$answer"
    case $answer in
        *"$expected"*) ;;
        *) fail "The answer should have been: $expected" ;;
    esac
}

cd "$root"
sh build-aux/install-packages.sh demo
echo "Building in _build-demo ..."
build_all
find_python

export GI_TYPELIB_PATH="$build/introspection${GI_TYPELIB_PATH:+:$GI_TYPELIB_PATH}"
export GJS_PATH="$root/introspection/gjs${GJS_PATH:+:$GJS_PATH}"
export PYTHONPATH="$root/introspection${PYTHONPATH:+:$PYTHONPATH}"
export LD_LIBRARY_PATH="$build/src${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

start_server
echo "The server in C (examples/server.c) serves $uri"
echo
ask C "2.05 21.5" _build-demo/examples/example-client get "$uri"
ask Python "2.04" "$python" examples/client.py put "$uri" 22.0
ask JavaScript "2.05 22.0" gjs -m examples/client.js get "$uri"
ask gcoap "22.0" _build-demo/src/cli/gcoap get "$uri"
ask libcoap "22.0" coap-client-notls -m get "$uri"
ask libcoap "4.05" coap-client-notls -m delete "$uri"
echo
echo "They all understood each other. What they do is in examples/*.c, *.py and *.js."
