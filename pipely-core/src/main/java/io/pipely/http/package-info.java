/**
 * The wire protocol: routes, checks of requests, answers, Server-Sent Events. An adapter to a
 * server makes a {@link io.pipely.http.Request}, hands it to {@link io.pipely.http.PipelyHttp} and
 * implements {@link io.pipely.http.Responder} and {@link io.pipely.http.Sink}; it knows nothing
 * else of the protocol, and this package knows no server.
 */
@NullMarked
package io.pipely.http;

import org.jspecify.annotations.NullMarked;
