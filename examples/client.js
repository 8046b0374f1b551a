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

try {
    const what = text === undefined ? {} : {payload: text, contentFormat: 'text/plain'};
    const response = await new GCoap.Endpoint().request(method, uri, what);

    if (!response.ok)
        throw new Error(response);
    print(response.code, response.text);
} catch (error) {
    printerr(error.message);
    exit(1);
}
