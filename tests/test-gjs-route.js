// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Serving with route(); prints TAP. Run with: gjs -m test-gjs-route.js

import GCoap from 'gi://GCoap?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {
    assertEqual, collect, makeEndpoint, makeServer, makeSite, makeUri, runTests, test, waitFor,
} from './gjs-fixture.js';

async function ask(server, path, method = 'GET', options = {}) {
    const response = await makeEndpoint().request(method, makeUri(server, path), options);

    return [response.code, response.text];
}

function makeIdle() {
    return new Promise(resolve => GLib.idle_add(GLib.PRIORITY_LOW, () => {
        resolve();
        return GLib.SOURCE_REMOVE;
    }));
}

// What a handler returns, and what it is answered with.
const answers = [
    ['text', 'x', ['2.05', 'x']],
    ['text beyond ASCII', '21.5 °C 😀', ['2.05', '21.5 °C 😀']],
    ['no text', '', ['2.05', '']],
    ['bytes', new Uint8Array([120]), ['2.05', 'x']],
    ['GLib.Bytes', new GLib.Bytes([120]), ['2.05', 'x']],
    ['a code', ['2.04'], ['2.04', '']],
    ['a code and a payload', ['4.09', 'no'], ['4.09', 'no']],
    ['a number', [GCoap.Code.CREATED], ['2.01', '']],
    ['an object', {code: '2.03', etag: 'e'}, ['2.03', '']],
    ['an object without a code', {payload: 'x'}, ['2.05', 'x']],
];

for (const [name, answer, expected] of answers) {
    test(`answers with ${name}`, async () => {
        const server = makeSite({
            a: () => answer,
            b: async () => {
                await makeIdle();
                return answer;
            },
        });

        assertEqual(await ask(server, 'a'), expected);
        assertEqual(await ask(server, 'b'), expected);
        assertEqual([server.response_code, server.response_data, server.timeout], ['', null, 60]);
    });
}

test('what goes with an answer', async () => {
    const server = makeSite({
        a: () => ['2.05', '{}', 'application/json'],
        b: () => ({payload: 'x', etag: new Uint8Array([1]), options: {'Max-Age': 7}}),
    });
    const client = makeEndpoint();
    const json = await client.request('GET', makeUri(server, 'a'));
    const other = await client.request('GET', makeUri(server, 'b'));

    assertEqual(json.contentFormat, 50);
    assertEqual(other.options['Max-Age'], [7]);
    assertEqual([...other.options.ETag[0]], [1]);
});

test('the handler gets the request and the endpoint', async () => {
    const server = makeSite({
        a: (request, endpoint) => `${request.uri_path} ${endpoint === server}`,
    });

    assertEqual(await ask(server, 'a'), ['2.05', '/a true']);
});

test('Response* will do for an answer', async () => {
    const server = makeSite({
        a: (_, endpoint) => {
            endpoint.response_code = '2.02';
        },
        nothing: () => {},
    });
    const errors = collect(server, 'error');

    assertEqual(await ask(server, 'a'), ['2.02', '']);
    assertEqual((await ask(server, 'nothing'))[0], '5.01');
    assertEqual(errors.length, 1);
});

test('a function for each method', async () => {
    let text = '1';
    const server = makeSite({
        a: {
            get: () => text,
            put: async request => {
                await makeIdle();
                text = request.dup_text();
                return ['2.04'];
            },
        },
    });

    assertEqual(await ask(server, 'a', 'PUT', {payload: '2'}), ['2.04', '']);
    assertEqual(await ask(server, 'a'), ['2.05', '2']);
    assertEqual(await ask(server, 'a', 'DELETE'), ['4.05', '']);
    assertEqual(await ask(server, 'a', 31), ['4.05', '']);
});

