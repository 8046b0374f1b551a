// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// What gjs adds to the library: it runs this when a program imports GCoap.

/* exported _init */

const {Gio, GLib} = imports.gi;

const ASYNC_METHODS = ['download', 'send', 'upload'];

// What tells that a state has come: an observation that only becomes stale has none to give.
const STATE_PROPERTIES = ['code', 'content-format', 'data', 'etag', 'sequence', 'text'];

// The answer of a handler that throws.
const FAILURE = {code: '5.00'};

let GCoap;

// The observations that somebody waits for. Nothing else may keep them from the garbage collector.
const awaited = new Set();

function describe(value) {
    return value === null ? 'null' : value?.constructor?.name ?? typeof value;
}

function refuse(what, wanted, value) {
    throw new TypeError(`${what} must be ${wanted}, not ${describe(value)}`);
}

function isBytes(value) {
    return value instanceof GLib.Bytes || value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

// null where there is no value
function toBytes(value, what) {
    if (typeof value === 'string')
        return GLib.Bytes.new(value);
    if (value === undefined || value === null || value instanceof GLib.Bytes)
        return value ?? null;
    if (value instanceof ArrayBuffer)
        return GLib.Bytes.new(new Uint8Array(value));
    if (ArrayBuffer.isView(value))
        return GLib.Bytes.new(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));

    return refuse(what, 'a string, a Uint8Array or GLib.Bytes', value);
}

function fromBytes(bytes) {
    return bytes ? bytes.toArray() : new Uint8Array();
}

function toMethod(method) {
    const number = typeof method === 'string' ? GCoap.Method[method.toUpperCase()] : method;

    if (!Number.isInteger(number) || number < 1 || number > 31)
        throw new TypeError(`"${method}" is no method: it is a name such as "GET", or 1 to 31`);

    return number;
}

function getMethodName(number) {
    return Object.keys(GCoap.Method).find(name => GCoap.Method[name] === number)?.toLowerCase();
}

function toContentFormat(value, what) {
    const number = typeof value === 'string'
        ? GCoap.content_format_from_media_type(value) : value ?? GCoap.CONTENT_FORMAT_NONE;

    if (typeof value === 'string' && number === GCoap.CONTENT_FORMAT_NONE)
        throw new TypeError(`No Content-Format is known for ${what} "${value}"`);
    if (!Number.isInteger(number) || number < GCoap.CONTENT_FORMAT_NONE || number > 65535)
        refuse(what, 'a media type or a number up to 65535', value);

    return number;
}

function toCodeText(code) {
    if (code === undefined || code === null)
        return '';
    if (Number.isInteger(code) && code >= 0 && code <= 255)
        return GCoap.code_to_string(code);
    if (typeof code !== 'string' || code === '')
        refuse('The code', 'a string such as "2.05" or a GCoap.Code', code);

    return code;
}

function toOption(name, value) {
    const number = /^\d+$/.test(name) ? Number(name) : GCoap.option_number_from_name(name);

    if (number < 1 || number > 65535)
        throw new TypeError(`No option is called "${name}"`);
    if (value === null || value === true || isBytes(value))
        return GCoap.Option.new_from_bytes(number, value === true ? null : toBytes(value, name));
    if (typeof value !== 'string' && !Number.isInteger(value))
        refuse(name, 'a string, a number, bytes or true', value);

    const option = GCoap.Option.new(number, `${value}`);

    if (!option.dup_bytes())
        throw new TypeError(`"${value}" is no value of the option ${name}`);

    return option;
}

// From {name: value} or {name: [value, value]}.
function toOptions(options) {
    if (options === undefined || options === null)
        return [];
    if (typeof options !== 'object' || Array.isArray(options))
        refuse('options', 'an object', options);

    return Object.entries(options).flatMap(
        ([name, value]) => [value].flat().map(each => toOption(name, each)));
}

function fromOption(option) {
    if (option.value_type === GCoap.OptionValueType.UINT)
        return Number(option.value);

    return option.value_type === GCoap.OptionValueType.STRING
        ? option.value : fromBytes(option.dup_bytes());
}

// The other way round: the values of each option, by its name or else its number.
function fromOptions(model) {
    const options = {};

    for (let i = 0; i < model.get_n_items(); i++) {
        const option = model.get_item(i);

        (options[option.name ?? option.number] ??= []).push(fromOption(option));
    }

    return options;
}

