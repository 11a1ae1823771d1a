package io.pipely.redis;

import io.pipely.spi.Seat;

/**
 * A seat in the row of those of its channel.
 *
 * @param order the channel's version once the seat was taken
 */
record Place(long order, Seat seat) {}
