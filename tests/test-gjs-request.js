// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// The promises that gjs's override gives clients; prints TAP. Run with: gjs -m test-gjs-request.js

import GCoap from 'gi://GCoap?version=1.0';
import GIRepository from 'gi://GIRepository?version=2.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {
    assertEqual, getRejection, iterateUntil, makeClosedUri, makeEndpoint, makeServer,
    makeSilentSocket, makeSilentUri, makeSite, makeUri, runTests, test,
} from './gjs-fixture.js';

function* listMethods() {
    const repository = GIRepository.Repository.get_default();

    for (let i = 0; i < repository.get_n_infos('GCoap'); i++) {
        const info = repository.get_info('GCoap', i);

        if (info.get_type() !== GIRepository.InfoType.OBJECT)
            continue;
        for (let j = 0; j < GIRepository.object_info_get_n_methods(info); j++)
            yield [info.get_name(), GIRepository.object_info_get_method(info, j).get_name()];
    }
}

test('every async method gives a promise', () => {
    const names = [...listMethods()].filter(([, method]) => method.endsWith('_async'));

    assertEqual(names.length > 0, true);
    for (const [type, method] of names)
        assertEqual([method, typeof GCoap[type].prototype[`_original_${method}`]],
            [method, 'function']);
});

test('methods', async () => {
    const server = makeSite({a: request => `${request.method} ${request.dup_text()}`});
    const client = makeEndpoint();

    for (const [method, answer] of [
        ['GET', '1 '], ['post', '2 x'], ['PUT', '3 x'], ['Delete', '4 x'], ['FETCH', '5 x'],
        [GCoap.Method.PATCH, '6 x'], [31, '31 x'],
    ]) {
        const payload = method === 'GET' ? null : 'x';
        const response = await client.request(method, makeUri(server, 'a'), {payload});

        assertEqual([response.code, response.ok, response.text], ['2.05', true, answer]);
    }
});

test('payloads of every kind', async () => {
    const server = makeSite({a: request => request.payload ?? ''});
    const client = makeEndpoint();
    const bytes = new Uint8Array([0, 226, 130, 172]);

    for (const [payload, expected] of [
        ['€', [226, 130, 172]],
        [bytes, [0, 226, 130, 172]],
        [bytes.buffer, [0, 226, 130, 172]],
        [bytes.subarray(1), [226, 130, 172]],
        [new DataView(bytes.buffer, 3), [172]],
        [new GLib.Bytes(bytes), [0, 226, 130, 172]],
        [new Uint8Array(), []],
        ['', []],
        [null, []],
        [undefined, []],
    ]) {
        const {data} = await client.request('PUT', makeUri(server, 'a'), {payload});

        assertEqual(data instanceof Uint8Array, true);
        assertEqual([...data], expected);
    }
});

test('a body in blocks', async () => {
    const server = makeSite({a: request => request.dup_text().toUpperCase()});
    const payload = 'block '.repeat(1000);
    const response = await makeEndpoint().request('PUT', makeUri(server, 'a'), {payload});

    assertEqual(response.text, payload.toUpperCase());
});

test('options of a request', async () => {
    let seen = [];
    const server = makeSite({
        a: request => {
            const {options} = request;

            for (let i = 0; i < options.get_n_items(); i++) {
                const {name, number, value} = options.get_item(i);

                seen.push([name ?? number, value]);
            }
            return '';
        },
    });

    await makeEndpoint().request('PUT', makeUri(server, 'a'), {
        contentFormat: 'application/json',
        accept: 60,
        etag: new Uint8Array([1, 255]),
        options: {
            'uri-query': ['b=1', 'c=2'],
            'If-None-Match': true,
            'If-Match': new Uint8Array([2]),
            'Size1': 7,
            65002: 'own',
        },
    });
    seen = seen.filter(([name]) => !['Uri-Host', 'Uri-Port', 'Uri-Path'].includes(name));
    assertEqual(seen, [
        ['If-Match', '02'], ['ETag', '01ff'], ['If-None-Match', ''], ['Content-Format', '50'],
        ['Uri-Query', 'b=1'], ['Uri-Query', 'c=2'], ['Accept', '60'], ['Size1', '7'],
        [65002, '6f776e'],
    ]);
});

