/** Pipely inside an application: a tutorial in one file. */
@NullMarked
package io.pipely.example.embedded;

import org.jspecify.annotations.NullMarked;
