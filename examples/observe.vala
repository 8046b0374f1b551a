/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Prints a value now and whenever it changes: example-observe-vala URI */

int main (string[] args) {
    if (args.length != 2) {
        printerr ("Usage: %s URI\n", args[0]);
        return 2;
    }

    try {
        var loop = new MainLoop ();
        var observation = new GCoap.Endpoint ().observe (args[1]);

        observation.notify["text"].connect (() => {
            stdout.printf ("%s\n", observation.text);
            stdout.flush ();
        });
        observation.notify["state"].connect (() => {
            if (observation.state == ENDED || observation.state == FAILED)
                loop.quit ();
        });
        loop.run ();
        if (observation.error != null)
            throw observation.error;
        printerr ("It cannot be observed: %s\n", observation.code);
    } catch (Error error) {
        printerr ("%s\n", error.message);
    }
    return 1;
}
