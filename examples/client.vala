/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sends one request and prints the response: example-client-vala METHOD URI [TEXT] */

async void ask (GCoap.Method method, string uri, string? text) throws Error {
    var message = new GCoap.Message.request (method, uri);

    if (text != null) {
        message.set_content_format (0); // text/plain
        message.set_text (text);
    }

    var response = yield new GCoap.Endpoint ().send_async (message);
    var number = response.get_code ();
    var code = GCoap.Code.to_string (number);

    if (number >= GCoap.Code.BAD_REQUEST)
        throw new GCoap.Error.ERROR_RESPONSE ("%s %s", code, GCoap.Code.get_name (number));
    stdout.printf ("%s %s\n", code, response.dup_text ());
}

async int main (string[] args) {
    Intl.setlocale (); // for errors in the user's language
    var methods = (EnumClass) typeof (GCoap.Method).class_ref ();
    unowned var method = args.length > 2 ? methods.get_value_by_nick (args[1]) : null;

    if (method == null || method.value > GCoap.Method.DELETE) {
        printerr ("Usage: %s get|post|put|delete URI [TEXT]\n", args[0]);
        return 2;
    }
    try {
        yield ask ((GCoap.Method) method.value, args[2], args[3]);
    } catch (Error error) {
        printerr ("%s\n", error.message);
        return 1;
    }
    return 0;
}
