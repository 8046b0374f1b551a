// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// The smallest server on node-coap: node server-node-coap.js PORT.
// It prints the port that it got, and ends with its standard input.

'use strict';

const coap = require('coap');

const server = coap.createServer((_request, response) => response.end('21.5'));

server.listen(Number(process.argv[2]), '127.0.0.1', () => {
    console.log(server._sock.address().port);
});
process.stdin.on('end', () => process.exit(0)).resume();