var Response = class {
    constructor(message) {
        this.message = message;
    }

    get code() {
        return GCoap.code_to_string(this.message.get_code());
    }

    get ok() {
        return this.code.startsWith('2.');
    }

    get contentFormat() {
        return this.message.get_content_format();
    }

    get data() {
        return fromBytes(this.message.get_payload());
    }

    get text() {
        return this.message.dup_text();
    }

    get options() {
        return fromOptions(this.message.list_options());
    }

    getLocation(base = null) {
        return this.message.dup_location(base);
    }

    toString() {
        return `${this.code} ${GCoap.code_get_name(this.message.get_code()) ?? ''}`.trimEnd();
    }
};

async function request(method, uri, {
    payload, contentFormat, accept, etag, options, confirmable, cancellable = null,
} = {}) {
    const message = GCoap.Message.new_request(toMethod(method), uri);

    message.set_confirmable(confirmable ?? this.use_confirmable_messages);
    message.set_payload(toBytes(payload, 'payload'));
    message.set_content_format(toContentFormat(contentFormat, 'contentFormat'));
    if (accept !== undefined && accept !== null)
        message.add_uint_option(GCoap.OptionNumber.ACCEPT, toContentFormat(accept, 'accept'));
    if (etag !== undefined && etag !== null)
        message.add_option(GCoap.OptionNumber.ETAG, toBytes(etag, 'etag'));
    for (const option of toOptions(options))
        message.add_option(option.number, option.dup_bytes());

    return new Response(await this.send_async(message, cancellable));
}

async function download(uri, stream, {cancellable = null, onProgress = null} = {}) {
    return new Response(await this.download_async(uri, stream, cancellable, onProgress));
}

async function upload(uri, stream, {contentFormat, cancellable = null, onProgress = null} = {}) {
    const format = toContentFormat(contentFormat, 'contentFormat');

    return new Response(await this.upload_async(uri, stream, format, cancellable, onProgress));
}

// What a handler has returned, in the one form that has all of it.
function readAnswer(answer) {
    if (typeof answer === 'string' || isBytes(answer))
        return {payload: toBytes(answer)};

    const {code, payload, contentFormat, etag, options} = Array.isArray(answer)
        ? {code: answer[0], payload: answer[1], contentFormat: answer[2]} : answer ?? {};

    if ((code ?? payload ?? null) === null)
        refuse('The answer', 'a string, bytes, [code, payload] or {code, payload, …}', answer);

    return {
        code: toCodeText(code),
        payload: toBytes(payload, 'payload'),
        contentFormat: toContentFormat(contentFormat, 'contentFormat'),
        etag: toBytes(etag, 'etag'),
        options: toOptions(options),
    };
}

// Each call into the library takes time, so there is none for what the answer does not have.
function setResponse(endpoint, {code, payload, stream, contentFormat = -1, etag, options = []}) {
    endpoint.clear_response();
    if (code)
        endpoint.set_response_code(code);
    if (payload)
        endpoint.set_response_data(payload);
    if (stream)
        endpoint.set_response_stream(stream);
    if (contentFormat >= 0)
        endpoint.set_response_content_format(contentFormat);
    if (etag)
        endpoint.set_response_etag(etag);
    options.forEach(option => endpoint.response_options.append(option));
}

function getResponse(endpoint) {
    const {response_options: options} = endpoint;

    return {
        code: endpoint.response_code,
        payload: endpoint.response_data,
        stream: endpoint.response_stream,
        contentFormat: endpoint.response_content_format,
        etag: endpoint.response_etag,
        options: Array.from({length: options.get_n_items()}, (_, i) => options.get_item(i)),
    };
}

function tellFailure(asked, error) {
    logError(error, `GCoap: ${asked.uri_path} is answered ${FAILURE.code}`);
}

// It does not wait for the acknowledgement, which the timeout would have it do, and it leaves what
// others have set as it was.
function sendResponse(endpoint, id, answer) {
    const {timeout} = endpoint;
    const before = getResponse(endpoint);

    endpoint.timeout = 0;
    try {
        setResponse(endpoint, answer);
        endpoint.send_response(id);
    } finally {
        setResponse(endpoint, before);
        endpoint.timeout = timeout;
    }
}

