// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// A node-coap server: node-server.js ADDRESS. It prints {"port"} once it listens, then
// a line for each request it gets, and ends with its standard input. A line {"code", "payload"} of
// that is a new state of what is observed; {"ended"} tells the token of who observes no longer.

'use strict';

const coap = require('coap');
const packet = require('coap-packet');
const readline = require('readline');

const SLOW_MS = 150; // above the time that node-coap waits with a piggybacked response
const LARGE_SIZE = 3000;
const BLOCK_SIZE = 1024;
const BLOCK_0_OF_MORE = 0x0e;

function print(value) {
    process.stdout.write(JSON.stringify(value) + '\n');
}

function toHex(value) {
    return Buffer.from(value).toString('hex');
}

// Options as they were on the wire: node-coap puts names and numbers in the place of some.
function rawOptions(raw) {
    return packet.parse(raw).options.map(({ name, value }) => [name, toHex(value)]);
}

function echo(request, response) {
    const format = request.headers['Content-Format'];
    response.code = { GET: '2.05', FETCH: '2.05', POST: '2.01', DELETE: '2.02' }[request.method] ??
        '2.04';
    if (format !== undefined)
        response.setOption('Content-Format', format);
    response.end(request.payload);
}

let body = Buffer.alloc(0);

function store(request, response) {
    if (request.method !== 'PUT') {
        response.end(body);
        return;
    }
    body = request.payload;
    response.code = '2.04';
    response.end();
}

const observers = new Map();

function observe(request, response) {
    const token = toHex(request._packet.token);

    if (request.headers.Observe === 0) {
        observers.set(token, response);
        response.on('finish', () => {
            observers.delete(token);
            print({ ended: token });
        });
        response.write('first');
        return;
    }
    observers.get(token)?.end();
    response.end('first');
}

// Only a state of success is followed by others.
function notify({ code, payload }) {
    for (const response of observers.values()) {
        response.statusCode = code;
        response.write(Buffer.from(payload, 'hex'));
        if (!code.startsWith('2.'))
            response.end();
    }
}

// node-coap does not cut notifications into blocks, but requests for the later ones are answered as
// any other. A state repeats what it is told to be, which makes node-coap's ETag 0.
function observeLarge(request, response) {
    if (request.headers.Observe !== 0) {
        response.end(body);
        return;
    }
    const write = response.write.bind(response);

    response.write = (state) => {
        body = Buffer.alloc(LARGE_SIZE, state);
        response.setOption('Block2', Buffer.from([BLOCK_0_OF_MORE]));
        response.setOption('ETag', Buffer.alloc(2));
        write(body.slice(0, BLOCK_SIZE));
    };
    observe(request, response);
}

const resources = {
    '/observed': observe,
    '/observed-large': observeLarge,
    '/store': store,
    '/echo': echo,
    '/slow': (request, response) => setTimeout(() => echo(request, response), SLOW_MS),
    '/never': () => {},
    '/large': (_request, response) => response.end(Buffer.alloc(LARGE_SIZE, 'x')),
    '/reset': (_request, response) => response.reset(),
    '/forbidden': (_request, response) => {
        response.code = '4.03';
        response.end('not for you');
    },
    '/options': (_request, response) => {
        response.setOption('ETag', Buffer.from('0102030405060708', 'hex'));
        response.setOption('Max-Age', 4294967295);
        response.setOption('Content-Format', 'application/json');
        response.setOption('Location-Path', [
            Buffer.alloc(255, 'p'), Buffer.from(''), Buffer.from('é'),
        ]);
        response.setOption('Location-Query', [Buffer.alloc(255, 'q')]);
        response.setOption('65000', Buffer.alloc(300, 'e'));
        response.end('{}');
    },
    '/critical': (_request, response) => {
        response.setOption('65001', Buffer.from('c'));
        response.end('with a critical option that nobody knows');
    },
};

const address = process.argv[2];
const server = coap.createServer({ type: address.includes(':') ? 'udp6' : 'udp4' });
let lastOptions = [];

server.on('request', (request, response) => {
    const path = request.url.split('?')[0];

    print({
        method: request.method ?? request.code,
        confirmable: request._packet.confirmable,
        token: toHex(request._packet.token),
        options: lastOptions,
        payload: toHex(request.payload),
    });
    if (path in resources) {
        resources[path](request, response);
        return;
    }
    response.code = '4.04';
    response.statusCode = '4.04';
    response.end('no ' + path);
});

server.listen(0, address, () => {
    // A listener before node-coap's own, which alters the options that it has parsed.
    server._sock.prependListener('message', (raw) => {
        lastOptions = rawOptions(raw);
    });
    print({ port: server._sock.address().port });
});

readline.createInterface({ input: process.stdin })
    .on('line', (text) => notify(JSON.parse(text)))
    .on('close', () => process.stdout.write('', () => process.exit(0)));
