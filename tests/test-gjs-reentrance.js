// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Where an endpoint calls a program back, the program does what it should not: nothing crashes, and
// others go on. As test-bindings-reentrance.py, with the garbage collector. Prints TAP.
// Run with: gjs -m test-gjs-reentrance.js

import GCoap from 'gi://GCoap?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

import {
    assertEqual, iterateUntil, makeEndpoint, makeServer, makeUri, runTests, test,
} from './gjs-fixture.js';

const LARGE = new Uint8Array(3000).fill(120);
const MALFORMED = new Uint8Array([0x4f, 1, 0, 0]);

// Signals of an endpoint, its list models, and what else it calls back.
const MODELS = ['observers', 'pending-requests', 'request-options', 'response-options'];
const HOOKS = ['observation', 'progress', 'ready'];
const PLACES = {
    server: [
        'error', 'log', 'notify', 'register', 'request', 'request::/a', 'response-complete',
        'unregistered', 'upload', 'observers', 'pending-requests', 'response-options',
    ],
    client: [
        'log', 'notification', 'notify', 'request-complete', 'pending-requests', 'request-options',
        ...HOOKS,
    ],
};

function iterate(count) {
    for (let i = 0; i < count; i++)
        GLib.MainContext.default().iteration(false);
}

// A server and a client of it, either of which may be gone at any time.
class Traffic {
    constructor(patience) {
        this.patience = patience;
        this.later = [];
        this.hooks = {};
        this.transfers = 0;
        this.server = makeServer();
        this.port = this.server.local_port;
        this.client = makeEndpoint();
        this.server.config('LogLevel=3');
        this.client.config('LogLevel=3');
        this.server.connect('request', (server, request) => this.answer(server, request));
        this.server.connect('register', (server, request) => {
            request.accept = true;
            server.set_response_text('x');
        });
        this.server.connect('upload', () => {});
        this.client.connect('notification', () => {});
    }

    get uri() {
        return `coap://127.0.0.1:${this.port}/a`;
    }

    answer(server, request) {
        if (request.uri_path === '/later') {
            request.send_response = false;
            this.later.push(request.request_id);
        } else {
            server.set_response_text('x');
        }
    }

    get isBusy() {
        return this.transfers > 0 || this.client?.pending_requests.get_n_items() > 0;
    }

    run() {
        for (const step of [
            'ask', 'upload', 'disturb', 'askForLater', 'observe', 'notify', 'endObserving',
            'follow', 'notify', 'transfer',
        ]) {
            try {
                this.makeImpatient();
                this[step]();
            } catch (error) {
                assertEqual(error instanceof TypeError || error instanceof GLib.Error, true);
            }
            iterate(20);
            iterateUntil(() => !this.client || !this.isBusy);
        }
    }

    // Anew each time, as a handler may have reset the settings.
    makeImpatient() {
        this.client.set_timeout(0);
        this.client.config(`AckTimeout=${this.patience}`);
        this.client.config('MaxRetransmit=0');
    }

    ask() {
        this.client.get(this.uri);
    }

    upload() {
        this.client.request_data = new GLib.Bytes(LARGE);
        this.client.request_options.append(GCoap.Option.new(65000, 'x'));
        this.client.put(this.uri);
    }

    disturb() {
        const socket = Gio.Socket.new(Gio.SocketFamily.IPV4, Gio.SocketType.DATAGRAM,
            Gio.SocketProtocol.UDP);

        socket.send_to(Gio.InetSocketAddress.new_from_string('127.0.0.1', this.port), MALFORMED,
            null);
        socket.close();
    }

    askForLater() {
        this.client.get(makeUri({local_port: this.port}, 'later'));
        iterateUntil(() => !this.client || this.later.length > 0 || !this.isBusy);
        for (const id of this.later) {
            this.server.set_response_text('late');
            this.server.response_options.append(GCoap.Option.new(65000, 'x'));
            this.server.send_response(id);
        }
    }

    observe() {
        this.client.start_observing(this.uri);
    }

    notify() {
        this.server.set_response_text('y');
        this.server.send_notification(this.uri);
    }

    endObserving() {
        this.client.stop_observing(this.uri);
    }

    follow() {
        const observation = this.client.observe(this.uri);

        observation.connect('notify', () => this.hooks.observation?.());
        iterate(10);
        observation.cancel();
    }

