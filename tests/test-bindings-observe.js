// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Observing (RFC 7641) from JavaScript; prints TAP. Run with: gjs -m test-bindings-observe.js

import GCoap from 'gi://GCoap?version=1.0';
import GObject from 'gi://GObject';

import {
    assertEqual, assertThrows, collect, iterateUntil, makeEndpoint, runTests, test,
} from './gjs-fixture.js';

// A server whose /a can be observed, and what it is told.
function makeObservable(accepts = true) {
    const server = makeEndpoint();
    const site = {server, text: '1', registrations: [], unregistered: []};

    server.connect('register::/a', (_, request) => {
        site.registrations.push(request.uri);
        request.accept = accepts;
        server.set_response_text(site.text);
    });
    server.connect('request::/a', () => server.set_response_text(site.text));
    server.connect('unregistered', (_, request) => site.unregistered.push(request.uri));
    server.start_listening();
    site.uri = `coap://127.0.0.1:${server.local_port}/a`;
    site.change = (text, code = null) => {
        site.text = text;
        server.response_code = code;
        server.set_response_text(text);
        server.send_notification(site.uri);
    };
    return site;
}

function collectNotifications(client) {
    const seen = [];

    client.connect('notification', (_, notification) => seen.push([notification.uri,
        notification.is_latest, notification.stop_observing, client.dup_response_text()]));
    return seen;
}

test('start and stop observing', () => {
    const site = makeObservable();
    const client = makeEndpoint({timeout: 5});
    const seen = collectNotifications(client);
    const completions = collect(client, 'request-complete');

    assertEqual(client.start_observing(site.uri), '');
    site.change('2');
    iterateUntil(() => seen.length === 2);
    assertEqual(seen, [[site.uri, true, false, '1'], [site.uri, true, false, '2']]);
    assertEqual(completions, []);
    client.stop_observing(site.uri);
    assertEqual(completions.map(([, code]) => code), [0]);
    assertEqual(site.registrations, [site.uri]);
    assertEqual(site.unregistered, [site.uri]);
    assertThrows(() => client.stop_observing(site.uri), GCoap.Error,
        GCoap.Error.NOT_OBSERVABLE);
});

test('asynchronous', () => {
    const site = makeObservable();
    const client = makeEndpoint({timeout: 0});
    const seen = collectNotifications(client);
    const id = client.start_observing(site.uri);

    assertEqual(client.pending_requests.get_item(0).request_id, id);
    iterateUntil(() => seen.length === 1);
    assertEqual(client.pending_requests.get_n_items(), 0);
});

test('declined', () => {
    const site = makeObservable(false);
    const client = makeEndpoint({timeout: 5});
    const seen = collectNotifications(client);
    const completions = collect(client, 'request-complete');

    client.start_observing(site.uri);
    assertEqual(completions.length, 1);
    assertEqual([seen, client.dup_response_text()], [[], '1']);
});

test('stopped by the notification', () => {
    const site = makeObservable();
    const client = makeEndpoint({timeout: 5});

    client.connect('notification', (_, notification) => (notification.stop_observing = true));
    client.start_observing(site.uri);
    iterateUntil(() => site.unregistered.length === 1);
});

test('ended by the server', () => {
    const site = makeObservable();
    const client = makeEndpoint({timeout: 5});
    const seen = collectNotifications(client);

    client.start_observing(site.uri);
    site.change('gone', '4.04');
    iterateUntil(() => seen.length === 2);
    assertEqual(seen[1], [site.uri, true, true, 'gone']);
    assertEqual(client.response_code, '4.04');
    assertEqual(site.unregistered, [site.uri]);
});

test('server errors', () => {
    const site = makeObservable();

    assertThrows(() => site.change('2', '9.99'), GCoap.Error, GCoap.Error.INVALID_RESPONSE_CODE);
    site.server.stop_listening();
    assertThrows(() => site.change('2'), GCoap.Error, GCoap.Error.WRONG_MODE);
});

test('shutdown of the server', () => {
    const site = makeObservable();
    const client = makeEndpoint({timeout: 5});

    client.start_observing(site.uri);
    site.server.shutdown();
    assertEqual(site.unregistered, [site.uri]);
});

test('observation', () => {
    const {PENDING, ACTIVE, ENDED} = GCoap.ObservationState;
    const site = makeObservable();
    const observation = makeEndpoint().observe(site.uri);
    const states = [];

    assertEqual([observation.state, observation.text, observation.uri], [PENDING, '', site.uri]);
    observation.connect('notify::state', () => states.push(observation.state));
    iterateUntil(() => observation.text === '1');
    site.change('2');
    iterateUntil(() => observation.text === '2');
    observation.cancel();
    iterateUntil(() => site.unregistered.length === 1);
    assertEqual(states, [ACTIVE, ENDED]);
});

test('observation that is bound', () => {
    const site = makeObservable();
    const observation = makeEndpoint().observe(site.uri);
    const display = new GCoap.Endpoint();

    observation.bind_property('code', display, 'response-code',
        GObject.BindingFlags.SYNC_CREATE);
    iterateUntil(() => display.response_code === '2.05');
    site.change('gone', '4.10');
    iterateUntil(() => display.response_code === '4.10');
    assertEqual(observation.state, GCoap.ObservationState.ENDED);
});

test('observation that fails', () => {
    const client = makeEndpoint();
    const observation = client.observe(makeObservable().uri);

    client.shutdown();
    assertEqual(observation.state, GCoap.ObservationState.FAILED);
    assertEqual(observation.error.matches(GCoap.Error, GCoap.Error.CANCELED), true);
    assertThrows(() => client.observe('http://host/'), GCoap.Error, GCoap.Error.INVALID_URI);
});

await runTests();
