// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Observing with `for await`; prints TAP. Run with: gjs -m test-gjs-observe.js

import GCoap from 'gi://GCoap?version=1.0';
import {gc} from 'system';

import {
    assertEqual, assertThrows, getRejection, makeEndpoint, makeServer, makeSilentUri, makeSite,
    makeUri, runTests, test, waitFor,
} from './gjs-fixture.js';

// A server whose /a can be observed.
function makeObservable(text = '1') {
    const site = {text};

    site.server = makeSite({a: () => site.text}, {observable: true});
    site.uri = makeUri(site.server, 'a');
    site.change = (next, code = '') => {
        site.text = next;
        site.server.response_code = code;
        site.server.set_response_text(next);
        site.server.send_notification(site.uri);
    };
    return site;
}

function waitForEnd({server}) {
    return waitFor(server, 'unregistered', () => true);
}

test('each state, and break cancels', async () => {
    const site = makeObservable();
    const isOver = waitForEnd(site);
    const observation = makeEndpoint().observe(site.uri);
    const seen = [];

    for await (const state of observation) {
        seen.push(state.text);
        if (seen.length === 3)
            break;
        site.change(`${seen.length + 1}`);
    }
    assertEqual(seen, ['1', '2', '3']);
    assertEqual(observation.state, GCoap.ObservationState.ENDED);
    await isOver;
});

test('what a state has', async () => {
    const server = makeSite({
        a: () => ({code: '2.05', payload: new Uint8Array([255]), contentFormat: 42}),
    }, {observable: true});

    for await (const state of makeEndpoint().observe(makeUri(server, 'a'))) {
        assertEqual([state.code, state.contentFormat, state.text], ['2.05', 42, null]);
        assertEqual([...state.data], [255]);
        assertEqual([typeof state.sequence, Object.isFrozen(state)], ['number', true]);
        break;
    }
});

test('a slow reader gets the latest', async () => {
    const site = makeObservable();
    const observation = makeEndpoint().observe(site.uri);
    const seen = [];

    for await (const state of observation) {
        seen.push(state.text);
        if (seen.length === 2)
            break;
        const isThere = waitFor(observation, 'notify::text', () => observation.text === '9');

        ['2', '3', '9'].forEach(text => site.change(text));
        await isThere;
    }
    assertEqual(seen, ['1', '9']);
});

test('a state that came before', async () => {
    const observation = makeEndpoint().observe(makeObservable().uri);

    await waitFor(observation, 'notify::text', () => observation.text === '1');
    for await (const {text} of observation) {
        assertEqual(text, '1');
        break;
    }
});

test('cancelled from elsewhere', async () => {
    const observation = makeEndpoint().observe(makeObservable().uri);
    const seen = [];

    for await (const {text} of observation) {
        seen.push(text);
        observation.cancel();
    }
    assertEqual(seen, ['1']);
});

test('an exception in the loop cancels', async () => {
    const site = makeObservable();
    const isOver = waitForEnd(site);
    const observation = makeEndpoint().observe(site.uri);
    const error = await getRejection((async () => {
        for await (const {text} of observation)
            throw new Error(text);
    })());

    assertEqual(error.message, '1');
    await isOver;
});

test('ended by the server', async () => {
    const site = makeObservable();
    const seen = [];
    const error = await getRejection((async () => {
        for await (const {text} of makeEndpoint().observe(site.uri)) {
            seen.push(text);
            site.change('gone', '4.10');
        }
    })());

    assertEqual(seen, ['1']);
    assertEqual(error.matches(GCoap.Error, GCoap.Error.ERROR_RESPONSE), true);
    assertEqual(error.message.startsWith('4.10'), true);
});

test('declined', async () => {
    const server = makeSite({a: () => 'once'});
    const seen = [];

    for await (const {text} of makeEndpoint().observe(makeUri(server, 'a')))
        seen.push(text);
    assertEqual(seen, ['once']);
});

test('not there', async () => {
    const iterator = makeEndpoint().observe(makeUri(makeServer(), 'a'))[Symbol.asyncIterator]();

    assertEqual((await getRejection(iterator.next())).message, '4.04 Not Found');
    assertEqual(await iterator.next(), {done: true});
});

test('failed', async () => {
    const client = makeEndpoint();
    const iterator = client.observe(makeSilentUri())[Symbol.asyncIterator]();
    const next = iterator.next();

    client.shutdown();
    const error = await getRejection(next);

    assertEqual(error.matches(GCoap.Error, GCoap.Error.CANCELED), true);
    assertThrows(() => client.observe('http://host/'), GCoap.Error, GCoap.Error.INVALID_URI);
});

test('kept from the garbage collector', async () => {
    const site = makeObservable();
    const seen = [];
    const isOver = (async () => {
        for await (const {text} of new GCoap.Endpoint().observe(site.uri)) {
            seen.push(text);
            if (text === '2')
                return;
        }
    })();

    await waitFor(site.server, 'response-complete', () => true);
    gc();
    site.change('2');
    await isOver;
    assertEqual(seen.at(-1), '2');
});

test('two readers of one observation', async () => {
    const site = makeObservable();
    const observation = makeEndpoint().observe(site.uri);
    const read = async () => {
        for await (const {text} of observation) {
            if (text === '2')
                return text;
            if (site.text === '1')
                site.change('2');
        }
        return 'over';
    };

    assertEqual((await Promise.all([read(), read()])).includes('2'), true);
});

await runTests();
