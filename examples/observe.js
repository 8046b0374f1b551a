#!/usr/bin/env -S gjs -m
// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Prints a value now and whenever it changes: observe.js URI

import GCoap from 'gi://GCoap?version=1.0';
import {exit, programArgs} from 'system';

if (programArgs.length !== 1) {
    printerr('Usage: observe.js URI');
    exit(2);
}

try {
    for await (const state of new GCoap.Endpoint().observe(programArgs[0]))
        print(state.text);
    printerr('The server lets nobody observe it');
} catch (error) {
    printerr(error.message);
}
exit(1);
