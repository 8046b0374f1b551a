// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// What the declarations must allow, and, after each @ts-expect-error, what they must not. tsc
// checks it; nobody runs it.

import GCoap from 'gi://GCoap?version=1.0';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';

const server = new GCoap.Endpoint({local_host: '127.0.0.1', localPort: 0});
const client = new GCoap.Endpoint();

// Properties, by either name
const port: number = server.local_port;
const data: GLib.Bytes | null = client.responseData;
const model: Gio.ListModel = client.pending_requests;

client.request_data = null;
client.useConfirmableMessages = false;
client.local_host = null;
// @ts-expect-error It is read-only.
client.listening = true;
// @ts-expect-error It is a number.
client.timeout = '5';
// @ts-expect-error There is no such property.
client.no_such = 1;

// Signals
server.connect('request', (endpoint, request) => {
    const path: string = request.uri_path;

    request.send_response = path === '/later';
    endpoint.set_response_text('x');
});
server.connect('request::/a', (_, request) => print(request.dup_text()?.length));
server.connect('request-complete', (_, request, code: number, description: string) =>
    print(request.response?.get_code() === GCoap.Code.CONTENT, code, description));
server.connect('notify::listening', () => {});

// Methods, functions, constants
const id: string = client.get('coap://localhost/');
const [isCode, code]: [boolean, number] = GCoap.Code.from_string('2.05');
const name: string | null = GCoap.code_get_name(GCoap.Code.CONTENT);
const option = GCoap.Option.new(GCoap.OptionNumber.ACCEPT, '50');

client.request_options.append(option);
print(port, data, model, id, isCode, code, name, GCoap.DEFAULT_PORT, GCoap.VERSION_STRING);
// @ts-expect-error The URI is missing.
client.get();
// @ts-expect-error It is not made by programs.
new GCoap.Request();

// Promises
const message = GCoap.Message.new_request(GCoap.Method.GET, 'coap://localhost/');
const sent: GCoap.Message = await client.send_async(message, null);

message.add_option(GCoap.OptionNumber.ETAG, new Uint8Array([1]));
client.send_async(message, null, (source, result) => source!.send_finish(result));

const response = await client.request('GET', 'coap://localhost/', {
    payload: new Uint8Array([1]),
    contentFormat: 'text/plain',
    options: {'Uri-Query': ['a=1', 'b=2'], 'If-None-Match': true, 'Size1': 5},
    cancellable: new Gio.Cancellable(),
});
const text: string | null = response.text;
const bytes: Uint8Array = response.data;

print(sent.dup_text(), text, bytes, response.ok && response.code, response.options['ETag']);
// @ts-expect-error A payload is no number.
await client.request('PUT', 'coap://localhost/', {payload: 5});

// Observing
for await (const state of client.observe('coap://localhost/')) {
    if (state.text === 'off')
        break;
}

// Routes
const remove = server.route('/a', async (request, endpoint) => {
    await endpoint.request('GET', 'coap://localhost/');
    return ['2.04', request.dup_text()];
}, {observable: true});

server.route('/b', {get: () => 'x', put: () => [GCoap.Code.CHANGED], delete: () => undefined});
remove();
// @ts-expect-error There is no such method.
server.route('/b', {got: () => 'x'});
// @ts-expect-error That is no answer.
server.route('/b', () => 5);

// Errors
try {
    server.start_listening();
} catch (error) {
    if (error instanceof GLib.Error && error.matches(GCoap.Error, GCoap.Error.WRONG_MODE))
        throw new GCoap.Error({message: error.message, code: GCoap.Error.CANCELED});
}