test('a response', async () => {
    const server = makeSite({
        a: () => ({
            code: GCoap.Code.CREATED,
            payload: '{}',
            contentFormat: 50,
            options: {'Location-Path': ['x', 'y'], 'Max-Age': 5, ETag: new Uint8Array([7])},
        }),
    });
    const uri = makeUri(server, 'a');
    const response = await makeEndpoint().request('POST', uri);

    assertEqual(`${response}`, '2.01 Created');
    assertEqual([response.code, response.text, response.contentFormat], ['2.01', '{}', 50]);
    assertEqual(response.options, {
        'ETag': [new Uint8Array([7])],
        'Location-Path': ['x', 'y'],
        'Content-Format': [50],
        'Max-Age': [5],
    });
    assertEqual([response.getLocation(), response.getLocation(uri)],
        ['/x/y', makeUri(server, 'x/y')]);
    assertEqual(response.message.get_code(), GCoap.Code.CREATED);
    assertEqual(response instanceof GCoap.Response, true);
});

test('a payload that is no text', async () => {
    const server = makeSite({a: () => new Uint8Array([255])});
    const response = await makeEndpoint().request('GET', makeUri(server, 'a'));

    assertEqual([response.text, [...response.data]], [null, [255]]);
});

test('an error response is a response', async () => {
    const server = makeServer();
    const response = await makeEndpoint().request('GET', makeUri(server, 'none'));

    assertEqual([response.code, response.ok, `${response}`], ['4.04', false, '4.04 Not Found']);
});

test('many at once', async () => {
    const server = makeSite({a: request => request.uri_query});
    const client = makeEndpoint();
    const answers = await Promise.all(Array.from({length: 20}, async (_, i) =>
        (await client.request('GET', makeUri(server, `a?${i}`))).text));

    assertEqual(answers, answers.map((_, i) => `${i}`));
    assertEqual(client.response_code, '');
});

test('confirmable or not', () => {
    const client = makeEndpoint();
    const socket = makeSilentSocket();
    const datagrams = new Gio.UnixInputStream({fd: socket.fd, close_fd: false});

    // The type of the message that is sent (RFC 7252 section 3).
    const getType = options => {
        client.request('GET', makeSilentUri(socket), options).catch(() => {});
        iterateUntil(() => socket.get_available_bytes() > 0);

        return datagrams.read_bytes(100, null).get_data()[0] >> 4 & 3;
    };

    client.config('NStart=10');
    assertEqual(getType(), GCoap.MessageType.CON);
    assertEqual(getType({confirmable: false}), GCoap.MessageType.NON);
    client.use_confirmable_messages = false;
    assertEqual(getType(), GCoap.MessageType.NON);
    assertEqual(getType({confirmable: true}), GCoap.MessageType.CON);
});

test('failures', async () => {
    const {Error: Code} = GCoap;
    const client = makeEndpoint();

    client.config('AckTimeout=0.01');
    client.config('MaxRetransmit=0');
    for (const [uri, code] of [
        ['http://host/', Code.INVALID_URI],
        [makeClosedUri(), Code.REJECTED],
        [makeSilentUri(), Code.TIMED_OUT],
    ]) {
        const error = await getRejection(client.request('GET', uri));

        assertEqual([error.matches(Code, code), error.message.length > 0], [true, true]);
    }
});

test('cancelled', async () => {
    const cancellable = new Gio.Cancellable();
    const sent = makeEndpoint().request('GET', makeSilentUri(), {cancellable});

    cancellable.cancel();
    const error = await getRejection(sent);

    assertEqual(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED), true);
});

test('shut down', async () => {
    const client = makeEndpoint();
    const sent = client.request('GET', makeSilentUri());

    client.shutdown();
    const error = await getRejection(sent);

    assertEqual(error.matches(GCoap.Error, GCoap.Error.CANCELED), true);
});

test('download and upload', async () => {
    let body = new GLib.Bytes(new Uint8Array(5000).fill(65));
    const server = makeSite({
        a: {
            get: () => body,
            put: request => {
                body = request.payload;
                return ['2.04'];
            },
        },
    });
    const client = makeEndpoint();
    const uri = makeUri(server, 'a');
    const output = Gio.MemoryOutputStream.new_resizable();
    const progress = [];
    const onProgress = (...numbers) => progress.push(numbers);
    const got = await client.download(uri, output, {onProgress});

    assertEqual([got.code, progress.at(-1)], ['2.05', [5000, 5000]]);
    output.close(null);
    assertEqual(output.steal_as_bytes().equal(body), true);

    const sent = new GLib.Bytes(new Uint8Array(3000).fill(66));
    const input = Gio.MemoryInputStream.new_from_bytes(sent);
    const put = await client.upload(uri, input, {contentFormat: 'text/plain'});

    assertEqual([put.code, body.equal(sent)], ['2.04', true]);
});

await runTests();
