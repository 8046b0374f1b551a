#!/usr/bin/env -S gjs -m
// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Serves /temperature for GET and PUT: server.js [PORT], 0 has the system choose one.

import GCoap from 'gi://GCoap?version=1.0';
import GLib from 'gi://GLib';
import {exit, programArgs} from 'system';

const [port = GCoap.DEFAULT_PORT] = programArgs;
const server = new GCoap.Endpoint({local_port: Number(port)});
let temperature = '21.5';

server.connect('request::/temperature', (_, request) => {
    const text = request.dup_text();

    if (request.method === GCoap.Method.GET) {
        server.set_response_text(temperature);
    } else if (request.method === GCoap.Method.PUT && text !== null) {
        temperature = text;
        server.response_code = '2.04';
    } else {
        server.response_code = '4.05';
    }
});

try {
    server.start_listening();
} catch (error) {
    printerr(error.message);
    exit(1);
}

print(`Listening on port ${server.local_port}`);
new GLib.MainLoop(null, false).run();
