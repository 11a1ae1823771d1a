/**
 * What a store has to offer that several nodes share, so that they have the same channels. For
 * those who write such a store; applications need to know {@link io.pipely.spi.Ledger} by name
 * only.
 */
@NullMarked
package io.pipely.spi;

import org.jspecify.annotations.NullMarked;
