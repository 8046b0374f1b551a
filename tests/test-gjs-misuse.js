// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// What a program does wrong is an exception or a warning, and the endpoint goes on; prints TAP.
// Run with: gjs -m test-gjs-misuse.js

import GCoap from 'gi://GCoap?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

import {
    assertEqual, assertRefused, assertThrows, getRejection, makeEndpoint, makeServer,
    makeSilentUri, makeSite, makeUri, runTests, test,
} from './gjs-fixture.js';

let warnings = [];

GLib.log_set_writer_func((level, fields) => {
    const text = new TextDecoder().decode(fields.MESSAGE);

    if (level & (GLib.LogLevelFlags.LEVEL_WARNING | GLib.LogLevelFlags.LEVEL_CRITICAL))
        warnings.push(text);
    return GLib.LogWriterOutput.HANDLED;
});

// The warnings since the last call, which must be about this.
function assertWarned(...patterns) {
    const seen = warnings;

    warnings = [];
    assertEqual(seen.length, patterns.length);
    for (const [index, pattern] of patterns.entries()) {
        if (!pattern.test(seen[index]))
            throw new Error(`"${seen[index]}" does not match ${pattern}`);
    }
}

async function ask(server, path, method = 'GET') {
    return (await makeEndpoint().request(method, makeUri(server, path))).code;
}

async function assertGoesOn(server) {
    const remove = server.route('/goes-on', () => '');

    assertEqual(await ask(server, 'goes-on'), '2.05');
    remove();
}

test('wrong arguments of a request', async () => {
    const server = makeSite({a: () => ''});
    const client = makeEndpoint();
    const uri = makeUri(server, 'a');

    for (const [method, target, what, pattern] of [
        ['GOT', uri, {}, /"GOT" is no method/],
        ['', uri, {}, /"" is no method/],
        [0, uri, {}, /"0" is no method/],
        [null, uri, {}, /"null" is no method/],
        [1.5, uri, {}, /"1.5" is no method/],
        ['GET', null, {}, /null/],
        ['GET', undefined, {}, /./],
        ['GET', {}, {}, /./],
        ['GET', uri, null, /null/],
        ['GET', uri, {payload: 5}, /payload must be .*, not Number/],
        ['GET', uri, {payload: {}}, /payload must be .*, not Object/],
        ['GET', uri, {contentFormat: 'x/y'}, /"x\/y"/],
        ['GET', uri, {contentFormat: 65536}, /contentFormat must be/],
        ['GET', uri, {accept: {}}, /accept must be/],
        ['GET', uri, {etag: 'longer than eight'}, /./],
        ['GET', uri, {options: [['ETag', 'x']]}, /options must be an object, not Array/],
        ['GET', uri, {options: {Nope: 1}}, /No option is called "Nope"/],
        ['GET', uri, {options: {0: 1}}, /No option is called "0"/],
        ['GET', uri, {options: {70000: 1}}, /No option is called "70000"/],
        ['GET', uri, {options: {Accept: 'x'}}, /"x" is no value of the option Accept/],
        ['GET', uri, {options: {Accept: 1.5}}, /Accept must be/],
        ['GET', uri, {options: {Accept: {}}}, /Accept must be/],
        ['GET', uri, {cancellable: 1}, /./],
        ['GET', uri, {cancellable: client}, /./],
    ]) {
        const error = await getRejection(client.request(method, target, what));

        if (!pattern.test(error.message))
            throw new Error(`"${error.message}" does not match ${pattern}`);
    }
    assertWarned();
    assertEqual((await client.request('GET', uri)).code, '2.05');
});

test('wrong arguments of a route', async () => {
    const server = makeServer();

    for (const [path, handler] of [
        [null, () => ''], ['a', () => ''], [1, () => ''], ['/a', null], ['/a', undefined],
        ['/a', 'text'], ['/a', {}], ['/a', {get: 1}], ['/a', {GET: () => ''}],
        ['/a', {got: () => ''}], ['/a', []],
    ])
        assertRefused(() => server.route(path, handler));
    assertWarned();
    await assertGoesOn(server);
});

test('wrong types of properties', async () => {
    const server = makeServer();

    for (const [name, value] of [
        ['local_port', 70000], ['local_port', 'x'], ['response_data', 5], ['response_data', {}],
        ['request_etag', server], ['request_content_format', 70000], ['response_stream', server],
    ]) {
        try {
            server[name] = value;
        } catch (error) {
            assertEqual(error instanceof Error, true);
        }
    }
    warnings = [];
    await assertGoesOn(server);
});

test('wrong types of methods', async () => {
    const server = makeServer();

    for (const call of [
        () => server.get(null),
        () => server.get(5),
        () => server.send_async(null, null),
        () => server.send_async({}, null),
        () => server.send_async(server, null),
        () => server.observe(null),
        () => server.observe_message(null),
        () => server.send_notification_for(server),
        () => server.download_async(null, null, null, null),
        () => server.upload_async('coap://x/', server, 0, null, null),
        () => server.set_response_file(null),
        () => server.config(),
        () => server.response_options.append({}),
        () => GCoap.Endpoint.prototype.get.call({}, 'coap://127.0.0.1/'),
        () => GCoap.Endpoint.prototype.shutdown.call(Gio.Cancellable.new()),
        () => GCoap.Message.new_request(1),
        () => new GCoap.Endpoint({no_such: 1}),
    ]) {
        try {
            await call();
        } catch (error) {
            continue;
        }
        throw new Error(`Nothing was thrown by ${call}`);
    }
    warnings = [];
    await assertGoesOn(server);
});

