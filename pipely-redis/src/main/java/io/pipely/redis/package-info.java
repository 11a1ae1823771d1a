/** The same channels on many nodes, over Redis: {@link io.pipely.redis.RedisLedger}. */
@NullMarked
package io.pipely.redis;

import org.jspecify.annotations.NullMarked;
