package io.pipely.redis;

/** Where channels may be, on one server or several. */
interface TestStore extends AutoCloseable {

  /** For nodes. */
  String uri();

  @Override
  void close();
}
