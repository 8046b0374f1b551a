/* SPDX-FileCopyrightText: 2026 The GCoap developers
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* The endpoint from Vala; test-vala.py compiles and runs it. */

GCoap.Endpoint make_server () throws Error {
    var server = new GCoap.Endpoint () { local_host = "127.0.0.1" };

    server.request["/a"].connect ((request) => {
        server.response_options.append (new GCoap.Option (GCoap.OptionNumber.MAX_AGE, "30"));
        server.set_response_text (@"$(request.method) $(request.dup_text ())");
    });
    server.start_listening ();

    return server;
}

string make_uri (GCoap.Endpoint server, string path) {
    return @"coap://127.0.0.1:$(server.local_port)/$path";
}

void test_waiting () throws Error {
    var server = make_server ();
    var client = new GCoap.Endpoint ();

    client.set_request_text ("body");
    assert (client.put (make_uri (server, "a")) == "");
    assert (client.response_code == "2.05");
    assert (client.dup_response_text () == "3 body");
    assert (((GCoap.Option) client.response_options.get_item (0)).value == "30");
}

void test_validation () throws Error {
    var server = make_server ();
    var client = new GCoap.Endpoint ();
    var etag = new Bytes ({ 1, 2 });

    server.request["/b"].connect ((request) => {
        server.response_etag = etag;
        server.response_code = request.validate (etag) ?? "2.01";
        try {
            server.set_response_location ("/b/1");
        } catch (Error error) {
            GLib.error ("%s", error.message);
        }
    });
    client.ipatch (make_uri (server, "b"));
    assert (client.response_code == "2.01");
    assert (client.dup_response_location (make_uri (server, "b")) == make_uri (server, "b/1"));
    client.request_etag = etag;
    client.fetch (make_uri (server, "b"));
    assert (client.response_code == "2.03");
}

void test_error () throws Error {
    var server = make_server ();
    var client = new GCoap.Endpoint ();

    try {
        client.get (make_uri (server, "b"));
        assert_not_reached ();
    } catch (GCoap.Error.ERROR_RESPONSE error) {
        assert (error.message == "4.04 Not Found");
    }
}

async void test_streams () throws Error {
    var server = make_server ();
    var client = new GCoap.Endpoint ();
    var body = new Bytes (new uint8[50000]);
    var stored = new MemoryOutputStream.resizable ();
    var fetched = new MemoryOutputStream.resizable ();
    int64 latest = 0;

    server.upload["/c"].connect ((request) => request.upload_stream = stored);
    server.request["/c"].connect ((request) => {
        if (request.upload_stream != null)
            server.response_code = "2.04";
        else
            server.response_stream = new MemoryInputStream.from_bytes (body);
    });

    var source = new MemoryInputStream.from_bytes (body);
    var uri = make_uri (server, "c");
    var response = yield client.upload_async (uri, source, 42, null, (so_far) => latest = so_far);

    assert (response.get_code () == GCoap.Code.CHANGED);
    assert (stored.steal_as_bytes ().compare (body) == 0);
    assert (latest == 50000);

    response = yield client.download_async (uri, fetched);
    fetched.close ();
    assert (response.get_code () == GCoap.Code.CONTENT);
    assert (fetched.steal_as_bytes ().compare (body) == 0);
}

async void test_async () throws Error {
    var server = make_server ();
    var client = new GCoap.Endpoint ();
    var message = new GCoap.Message.request (GCoap.Method.GET, make_uri (server, "a"));
    var response = yield client.send_async (message);

    assert (response.get_code () == GCoap.Code.CONTENT);
    assert (response.dup_text () == "1 ");
}

async void test_observation () throws Error {
    var server = make_server ();
    var observation = new GCoap.Endpoint ().observe (make_uri (server, "b"));

    assert (observation.data == null);
    assert (observation.error == null);
    server.register["/b"].connect ((request) => {
        request.accept = true;
        server.set_response_text ("1");
    });
    var handler = observation.notify["text"].connect (() => test_observation.callback ());
    yield;
    assert (observation.text == "1");
    assert (observation.state == GCoap.ObservationState.ACTIVE);
    observation.disconnect (handler);
    observation.cancel ();
    assert (observation.state == GCoap.ObservationState.ENDED);
}

async void test_cancelled () throws Error {
    var server = make_server ();
    var message = new GCoap.Message.request (GCoap.Method.GET, make_uri (server, "a"));
    var cancellable = new Cancellable ();

    cancellable.cancel ();
    try {
        yield new GCoap.Endpoint ().send_async (message, cancellable);
        assert_not_reached ();
    } catch (IOError.CANCELLED error) {
    }
}

/* What is wrong is complained of, and the endpoint goes on. */
void test_misuse () throws Error {
    var server = make_server ();
    var client = new GCoap.Endpoint ();
    ulong handler = 0;

    handler = server.request["/c"].connect (() => {
        server.disconnect (handler);
        server.set_response_text ("once");
    });
    client.get (make_uri (server, "c"));
    assert (client.dup_response_text () == "once");
    try {
        client.get (make_uri (server, "c"));
        assert_not_reached ();
    } catch (GCoap.Error.ERROR_RESPONSE error) {
        assert (client.response_code == "4.04");
    }

    Test.expect_message ("GCoap", LogLevelFlags.LEVEL_CRITICAL, "*uri != NULL*");
    assert (client.get ((string) null) == null);
    Test.expect_message ("GCoap", LogLevelFlags.LEVEL_CRITICAL, "*GCOAP_IS_ENDPOINT*");
    ((GCoap.Endpoint) null).set_request_text ("x");
    Test.assert_expected_messages ();

    client.shutdown ();
    client.get (make_uri (server, "a"));
    assert (client.response_code == "2.05");
}

async int main (string[] args) {
    Test.init (ref args);
    try {
        test_waiting ();
        test_validation ();
        test_error ();
        yield test_async ();
        yield test_streams ();
        yield test_observation ();
        yield test_cancelled ();
        test_misuse ();
    } catch (Error error) {
        GLib.error ("%s", error.message);
    }

    return 0;
}