    // By callbacks, as promises rest while a test iterates.
    transfer() {
        const {client} = this;
        const input = Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes(LARGE));
        const output = Gio.MemoryOutputStream.new_resizable();
        const progress = () => this.hooks.progress?.();

        this.transfers += 2;
        client.download_async(this.uri, output, null, progress, (_, result) => {
            this.endTransfer(() => client.download_finish(result));
        });
        client.upload_async(this.uri, input, 0, null, progress, (_, result) => {
            this.endTransfer(() => client.upload_finish(result));
        });
    }

    endTransfer(finish) {
        this.transfers--;
        this.hooks.ready?.();
        try {
            finish();
        } catch (error) {
            assertEqual(error instanceof GLib.Error, true);
        }
    }
}

// A handler that misbehaves the first time.
class Act {
    constructor(traffic, side, action) {
        this.traffic = traffic;
        this.side = side;
        this.action = action;
        this.calls = 0;
        this.handlers = [];
    }

    run(endpoint) {
        this.calls++;
        if (this.calls === 1 && endpoint)
            this.action(endpoint, this);
    }

    attach(place) {
        const endpoint = this.traffic[this.side];
        const run = () => this.run(this.traffic[this.side]);

        if (HOOKS.includes(place))
            this.traffic.hooks[place] = run;
        else if (MODELS.includes(place))
            endpoint[place.replaceAll('-', '_')].connect('items-changed', run);
        else
            this.handlers = [1, 2].map(() => endpoint.connect(place, each => this.run(each)));
    }
}

const ACTIONS = {
    fails() {
        throw new Error('on purpose');
    },
    'lets go of the endpoint'(_, {traffic, side}) {
        traffic[side] = null;
        System.gc();
    },
    'collects garbage'() {
        System.gc();
    },
    'removes the handlers'(endpoint, act) {
        act.handlers.forEach(id => endpoint.disconnect(id));
    },
    'adds handlers'(endpoint) {
        endpoint.connect('request', () => {});
        endpoint.connect('request-complete', () => {});
    },
    'asks and waits'(endpoint, {traffic}) {
        endpoint.config('DualRole=True');
        endpoint.config('AckTimeout=0.01');
        endpoint.config('MaxRetransmit=0');
        endpoint.set_timeout(1);
        endpoint.get(traffic.uri);
    },
    iterates(endpoint) {
        endpoint.do_events();
        iterate(1);
    },
    'sets properties'(endpoint) {
        endpoint.set_response_text('z');
        endpoint.response_stream = new Gio.MemoryInputStream();
        endpoint.clear_response();
        endpoint.set_request_text('z');
        endpoint.request_options.remove_all();
    },
    'cancels all requests'(endpoint) {
        const model = endpoint.pending_requests;
        const requests = Array.from({length: model.get_n_items()}, (_, i) => model.get_item(i));

        requests.forEach(request => endpoint.cancel_request(request.request_id));
    },
    restarts(endpoint) {
        endpoint.stop_listening();
        endpoint.start_listening();
    },
    'ends the other'(_, {traffic, side}) {
        const other = side === 'client' ? 'server' : 'client';

        traffic[other].shutdown();
        traffic[other] = null;
    },
};

for (const name of ['shutdown', 'reset', 'stop_listening', 'start_listening', 'run_dispose'])
    ACTIONS[name] = endpoint => endpoint[name]();

function act(side, place, action, patience = 0.01) {
    const traffic = new Traffic(patience);
    const one = new Act(traffic, side, action);

    one.attach(place);
    traffic.run();
    return one.calls;
}

async function assertGoesOn() {
    const server = makeServer({a: endpoint => endpoint.set_response_text('yes')});
    const {text} = await makeEndpoint().request('GET', makeUri(server, 'a'));

    assertEqual(text, 'yes');
}

for (const side of Object.keys(PLACES)) {
    test(`each callback of a ${side} is called`, () => {
        for (const place of PLACES[side])
            assertEqual([place, act(side, place, () => {}, 5) > 0], [place, true]);
    });
    for (const [name, action] of Object.entries(ACTIONS)) {
        test(`a callback of a ${side} ${name}`, async () => {
            for (const place of PLACES[side])
                act(side, place, action);
            System.gc();
            await assertGoesOn();
        });
    }
}

await runTests();
