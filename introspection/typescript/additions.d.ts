// SPDX-FileCopyrightText: 2026 The GCoap developers
// SPDX-License-Identifier: LGPL-2.1-or-later

// What overrides/GCoap.js adds; make-typescript.py puts it into the namespace.

/** What a payload, an ETag or the value of an option is made of. */
type BytesSource = string | Uint8Array | ArrayBuffer | DataView | GLib.Bytes;

/** The values of options, by their names or numbers. */
interface OptionValues {
    [name: string]: OptionValue | OptionValue[];
}

type OptionValue = BytesSource | number | true | null;

interface RequestInit {
    payload?: BytesSource | null;
    /** A number, or a media type such as "application/json". */
    contentFormat?: number | string | null;
    accept?: number | string | null;
    etag?: BytesSource | null;
    options?: OptionValues | null;
    /** The endpoint's `use_confirmable_messages` by default. */
    confirmable?: boolean | null;
    cancellable?: Gio.Cancellable | null;
}

interface TransferInit {
    cancellable?: Gio.Cancellable | null;
    /** The size of the whole is -1 where it is not known. */
    onProgress?: ((bytes: number, size: number) => void) | null;
}

/** The response to a request, of any code. */
class Response {
    constructor(message: Message);

    readonly message: Message;
    /** Such as "2.05". */
    readonly code: string;
    /** Whether the code is of class 2. */
    readonly ok: boolean;
    readonly contentFormat: number;
    readonly data: Uint8Array;
    /** null if the payload is no UTF-8. */
    readonly text: string | null;
    /** The values of each option, by its name or else its number. */
    readonly options: {[name: string]: (string | number | Uint8Array)[]};

    getLocation(base?: string | null): string | null;
    toString(): string;
}

/** A state of a resource that is observed. */
interface State {
    readonly code: string;
    readonly contentFormat: number;
    readonly data: Uint8Array;
    readonly sequence: number;
    readonly text: string | null;
}

interface AnswerInit {
    code?: Code | string | null;
    payload?: BytesSource | null;
    contentFormat?: number | string | null;
    etag?: BytesSource | null;
    options?: OptionValues | null;
}

type Answer =
    | BytesSource
    | [code: Code | string, payload?: BytesSource | null, contentFormat?: number | string | null]
    | AnswerInit;

/** Without an answer the endpoint's `Response*` properties are the answer. */
type RouteHandler = (request: Request, endpoint: Endpoint) => Answer | void | Promise<Answer>;

/** A function for each method, by its name in lower case. */
type RouteHandlers = {[method in Lowercase<keyof typeof Method>]?: RouteHandler};

interface Endpoint {
    /** Resolves with the response, of whatever code; rejects if there is none. */
    request(method: string | Method, uri: string, what?: RequestInit): Promise<Response>;
    download(uri: string, stream: Gio.OutputStream, what?: TransferInit): Promise<Response>;
    upload(
        uri: string, stream: Gio.InputStream,
        what?: TransferInit & {contentFormat?: number | string | null}): Promise<Response>;
    /** Serves a path; the function that it gives ends that. */
    route(
        path: string, handler: RouteHandler | RouteHandlers,
        what?: {observable?: boolean}): () => void;
}

interface Observation {
    [Symbol.asyncIterator](): AsyncGenerator<State, void, void>;
}
