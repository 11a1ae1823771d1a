/*! Pipely 0.1.0-SNAPSHOT | Apache-2.0 */
import type { Channel, JoinOptions, Options } from "./pipely.js";
import { Pipely } from "./pipely.js";
/**
 * A Pipely server whose channels a browser's tabs share: those of one origin that join a channel as
 * the same client are one member of it, with one connection. Otherwise it is what {@link Pipely} is.
 *
 * It takes Web Locks and `BroadcastChannel`, which pages have that came by https or from localhost.
 * Elsewhere each tab has a connection of its own, and is a client of its own, as with {@link Pipely}.
 */
export declare class TabbedPipely extends Pipely {
    #private;
    /** A server, as for {@link Pipely}; nothing is asked of it yet. */
    constructor(url?: string, options?: Options);
    /** Joins a channel, or creates it, together with the other tabs that are in it as this client. */
    join(channelId: string, options: JoinOptions): Channel;
}
