package io.pipely;

/**
 * What a publisher learns.
 *
 * @param recipients how many members the event is for, the publisher included where it is one of
 *     them
 * @param eventId the event's {@link Event#id}
 */
public record Receipt(int recipients, String eventId) {}
