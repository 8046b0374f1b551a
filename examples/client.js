#!/usr/bin/env -S gjs -m
// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Sends one request and prints the response: client.js METHOD URI [TEXT]

import GCoap from 'gi://GCoap?version=1.0';
import {exit, programArgs} from 'system';

const [method, uri, text] = programArgs;

if (!uri || !['get', 'post', 'put', 'delete'].includes(method)) {
    printerr('Usage: client.js get|post|put|delete URI [TEXT]');
    exit(2);
}

const client = new GCoap.Endpoint();

if (text !== undefined) {
    client.request_content_format = 0; // text/plain
    client.set_request_text(text);
}

try {
    client[method](uri);
    print(client.response_code, client.dup_response_text());
} catch (error) {
    printerr(error.message);
    exit(1);
}
