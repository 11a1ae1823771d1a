/*! Pipely 0.1.0-SNAPSHOT | Apache-2.0 */
/** What an application sees, besides {@link Pipely} itself. */
/**
 * Where a channel stands: on its way in, in, on its way back after its connection was lost, or out
 * for good.
 */
export type State = "connecting" | "open" | "reconnecting" | "closed";
/**
 * Why a channel is closed: by `leave()`, because another tab has come in its place, because the
 * server does not let it in, or by the application's signal.
 */
export type Reason = "left" | "replaced" | "refused" | "aborted";
/** A change of state, or another try that has failed in the same state. */
export interface Change {
    state: State;
    /** Where it is closed: why. */
    reason?: Reason;
    /** What went wrong, where something did. */
    error?: PipelyError;
    /** After how many milliseconds it tries again, where it does. */
    retryIn?: number;
}
/** What a member has published. */
export interface Message {
    /** `<epoch>-<n>`, unique in the channel; n grows. */
    id: string;
    type: string;
    /** Who it is from. */
    originId: string;
    /** As it came out of `JSON.parse`. */
    payload: any;
    /** The members that it was directed to; missing where it is for everybody. */
    to?: string[];
}
/** Events that have been missed and cannot be had any more. */
export interface Gap {
    /** The channel has begun anew; too much was missed; or the server does not know what was seen last. */
    reason: "epoch" | "evicted" | "invalid";
}
/** What a channel tells, by name. */
export interface Events {
    message: Message;
    /** Who is in the channel, in order of joining: with each connection, and when it changes. */
    members: string[];
    /** Who has come. */
    connect: string;
    /** Who has gone. */
    disconnect: string;
    /** Keep no state that the missing events could have changed; `members` is right. */
    gap: Gap;
    state: Change;
    /** It is closed, and not because somebody wanted it: once, and last. */
    error: PipelyError;
}
/** What has become of a publication. */
export interface Receipt {
    /** The id of the event that it is. */
    id: string;
    /** How many members it is for. */
    recipients: number;
}
export interface PublishOptions {
    /** `false`: not for the publisher itself. By default as the channel's options say. */
    echo?: boolean;
    /** Takes it back where it still waits to be sent; otherwise only the waiting for its receipt. */
    signal?: AbortSignal;
}
export interface Publisher {
    /**
     * Publishes, in the order of the calls. While there is no connection it waits for one.
     *
     * @throws {PipelyError} where it is refused, or it is not known whether it has arrived (`network`,
     *     `timeout`), or too many wait already (`queue_full`), or the channel is closed (`closed`)
     */
    publish(type: string, payload?: unknown, options?: PublishOptions): Promise<Receipt>;
}
/** A place in a channel, from `join` to its end. Iterating it gives its messages. */
export interface Channel extends Publisher, AsyncIterable<Message> {
    readonly id: string;
    /** One's own id, in the spelling that the channel has it in. */
    readonly clientId: string;
    /** Who is in the channel, in order of joining; with `presence: "none"` oneself alone. */
    readonly members: readonly string[];
    readonly state: State;
    /** Where it is closed: why. */
    readonly reason: Reason | undefined;
    /** Fulfilled once it is open for the first time, rejected where it is closed before. */
    readonly ready: Promise<void>;
    /** Whether somebody of this id is in the channel: case does not count, as on the server. */
    has(clientId: string): boolean;
    /** Has a function called for each such event. The result ends that. */
    on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void;
    /** Publishes to these members alone. */
    to(...clientIds: string[]): Publisher;
    /**
     * Leaves, so that the others see it at once; what was published before goes out first, where there
     * is a connection. It may be called while a page closes. It does not fail: where the server cannot
     * be told, it sees by itself that the client is gone, a little later.
     */
    leave(): Promise<void>;
}
/** How the client behaves; all of it may be given to `new Pipely` and, for one channel, to `join`. */
export interface Options {
    /** Further headers of each request, for an application that decides who may do what. */
    headers?: Record<string, string>;
    /** Whether one's own messages come back; by default they do. */
    echo?: boolean;
    /** How many publications may wait for a connection; 256 by default. */
    queue?: number;
    /** How many milliseconds pass between tries to connect. The server may ask for more. */
    backoff?: {
        /** Up to so many at first; 1,000 by default. */
        min?: number;
        /** Up to so many later on; 30,000 by default. */
        max?: number;
        /** A connection that has lasted so long was a good one: begin with `min` again; 10,000 by default. */
        stable?: number;
    };
    /** After how many milliseconds without an answer to give a request up; 20,000 by default. */
    timeout?: number;
    /**
     * After how many milliseconds without a sign of life to give a connection up; 100,000 by default,
     * which is two of the server's heartbeats and some.
     */
    silence?: number;
    /** What to use in place of the global `fetch`. */
    fetch?: typeof fetch;
}
export interface JoinOptions extends Options {
    clientId: string;
    /** The channel's, or a function that asks for it, which is called once. */
    password?: string | (() => string | Promise<string>);
    /** How many of the newest messages to begin with. */
    history?: number;
    /**
     * Whether a page that is loaded again goes on after the last event that the page before it has had, as far as the
     * server keeps them, and not with `history`; by default it begins anew.
     */
    resume?: boolean;
    /** `none`: do not be told who comes and goes. */
    presence?: "none";
    /** The secret that makes this client the same member whenever it comes back; by default made and kept. */
    token?: string;
    /** Closes the channel without leaving: to the others it is as if the connection were lost. */
    signal?: AbortSignal;
}
/** What went wrong. */
export declare class PipelyError extends Error {
    /**
     * For programs: the server's word for a refusal (`wrong_password`); or `http` where the answer was
     * not Pipely's, `network`, `timeout`, `queue_full`, `overflow`, `password`, `closed`.
     */
    readonly code: string;
    /** The status of the answer; 0 where there was none. */
    readonly status: number;
    constructor(code: string, message: string, status?: number, options?: ErrorOptions);
}
/** A Pipely server, and how to behave towards it. */
export declare class Pipely {
    #private;
    /**
     * A server; nothing is asked of it yet.
     *
     * @param url where its `/subscribe` is, such as `https://example.org/pipely`; by default the root
     *     of the page's own server
     */
    constructor(url?: string, options?: Options);
    /** Joins a channel, or creates it, and stays in it until it is left or refused. */
    join(channelId: string, options: JoinOptions): Channel;
}
