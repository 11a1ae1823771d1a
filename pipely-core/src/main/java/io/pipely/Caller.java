package io.pipely;

import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, as far as the transport can tell: what an {@link Authorizer} looks at. Safe
 * for use by several threads until the request is answered.
 */
public interface Caller {

  /** The application itself: it has no headers and no address. */
  Caller APPLICATION =
      new Caller() {
        @Override
        public @Nullable String header(String name) {
          return null;
        }

        @Override
        public @Nullable String address() {
          return null;
        }

        @Override
        public String toString() {
          return "application";
        }
      };

  /** The value of a header by its name, in any case; the first where there are several. */
  @Nullable String header(String name);

  /**
   * The IP address that the request came from, as text: that of the nearest proxy where there is
   * one. Null where it is not known.
   */
  @Nullable String address();
}
