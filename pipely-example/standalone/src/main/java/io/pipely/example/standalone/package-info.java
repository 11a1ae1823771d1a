/** Pipely as a server of its own, run by {@code java -jar pipely.jar}, with pages to play with. */
@NullMarked
package io.pipely.example.standalone;

import org.jspecify.annotations.NullMarked;
