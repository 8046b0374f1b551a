// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// A node-coap client: node-client.js udp4|udp6. Each line of its input is a request:
//   {"id", "host", "port", "method", "path", "query", "confirmable", "observe", "token",
//    "ackTimeout", "payload", "options"}
// token, payload and the values of options in hexadecimal. Method "PING" is an empty message. A
// line {"id", "code", "payload", "options"} or {"id", "error"} tells the end of each.
// {"id", "abort"} makes the client forget one. Where it observes, a line {"id", "state"} tells of
// each payload, and {"id", "stop", "tellsServer"} ends that.

'use strict';

const coap = require('coap');
const dgram = require('dgram');
const packet = require('coap-packet');
const readline = require('readline');

const PING_MESSAGE_ID = 0x1234;

const running = new Map();
const streams = new Map();
const agent = new coap.Agent({ type: process.argv[2] });

function print(value) {
    process.stdout.write(JSON.stringify(value) + '\n');
}

// node-coap has no ping, but its codec can make one.
function ping({ id, host, port }) {
    const socket = dgram.createSocket(process.argv[2]);

    socket.on('message', (raw) => {
        const { code, reset, messageId } = packet.parse(raw);
        const isPong = reset && code === '0.00' && messageId === PING_MESSAGE_ID;
        print(isPong ? { id, code } : { id, error: raw.toString('hex') });
        socket.close();
    });
    socket.send(packet.generate({ code: '0.00', confirmable: true, messageId: PING_MESSAGE_ID }),
        port, host);
}

function encode(name, value) {
    return [name, Buffer.from(value).toString('hex')];
}

function toOptions(pairs) {
    const options = {};

    for (const [name, value] of pairs)
        (options[name] ??= []).push(Buffer.from(value, 'hex'));
    return options;
}

// node-coap puts names and numbers in the place of some options' bytes; this takes them as text.
function fromOptions(options) {
    return options.map(({ name, value }) => encode(name, value instanceof Buffer ? value
        : String(value)));
}

function send(line) {
    const request = agent.request({
        hostname: line.host,
        port: line.port,
        method: line.method ?? 'GET',
        pathname: line.path,
        query: line.query,
        confirmable: line.confirmable ?? true,
        observe: line.observe,
        token: line.token === undefined ? undefined : Buffer.from(line.token, 'hex'),
        options: toOptions(line.options),
    });

    running.set(line.id, request);
    request.on('error', (error) => print({ id: line.id, error: String(error) }));
    request.on('response', (response) => {
        print({
            id: line.id,
            code: response.code,
            payload: response.payload.toString('hex'),
            options: fromOptions(response.options),
        });
        if (response.close) {
            streams.set(line.id, response);
            response.on('data', (data) => print({ id: line.id, state: data.toString('hex') }));
        }
    });
    request.end(Buffer.from(line.payload, 'hex'));
}

function abort(id) {
    agent.abort(running.get(id));
    print({ id, error: 'aborted' });
}

readline.createInterface({ input: process.stdin })
    .on('line', (text) => {
        const line = JSON.parse(text);

        if (line.ackTimeout !== undefined)
            coap.updateTiming({ ackTimeout: line.ackTimeout });
        if (line.abort)
            abort(line.id);
        else if (line.stop)
            streams.get(line.id).close(line.tellsServer);
        else if (line.method === 'PING')
            ping(line);
        else
            send(line);
    })
    .on('close', () => process.stdout.write('', () => process.exit(0)));
