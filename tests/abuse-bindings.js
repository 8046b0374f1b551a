// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Each function, method, property and signal with what is wrong, on objects that may be disposed:
// that is an exception or a warning, and endpoints go on. Prints TAP, and very many warnings.
// test-gjs-abuse.py runs it; by hand: gjs -m abuse-bindings.js [SEED]

import GCoap from 'gi://GCoap?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import {programArgs} from 'system';

import {assertEqual, makeEndpoint, makeServer, makeUri, runTests, test} from './gjs-fixture.js';

const SEED = 7252;
const TRIES = 30;
const TRIES_DISPOSED = 2; // gjs tells of each at length
const URI = 'coap://127.0.0.1:9/';

// Whoever counts references himself is on his own, in any binding.
const COUNTING = ['constructor', 'ref', 'unref'];

let seed = Number(programArgs[0] ?? SEED);

function fail() {
    throw new Error('on purpose');
}

function makeRequest() {
    const endpoint = makeEndpoint({timeout: 0});

    endpoint.get(URI);
    return endpoint.pending_requests.get_item(0);
}

function makeAll() {
    return {
        'an endpoint': makeEndpoint(),
        'a server': makeServer(),
        'an observation': makeEndpoint().observe(URI),
        'a request': makeRequest(),
        'an option': GCoap.Option.new(17, '50'),
        'a message': GCoap.Message.new(GCoap.Code.CONTENT),
        'a message of a request': GCoap.Message.new_request(GCoap.Method.GET, URI),
        'statistics': makeEndpoint().statistics,
        'a setting': makeEndpoint().get_config_settings().get_item(0),
        'an empty request': new GCoap.Request(),
        'an empty observation': new GCoap.Observation(),
        'an empty observer': new GCoap.Observer(),
        'an empty notification': new GCoap.Notification(),
        'an empty option': new GCoap.Option(),
    };
}

const JUNK = [
    undefined, null, true, NaN, Infinity, -1, 0, 1, 5, 69, 256, 65536, 2 ** 31, 2 ** 64, 1.5, 10n,
    '', 'x', '/', '/a', URI, 'coap://[', '2.05', '9.99', 'ETag', 'NStart=2', 'NStart=x', '\0',
    '\ud800', 'x'.repeat(70000), [], [null], {}, {Accept: 1}, Symbol('x'), fail, () => 5, Object,
    new Uint8Array(2), new ArrayBuffer(9), new Date(), new GLib.Bytes([1]), new Gio.Cancellable(),
    new Gio.ListStore(), Gio.MemoryOutputStream.new_resizable(), new Gio.MemoryInputStream(),
    GCoap.Endpoint, GCoap.Message, new GLib.Variant('s', 'x'), GLib.DateTime.new_now_utc(),
    ...Object.values(makeAll()),
];

// Numbers below a limit that are the same for a seed: the generator of Numerical Recipes.
function draw(limit) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor(seed / 2 ** 32 * limit);
}

function pick(count) {
    return Array.from({length: count}, () => JUNK[draw(JUNK.length)]);
}

// A promise may be rejected, now or never.
function attempt(call) {
    try {
        call()?.catch?.(() => {});
    } catch (error) {
        assertEqual(error instanceof Error || error instanceof GLib.Error, true);
    }
}

function keepFromWaiting(subject) {
    if (!(subject instanceof GCoap.Endpoint))
        return;
    subject.set_timeout(0);
    if (!subject.get_listening())
        subject.set_local_host('127.0.0.1');
}

function abuseMember(subject, name, tries) {
    let isFunction = false;

    attempt(() => {
        isFunction = typeof subject[name] === 'function';
    });
    for (let i = 0; i < tries; i++) {
        if (tries !== TRIES_DISPOSED)
            keepFromWaiting(subject);
        if (!isFunction)
            attempt(() => ([subject[name]] = pick(1)));
        else if (subject[name].length > 0 || i === 0)
            attempt(() => subject[name](...pick(Math.max(0, subject[name].length - i % 2))));
    }
}

function abuseSignals(subject, tries) {
    for (const id of GObject.signal_list_ids(subject.constructor.$gtype)) {
        const {signal_name: name, n_params: count} = GObject.signal_query(id);

        for (let i = 0; i < tries; i++) {
            attempt(() => subject.connect(i % 2 ? `${name}::x` : name, pick(1)[0]));
            attempt(() => subject.emit(name, ...pick(count - i % 2)));
        }
    }
}

function abuseConstructor(type) {
    for (const {name} of type.list_properties()) {
        for (let i = 0; i < TRIES; i++)
            attempt(() => new type({[name.replaceAll('-', '_')]: pick(1)[0]}));
    }
}

function abuse(subject, tries = TRIES) {
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(subject));

    for (const name of names.filter(each => !COUNTING.includes(each)).sort())
        abuseMember(subject, name, tries);
    attempt(() => `${subject}`);
    if (!(subject instanceof GObject.Object))
        return;
    abuseSignals(subject, tries);
    if (tries === TRIES)
        abuseConstructor(subject.constructor);
}

async function assertGoesOn() {
    const server = makeServer({a: endpoint => endpoint.set_response_text('yes')});
    const {text} = await makeEndpoint().request('GET', makeUri(server, 'a'));

    assertEqual(text, 'yes');
}

for (const name of Object.keys(makeAll())) {
    test(name, async () => {
        const subject = makeAll()[name];

        abuse(subject);
        if (subject instanceof GObject.Object) {
            subject.run_dispose();
            abuse(subject, TRIES_DISPOSED);
        }
        await assertGoesOn();
    });
}

test('functions', async () => {
    for (const name of Object.getOwnPropertyNames(GCoap)) {
        const value = GCoap[name];

        for (let i = 0; i < TRIES && typeof value === 'function'; i++) {
            attempt(() => value(...pick(i % 4)));
            attempt(() => new value(...pick(i % 4)));
        }
    }
    await assertGoesOn();
});

await runTests();