test('a sealed message', async () => {
    const server = makeSite({a: () => ''});
    const message = GCoap.Message.new_request(GCoap.Method.GET, makeUri(server, 'a'));

    await makeEndpoint().send_async(message, null);
    message.set_text('x');
    assertWarned(/./);
    await assertGoesOn(server);
});

test('an exception in a handler', async () => {
    const server = makeServer();
    const handler = server.connect('request::/a', () => {
        throw new Error('boom');
    });

    assertEqual(await ask(server, 'a'), '5.01');
    assertWarned(/boom/);
    server.disconnect(handler);
    server.route('/a', () => {
        throw new Error('bang');
    });
    assertEqual(await ask(server, 'a'), '5.00');
    assertWarned(/\/a is answered 5.00.*bang/);
    server.route('/b', async () => {
        await null;
        throw new Error('crash');
    });
    assertEqual(await ask(server, 'b'), '5.00');
    assertWarned(/\/b is answered 5.00.*crash/);
    await assertGoesOn(server);
});

test('exceptions in other signals', async () => {
    const server = makeServer();
    const boom = () => {
        throw new Error('boom');
    };

    server.config('LogLevel=3');
    for (const signal of ['request', 'response-complete', 'log', 'notify', 'register', 'error'])
        server.connect(signal, boom);
    assertEqual(await ask(server, 'none'), '5.01');
    assertEqual(warnings.length > 0 && warnings.every(text => text.includes('boom')), true);
    warnings = [];
});

test('wrong answers', async () => {
    const wrong = [
        null, 5, true, {}, [], [null], [''], ['9.99'], ['2.5'], ['text'], [300], [{}],
        ['2.05', 5], ['2.05', 'x', 'x/y'], {code: '2.05', etag: 5},
        {payload: 'x', options: {No: 1}}, Symbol('x'), () => 'x',
    ];
    let answer;
    const server = makeSite({a: () => answer, b: async () => answer});

    for (answer of wrong) {
        assertEqual(await ask(server, 'a'), '5.00');
        assertEqual(await ask(server, 'b'), '5.00');
    }
    // A code that is none is found by the endpoint itself, and told by its signal.
    assertEqual(warnings.length >= wrong.length, true);
    warnings = [];
    await assertGoesOn(server);
});

test('handlers that are removed during the emission', async () => {
    const server = makeServer();
    const handlers = ['first', 'second', 'third'].map(name => server.connect('request::/a', () => {
        server.set_response_text(name);
        handlers.splice(0).forEach(id => server.disconnect(id));
    }));

    assertEqual(await ask(server, 'a'), '2.05');
    assertEqual(await ask(server, 'a'), '4.04');
    assertWarned();
    await assertGoesOn(server);
});

test('a handler that ends the endpoint', async () => {
    for (const end of [
        server => server.stop_listening(), server => server.shutdown(), server => server.reset(),
        server => server.run_dispose(),
    ]) {
        const server = makeServer();
        const client = makeEndpoint();

        client.config('AckTimeout=0.01');
        client.config('MaxRetransmit=0');
        server.connect('request::/a', () => {
            server.set_response_text('x');
            end(server);
        });
        await client.request('GET', makeUri(server, 'a')).catch(error => error.message);
        assertEqual(server.listening, false);
    }
    warnings = [];
});

test('a route that ends the endpoint', async () => {
    for (const name of ['reset', 'run_dispose', 'shutdown', 'stop_listening']) {
        for (const path of ['now', 'later']) {
            const server = makeServer();
            const client = makeEndpoint();

            client.config('AckTimeout=0.01');
            client.config('MaxRetransmit=0');
            server.route('/now', () => {
                server[name]();
                return 'x';
            }, {observable: true});
            server.route('/later', async () => {
                await null;
                server[name]();
                return 'x';
            }, {observable: true});
            client.observe(makeUri(server, path));
            await client.request('GET', makeUri(server, path)).catch(error => error.message);
            assertEqual(server.listening, false);
        }
    }
    warnings = [];
});

test('a disposed endpoint', async () => {
    const server = makeServer();
    const client = makeEndpoint();
    const sent = client.request('GET', makeSilentUri());

    server.run_dispose();
    client.run_dispose();
    assertEqual((await getRejection(sent)).matches(GCoap.Error, GCoap.Error.CANCELED), true);
    for (const call of [
        () => server.start_listening(), () => server.get('coap://127.0.0.1/'),
        () => server.send_response('1'), () => server.config('Timeout'),
        () => server.observe('coap://127.0.0.1/'), () => server.do_events(),
        () => server.request('GET', 'coap://127.0.0.1/'), () => server.shutdown(),
        () => server.pending_requests, () => server.observers, () => server.statistics,
    ]) {
        try {
            await call();
        } catch (error) {
            assertEqual(typeof error.message, 'string');
        }
    }
    warnings = [];
});

test('a request that outlives its endpoint', async () => {
    let kept;
    const server = makeSite({
        a: request => {
            kept = request;
            return '';
        },
    });

    await ask(server, 'a');
    server.run_dispose();
    kept.send_response = false;
    kept.accept = true;
    assertEqual([kept.uri_path, kept.validate(null)], ['/a', null]);
    warnings = [];
});

test('a response to what is answered', async () => {
    let id;
    const server = makeSite({
        a: request => {
            id = request.request_id;
            return '';
        },
    });

    await ask(server, 'a');
    for (const each of [id, '', 'x']) {
        assertThrows(() => server.send_response(each), GCoap.Error,
            GCoap.Error.INVALID_REQUEST_ID);
    }
    await assertGoesOn(server);
});

await runTests();
