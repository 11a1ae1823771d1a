/**
 * The load bench, and the entry to it and to the benchmarks: {@code java -jar pipely-bench.jar}.
 */
@NullMarked
package io.pipely.bench;

import org.jspecify.annotations.NullMarked;
