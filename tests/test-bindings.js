// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// The endpoint from JavaScript; prints TAP. Run with: gjs -m test-bindings.js

import GCoap from 'gi://GCoap?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';

import {
    assertEqual, assertRefused, assertThrows, collect, iterateUntil, makeClosedUri, makeEndpoint,
    makeServer, makeSilentUri, makeUri as uri, runTests, test,
} from './gjs-fixture.js';

function echo(server, request) {
    server.set_response_text(`${request.method} ${request.dup_text()}`);
}

test('property defaults', () => {
    const endpoint = new GCoap.Endpoint();

    assertEqual(endpoint.listening, false);
    assertEqual(endpoint.local_host, '');
    assertEqual(endpoint.local_port, 0);
    assertEqual(endpoint.pending_requests.get_n_items(), 0);
    assertEqual(endpoint.request_content_format, -1);
    assertEqual(endpoint.request_data, null);
    assertEqual(endpoint.response_code, '');
    assertEqual(endpoint.responseOptions.get_n_items(), 0);
    assertEqual(endpoint.timeout, 60);
    assertEqual(endpoint.useConfirmableMessages, true);
});

test('notify on change only', () => {
    const endpoint = new GCoap.Endpoint();
    const seen = [];

    endpoint.connect('notify', (_, pspec) => seen.push(pspec.name));
    endpoint.timeout = 60;
    endpoint.timeout = 5;
    endpoint.timeout = 5;
    endpoint.response_code = '2.05';
    endpoint.response_code = '2.05';
    endpoint.request_data = new GLib.Bytes([1, 2]);
    endpoint.request_data = new GLib.Bytes([1, 2]);
    assertEqual(seen, ['timeout', 'response-code', 'request-data']);
});

test('binding', () => {
    const server = makeServer({a: echo});
    const client = makeEndpoint();
    const display = new GCoap.Endpoint();

    client.bind_property('response-code', display, 'response-code',
        GObject.BindingFlags.DEFAULT);
    client.get(uri(server, 'a'));
    assertEqual(display.response_code, '2.05');
});

test('methods', () => {
    const server = makeServer({a: echo});
    const client = makeEndpoint();

    client.set_request_text('body');
    for (const [send, answer] of [
        [() => client.get(uri(server, 'a')), '1 '],
        [() => client.post(uri(server, 'a')), '2 body'],
        [() => client.put(uri(server, 'a')), '3 body'],
        [() => client.delete(uri(server, 'a')), '4 '],
        [() => client.fetch(uri(server, 'a')), '5 body'],
        [() => client.patch(uri(server, 'a')), '6 body'],
        [() => client.ipatch(uri(server, 'a')), '7 body'],
        [() => client.send_custom_request(uri(server, 'a'), 31), '31 body'],
    ]) {
        assertEqual(send(), '');
        assertEqual(client.dup_response_text(), answer);
    }
});

test('request object and options', () => {
    const seen = [];
    const server = makeServer({
        a: (endpoint, request) => {
            seen.push(request.uri, request.uri_path, request.uriQuery, request.remote_host,
                request.request_id !== '', request.token.length > 0);
            endpoint.response_options.append(GCoap.Option.new(GCoap.OptionNumber.MAX_AGE, '30'));
            endpoint.set_response_text('x');
        },
    });
    const client = makeEndpoint();
    const asked = uri(server, 'a?b=c');

    client.get(asked);
    assertEqual(seen, [asked, '/a', 'b=c', '127.0.0.1', true, true]);
    assertEqual(client.response_options.get_item(0).name, 'Max-Age');
    assertEqual(client.response_options.get_item(0).value, '30');
});