// Whether there is nobody to answer any more: it was too late, or the endpoint has stopped.
function isOver(error) {
    return error.matches?.(GCoap.Error, GCoap.Error.INVALID_REQUEST_ID) ||
        error.matches?.(GCoap.Error, GCoap.Error.WRONG_MODE);
}

async function answerLater(endpoint, asked, promise) {
    const id = asked.request_id;

    try {
        sendResponse(endpoint, id, readAnswer(await promise));
    } catch (error) {
        if (isOver(error))
            return;
        tellFailure(asked, error);
        try {
            sendResponse(endpoint, id, FAILURE);
        } catch (second) {
            if (!isOver(second))
                logError(second);
        }
    }
}

function callHandler(handler, endpoint, asked) {
    if (typeof handler === 'function')
        return handler(asked, endpoint);

    const name = getMethodName(asked.method);

    return Object.hasOwn(handler, name) ? handler[name](asked, endpoint) : ['4.05'];
}

function serve(handler, endpoint, asked) {
    try {
        const answer = callHandler(handler, endpoint, asked);

        if (typeof answer?.then === 'function') {
            asked.send_response = false;
            answerLater(endpoint, asked, answer);
        } else if (answer !== undefined) {
            setResponse(endpoint, readAnswer(answer));
        }
    } catch (error) {
        tellFailure(asked, error);
        setResponse(endpoint, FAILURE);
    }
}

function checkHandler(handler) {
    const functions = typeof handler === 'function' ? [handler] : Object.values(handler ?? {});

    if (functions.length === 0 || functions.some(each => typeof each !== 'function'))
        refuse('The handler', 'a function or an object of functions', handler);
    if (typeof handler === 'function')
        return;
    for (const name of Object.keys(handler)) {
        if (getMethodName(toMethod(name)) !== name)
            throw new TypeError(`"${name}" should be in lower case`);
    }
}

function route(path, handler, {observable = false} = {}) {
    if (typeof path !== 'string' || !path.startsWith('/'))
        refuse('The path', 'a string that begins with "/"', path);
    checkHandler(handler);

    const ids = [this.connect(`request::${path}`, serve.bind(null, handler))];

    if (observable) {
        ids.push(this.connect(`register::${path}`, (endpoint, asked) => {
            asked.accept = true;
            serve(handler, endpoint, asked);
        }));
    }

    return () => ids.splice(0).forEach(id => this.disconnect(id));
}

function readState(observation) {
    return Object.freeze({
        code: observation.code,
        contentFormat: observation.content_format,
        data: fromBytes(observation.data),
        sequence: observation.sequence,
        text: observation.text,
    });
}

// A last answer that is no state tells why there are no more.
function checkEnd({state, code, error}) {
    if (state === GCoap.ObservationState.FAILED)
        throw error;
    if (state !== GCoap.ObservationState.ENDED || code === '' || code.startsWith('2.'))
        return;

    const [, number] = GCoap.code_from_string(code);
    const message = `${code} ${GCoap.code_get_name(number) ?? ''}`.trimEnd();

    throw new GLib.Error(GCoap.Error, GCoap.Error.ERROR_RESPONSE, message);
}

async function* observeStates() {
    const {ENDED, FAILED} = GCoap.ObservationState;
    let isNew = this.code !== '';
    let wake = () => {};
    const handler = this.connect('notify', (_, {name}) => {
        isNew ||= STATE_PROPERTIES.includes(name);
        wake();
    });

    awaited.add(this);
    try {
        for (;;) {
            checkEnd(this);
            if (isNew) {
                isNew = false;
                yield readState(this);
            } else if ([ENDED, FAILED].includes(this.state)) {
                return;
            } else {
                await new Promise(resolve => (wake = resolve));
            }
        }
    } finally {
        awaited.delete(this);
        this.disconnect(handler);
        this.cancel();
    }
}

function _init() {
    GCoap = this;

    for (const name of ASYNC_METHODS)
        Gio._promisify(GCoap.Endpoint.prototype, `${name}_async`, `${name}_finish`);
    GCoap.Response = Response;
    Object.assign(GCoap.Endpoint.prototype, {download, request, route, upload});
    GCoap.Observation.prototype[Symbol.asyncIterator] = observeStates;
}
