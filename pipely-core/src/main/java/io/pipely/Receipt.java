package io.pipely;

/**
 * What a publisher learns.
 *
 * @param recipients how many members the event is for, the publisher included where it is one
 */
public record Receipt(int recipients) {}