test('async handlers run side by side', async () => {
    const waiting = new Map();
    const server = makeSite({
        a: request => new Promise(resolve => waiting.set(request.uri_query, resolve)),
        release: () => {
            waiting.get('2')('second');
            waiting.get('1')('first');
            return '';
        },
    });
    const client = makeEndpoint();
    const order = [];
    const get = async query => {
        const response = await client.request('GET', makeUri(server, `a?${query}`));

        order.push(response.text);
    };

    client.config('NStart=3');
    const both = [get('1'), get('2')];

    await waitFor(server, 'request::/a', () => waiting.size === 2);
    await ask(server, 'release');
    await Promise.all(both);
    assertEqual(order.sort(), ['first', 'second']);
});

test('a late answer leaves Response* alone', async () => {
    const server = makeSite({
        a: async () => {
            await makeIdle();
            return {payload: 'late', contentFormat: 0, options: {'Max-Age': 1}};
        },
    });

    const asked = ask(server, 'a');

    await waitFor(server, 'request', () => true);
    server.set_response_text('mine');
    server.response_code = '2.05';
    server.response_options.append(GCoap.Option.new(GCoap.OptionNumber.MAX_AGE, '9'));
    assertEqual(await asked, ['2.05', 'late']);
    assertEqual([server.response_code, server.dup_response_text()], ['2.05', 'mine']);
    assertEqual(server.response_options.get_item(0).value, '9');
});

test('a late answer leaves a stream alone', async () => {
    const server = makeSite({
        a: async () => {
            await makeIdle();
            return 'late';
        },
    });
    const stream = Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes([120]));
    const asked = ask(server, 'a');

    await waitFor(server, 'request', () => true);
    server.response_stream = stream;
    assertEqual(await asked, ['2.05', 'late']);
    assertEqual(server.response_stream === stream, true);
});

test('an answer takes the place of what was set', async () => {
    const server = makeSite({
        a: (_, endpoint) => {
            endpoint.response_etag = new GLib.Bytes([1]);
            endpoint.response_content_format = 50;
            endpoint.response_options.append(GCoap.Option.new(GCoap.OptionNumber.MAX_AGE, '9'));
            return 'x';
        },
    });
    const response = await makeEndpoint().request('GET', makeUri(server, 'a'));

    assertEqual([response.text, response.contentFormat, response.options], ['x', -1, {}]);
});

test('an answer that is too late is dropped', async () => {
    let release;
    const server = makeSite({a: () => new Promise(resolve => (release = resolve))});
    const asked = ask(server, 'a');

    await waitFor(server, 'request', () => true);
    server.stop_listening();
    release('late');
    await makeIdle();
    await asked.catch(() => {});
    assertEqual(server.listening, false);
});

test('a route can be taken away', async () => {
    const server = makeServer();
    const remove = server.route('/a', () => 'x', {observable: true});

    assertEqual(await ask(server, 'a'), ['2.05', 'x']);
    remove();
    remove();
    assertEqual((await ask(server, 'a'))[0], '4.04');
});

test('a route that takes itself away', async () => {
    const server = makeServer();
    const remove = server.route('/a', () => {
        remove();
        return 'last';
    });

    assertEqual(await ask(server, 'a'), ['2.05', 'last']);
    assertEqual((await ask(server, 'a'))[0], '4.04');
});

test('an upload as a stream', async () => {
    const server = makeServer();
    const output = Gio.MemoryOutputStream.new_resizable();

    server.connect('upload::/a', (_, request) => (request.upload_stream = output));
    server.route('/a', () => ['2.04']);
    assertEqual(await ask(server, 'a', 'PUT', {payload: 'x'.repeat(3000)}), ['2.04', '']);
    assertEqual(output.get_data_size(), 3000);
});

test('an upload to a file', async () => {
    const server = makeServer();
    const folder = Gio.File.new_for_path(GLib.Dir.make_tmp('gcoap-XXXXXX'));
    const file = folder.get_child('file');

    server.connect('upload::/a', (_, request) => request.set_upload_file(file));
    server.route('/a', () => ['2.04']);
    assertEqual(await ask(server, 'a', 'PUT', {payload: 'x'.repeat(3000)}), ['2.04', '']);
    assertEqual(new TextDecoder().decode(file.load_contents(null)[1]), 'x'.repeat(3000));
    file.delete(null);
    folder.delete(null);
});

await runTests();
