/**
 * What an application uses: open a {@link io.pipely.Pipely}, join channels with a {@link
 * io.pipely.Subscriber}, publish.
 */
@NullMarked
package io.pipely;

import org.jspecify.annotations.NullMarked;
