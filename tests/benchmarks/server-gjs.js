// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// The smallest servers in gjs: gjs -m server-gjs.js PORT signal|route.
// It prints the port that it got, and ends with its standard input.

import GCoap from 'gi://GCoap?version=1.0';
import GLib from 'gi://GLib';
import {exit} from 'system';

const TEXT = '21.5';

const [port, manner] = ARGV;
const server = new GCoap.Endpoint({local_host: '127.0.0.1', local_port: Number(port)});

if (manner === 'signal')
    server.connect('request', () => server.set_response_text(TEXT));
else
    server.route('/bench', () => TEXT);
server.start_listening();
print(server.local_port);

GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, 0, GLib.IOCondition.HUP, () => exit(0));
new GLib.MainLoop(null, false).run();
