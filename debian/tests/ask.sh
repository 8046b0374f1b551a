# SPDX-FileCopyrightText: 2026 The GCoap developers
# SPDX-License-Identifier: LGPL-2.1-or-later

# ask.sh SERVER CLIENT ANSWER: starts the server, and has the client put 22.0 to its /temperature and
# get that answer. Each is a command with its arguments.
# shellcheck disable=SC2086 # the commands are split

set -eu

mkfifo "$AUTOPKGTEST_TMP/output"
$1 0 >"$AUTOPKGTEST_TMP/output" &
server_pid=$!
trap 'kill "$server_pid"; rm -f "$AUTOPKGTEST_TMP/output"' EXIT

# It tells its port when it is ready; a fifo waits for that.
exec 3<"$AUTOPKGTEST_TMP/output"
read -r line <&3
uri=coap://localhost:${line##* }/temperature

$2 put "$uri" 22.0
answer=$($2 get "$uri")
echo "$answer"
[ "$answer" = "$3" ]
