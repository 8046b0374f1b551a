// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// What the JavaScript tests share: test() notes one, runTests() runs all of them and prints TAP.

import GCoap from 'gi://GCoap?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import {exit} from 'system';

const tests = [];
let endpoints = [];

export function test(name, run) {
    tests.push([name, run]);
}

export function assertEqual(actual, expected) {
    const [a, e] = [actual, expected].map(value => JSON.stringify(value));

    if (a !== e)
        throw new Error(`${a} is not ${e}`);
}

export function assertThrows(call, domain, code) {
    try {
        call();
    } catch (error) {
        if (!error.matches?.(domain, code))
            throw error;
        return error.message;
    }
    throw new Error('Nothing was thrown');
}

// gjs itself refuses the arguments, with errors of several classes.
export function assertRefused(call) {
    try {
        call();
    } catch (error) {
        assertEqual(error instanceof GLib.Error, false);
        return error.message;
    }
    throw new Error('Nothing was thrown');
}

// The error that a promise is rejected with.
export async function getRejection(promise) {
    let value;

    try {
        value = await promise;
    } catch (error) {
        return error;
    }
    throw new Error(`It was not rejected: ${value}`);
}

export function makeEndpoint(properties = {}) {
    const endpoint = new GCoap.Endpoint({local_host: '127.0.0.1', ...properties});

    endpoints.push(endpoint);
    return endpoint;
}

// A listening endpoint with a handler for each of the paths.
export function makeServer(handlers = {}) {
    const server = makeEndpoint();

    for (const [path, handler] of Object.entries(handlers))
        server.connect(`request::/${path}`, handler);
    server.start_listening();
    return server;
}

// The same with routes.
export function makeSite(routes, options) {
    const server = makeServer();

    for (const [path, handler] of Object.entries(routes))
        server.route(`/${path}`, handler, options);
    return server;
}

export function makeUri(server, path) {
    return `coap://127.0.0.1:${server.local_port}/${path}`;
}

// A socket that never answers.
export function makeSilentSocket() {
    const socket = Gio.Socket.new(Gio.SocketFamily.IPV4, Gio.SocketType.DATAGRAM,
        Gio.SocketProtocol.UDP);

    socket.bind(Gio.InetSocketAddress.new_from_string('127.0.0.1', 0), false);
    endpoints.push({shutdown: () => socket.close()});
    return socket;
}

export function makeSilentUri(socket = makeSilentSocket()) {
    return `coap://127.0.0.1:${socket.get_local_address().port}/`;
}

// An address where nobody is.
export function makeClosedUri() {
    const uri = makeSilentUri();

    endpoints.pop().shutdown();
    return uri;
}

export function iterateUntil(condition) {
    while (!condition())
        GLib.MainContext.default().iteration(true);
}

// Resolves once the condition holds after an emission of the signal.
export function waitFor(object, signal, condition) {
    return new Promise(resolve => {
        const id = object.connect(signal, (...parameters) => {
            if (!condition(...parameters))
                return;
            object.disconnect(id);
            resolve();
        });
    });
}

export function collect(endpoint, signal) {
    const seen = [];

    endpoint.connect(signal, (_, ...parameters) => seen.push(parameters));
    return seen;
}

async function runTest(run) {
    try {
        await run();
        return true;
    } catch (error) {
        print(`# ${error.message}\n${error.stack}`.trim().replaceAll('\n', '\n# '));
        return false;
    } finally {
        endpoints.forEach(endpoint => endpoint.shutdown());
        endpoints = [];
    }
}

export async function runTests() {
    let failures = 0;

    print(`1..${tests.length}`);
    for (const [index, [name, run]] of tests.entries()) {
        const isOk = await runTest(run);

        failures += isOk ? 0 : 1;
        print(`${isOk ? 'ok' : 'not ok'} ${index + 1} ${name}`);
    }
    exit(failures === 0 ? 0 : 1);
}
