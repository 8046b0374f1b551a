#!/usr/bin/env -S gjs -m
// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Serves /temperature for GET, PUT and observers: server.js [PORT], 0 has the system choose one.

import GCoap from 'gi://GCoap?version=1.0';
import GLib from 'gi://GLib';
import {exit, programArgs} from 'system';

const [port = GCoap.DEFAULT_PORT] = programArgs;
const server = new GCoap.Endpoint({local_port: Number(port)});
let temperature = '21.5';

server.route('/temperature', {
    get: () => temperature,
    put(request) {
        const text = request.dup_text();

        if (text === null)
            return ['4.00', 'This is no text'];

        server.set_response_text(temperature = text);
        server.send_notification('/temperature');
        return ['2.04'];
    },
}, {observable: true});

try {
    server.start_listening();
    print(`Listening on port ${server.local_port}`);
    new GLib.MainLoop(null, false).run();
} catch (error) {
    printerr(error.message);
    exit(1);
}
