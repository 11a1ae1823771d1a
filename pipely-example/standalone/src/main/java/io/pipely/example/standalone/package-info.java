/** Pipely as a server of its own, run by {@code java -jar pipely.jar}, with a chat page. */
@NullMarked
package io.pipely.example.standalone;

import org.jspecify.annotations.NullMarked;