test('validation and locations', () => {
    const etag = new GLib.Bytes([1, 2]);
    const server = makeServer({
        a: (endpoint, request) => {
            endpoint.response_etag = etag;
            endpoint.response_code = request.validate(etag) ?? '2.01';
            endpoint.set_response_location('/b/c?d=1');
        },
    });
    const client = makeEndpoint();
    const asked = uri(server, 'a');

    client.get(asked);
    assertEqual(client.response_code, '2.01');
    assertEqual(client.dup_response_location(null), '/b/c?d=1');
    assertEqual(client.dup_response_location(asked), uri(server, 'b/c?d=1'));
    client.request_etag = client.response_etag;
    client.get(asked);
    assertEqual(client.response_code, '2.03');
});

test('asynchronous requests and the order of events', () => {
    const server = makeServer({a: echo});
    const client = makeEndpoint({timeout: 0});
    const events = [];

    client.connect('notify::response-code', () => events.push('code'));
    client.pending_requests.connect('items-changed', (_, ...change) => events.push(change));
    client.connect('request-complete', (_, request, code) => events.push(request.uri_path, code));
    const id = client.get(uri(server, 'a'));
    assertEqual(client.pending_requests.get_item(0).request_id, id);
    iterateUntil(() => events.includes(0));
    assertEqual(events, [[0, 0, 1], 'code', [0, 1, 0], '/a', 0]);
});

test('errors', () => {
    const {Error: Code} = GCoap;
    const server = makeServer({a: echo});
    const client = makeEndpoint();

    assertThrows(() => client.get('http://host/'), Code, Code.INVALID_URI);
    assertEqual(
        assertThrows(() => client.get(uri(server, 'b')), Code, Code.ERROR_RESPONSE),
        '4.04 Not Found');
    assertThrows(() => client.cancel_request('1'), Code, Code.INVALID_REQUEST_ID);
    assertThrows(() => client.send_response('1'), Code, Code.WRONG_MODE);
    assertThrows(() => server.get(uri(server, 'a')), Code, Code.WRONG_MODE);

    client.request_options.append(GCoap.Option.new(GCoap.OptionNumber.ACCEPT, 'x'));
    assertThrows(() => client.get(uri(server, 'a')), Code, Code.INVALID_OPTION);
    client.request_options.remove_all();

    assertThrows(() => client.get(makeClosedUri()), Code, Code.REJECTED);

    client.config('AckTimeout=0.01');
    client.config('MaxRetransmit=0');
    assertThrows(() => client.get(makeSilentUri()), Code, Code.TIMED_OUT);
    client.config('AckTimeout=');
    client.get(uri(server, 'a'));
    assertEqual(client.response_code, '2.05');
});

test('wrong types throw', () => {
    const client = makeEndpoint();

    assertRefused(() => client.get(null));
    assertRefused(() => client.get());
    assertRefused(() => client.config(null));
    assertRefused(() => GCoap.Message.new_request(1, null));
    assertRefused(() => client.request_options.append('x'));
});

test('cancel', () => {
    const client = makeEndpoint({timeout: 0});
    const seen = collect(client, 'request-complete');

    client.cancel_request(client.get(makeSilentUri()));
    assertEqual(seen.map(([, code]) => code), [GCoap.Error.CANCELED]);
    assertEqual(client.pending_requests.get_n_items(), 0);
});

test('deferred response', () => {
    const waiting = [];
    const server = makeServer({
        a: (_, request) => {
            request.send_response = false;
            waiting.push(request.request_id);
        },
    });
    const client = makeEndpoint({timeout: 0});
    const seen = collect(client, 'request-complete');
    const sent = collect(server, 'response-complete');

    client.get(uri(server, 'a'));
    iterateUntil(() => waiting.length === 1);
    assertEqual(server.pending_requests.get_n_items(), 1);
    assertEqual(seen, []);
    server.timeout = 0;
    server.set_response_text('late');
    server.send_response(waiting[0]);
    assertEqual(server.pending_requests.get_n_items(), 0);
    iterateUntil(() => seen.length === 1 && sent.length === 1);
    assertEqual(client.dup_response_text(), 'late');
    assertThrows(() => server.send_response(waiting[0]), GCoap.Error,
        GCoap.Error.INVALID_REQUEST_ID);
});

