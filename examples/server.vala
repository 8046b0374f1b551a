/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Serves /temperature for GET, PUT and observers: example-server-vala [PORT], 0 has one chosen. */

string temperature;

void handle (GCoap.Endpoint server, GCoap.Request request) {
    if (request.method == GCoap.Method.GET) {
        request.accept = true; // if it wants to observe
        server.set_response_text (temperature);
    } else if (request.method == GCoap.Method.PUT) {
        server.set_response_text (temperature = request.dup_text () ?? "?");
        try {
            server.send_notification ("/temperature");
        } catch (Error error) {
            warning ("%s", error.message);
        }
        server.response_data = null;
        server.response_code = "2.04";
    } else {
        server.response_code = "4.05";
    }
}

int main (string[] args) {
    var server = new GCoap.Endpoint () { local_port = int.parse (args[1] ?? "5683") };

    temperature = "21.5";
    server.request["/temperature"].connect (handle);
    server.register["/temperature"].connect (handle);
    try {
        server.start_listening ();
        print (@"Listening on port $(server.local_port)\n");
        new MainLoop ().run ();
    } catch (Error error) {
        printerr ("%s\n", error.message);
    }
    return 1;
}
