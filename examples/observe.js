#!/usr/bin/env -S gjs -m
// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// Prints a value now and whenever it changes: observe.js URI

import GCoap from 'gi://GCoap?version=1.0';
import GLib from 'gi://GLib';
import {exit, programArgs} from 'system';

const {ENDED, FAILED} = GCoap.ObservationState;
const loop = new GLib.MainLoop(null, false);

if (programArgs.length !== 1) {
    printerr('Usage: observe.js URI');
    exit(2);
}

try {
    const observation = new GCoap.Endpoint().observe(programArgs[0]);

    observation.connect('notify::text', () => print(observation.text));
    observation.connect('notify::state', () => {
        if ([ENDED, FAILED].includes(observation.state))
            loop.quit();
    });
    loop.run();
    printerr(observation.error?.message ?? `It cannot be observed: ${observation.code}`);
} catch (error) {
    printerr(error.message);
}
exit(1);