test('default responses', () => {
    const server = makeServer({nothing: () => {}, bad: s => (s.response_code = '9.99')});
    const client = makeEndpoint();
    const errors = collect(server, 'error');

    for (const [path, code] of [['nothing', '5.01'], ['bad', '5.00'], ['none', '4.04']]) {
        assertThrows(() => client.get(uri(server, path)), GCoap.Error,
            GCoap.Error.ERROR_RESPONSE);
        assertEqual(client.response_code, code);
    }
    assertEqual(errors.length, 2);
    assertEqual(errors[1][0], GCoap.Error.INVALID_RESPONSE_CODE);
});

test('both roles at once', () => {
    const backend = makeServer({data: s => s.set_response_text('data')});
    const gateway = makeEndpoint();
    const client = makeEndpoint();

    gateway.config('DualRole=True');
    gateway.connect('request::/front', () => {
        gateway.get(uri(backend, 'data'));
        gateway.set_response_text(`got ${gateway.dup_response_text()}`);
    });
    gateway.start_listening();
    client.get(uri(gateway, 'front'));
    assertEqual(client.dup_response_text(), 'got data');
});

test('send_async', async () => {
    const server = makeServer({a: echo});
    const client = makeEndpoint();
    const message = GCoap.Message.new_request(GCoap.Method.PUT, uri(server, 'a'));

    message.set_text('body');
    const [put, get, none] = await Promise.all([
        client.send_async(message, null),
        client.send_async(GCoap.Message.new_request(GCoap.Method.GET, uri(server, 'a')), null),
        client.send_async(GCoap.Message.new_request(GCoap.Method.GET, uri(server, 'b')), null),
    ]);

    assertEqual(put.dup_text(), '3 body');
    assertEqual(get.get_code(), GCoap.Code.CONTENT);
    assertEqual(none.get_code(), GCoap.Code.NOT_FOUND);
    assertEqual(client.response_code, '');
});

test('send_async is cancelled', async () => {
    const client = makeEndpoint();
    const cancellable = new Gio.Cancellable();
    const message = GCoap.Message.new_request(GCoap.Method.GET, makeSilentUri());
    const sent = client.send_async(message, cancellable);

    cancellable.cancel();
    try {
        await sent;
    } catch (error) {
        if (!error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED))
            throw error;
        return;
    }
    throw new Error('It was not cancelled');
});

test('streams', async () => {
    const body = new Uint8Array(50000).map((_, i) => i % 251);
    const stored = Gio.MemoryOutputStream.new_resizable();
    const fetched = Gio.MemoryOutputStream.new_resizable();
    const source = Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes(body));
    const progress = [];
    const client = makeEndpoint();
    const server = makeServer({
        a: (endpoint, request) => {
            if (request.upload_stream)
                endpoint.response_code = '2.04';
            else
                endpoint.response_stream =
                    Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes(body));
        },
    });

    server.connect('upload::/a', (_, request) => {
        request.upload_stream = stored;
    });
    const put = await client.upload_async(uri(server, 'a'), source, 42, null,
        (soFar, total) => progress.push([soFar, total]));
    const get = await client.download_async(uri(server, 'a'), fetched, null,
        (soFar, total) => progress.push([soFar, total]));

    fetched.close(null);
    assertEqual([put.get_code(), get.get_code()], [GCoap.Code.CHANGED, GCoap.Code.CONTENT]);
    assertEqual(stored.steal_as_bytes().equal(new GLib.Bytes(body)), true);
    assertEqual(fetched.steal_as_bytes().equal(new GLib.Bytes(body)), true);
    assertEqual(progress.at(-1), [body.length, body.length]);
});

test('settings', () => {
    const endpoint = new GCoap.Endpoint();

    assertEqual(endpoint.config('acktimeout=0.5'), '0.5');
    assertEqual(endpoint.config('AckTimeout='), '2');
    assertThrows(() => endpoint.config('NoSuch'), Gio.IOErrorEnum,
        Gio.IOErrorEnum.INVALID_ARGUMENT);
});

await runTests();
