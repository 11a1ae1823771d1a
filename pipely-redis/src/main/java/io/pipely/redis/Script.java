package io.pipely.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What Redis does as a whole. The texts are beside this class, each saying what it does. */
enum Script {
  COMMIT("commit.lua", ScriptOutputType.INTEGER),
  READ("read.lua", ScriptOutputType.MULTI),
  RESTORE("restore.lua", ScriptOutputType.INTEGER),
  FORGET("forget.lua", ScriptOutputType.INTEGER);

  private final String text;
  private final String digest;
  private final ScriptOutputType output;

  Script(String file, ScriptOutputType output) {
    try (InputStream stream = Script.class.getResourceAsStream(file)) {
      if (stream == null) {
        throw new IllegalStateException("not on the class path: " + file);
      }
      byte[] bytes = stream.readAllBytes();
      text = new String(bytes, StandardCharsets.UTF_8);
      digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
    this.output = output;
  }

  /** Runs it by its digest; if Redis does not know it yet, nothing has happened: by its text. */
  <T> CompletableFuture<T> run(
      RedisAsyncCommands<String, byte[]> redis, List<String> keys, List<byte[]> arguments) {
    String[] names = keys.toArray(new String[0]);
    byte[][] values = arguments.toArray(new byte[0][]);
    return redis
        .<T>evalsha(digest, output, names, values)
        .toCompletableFuture()
        .exceptionallyCompose(
            failure ->
                Failures.cause(failure) instanceof RedisNoScriptException
                    ? redis.<T>eval(text, output, names, values).toCompletableFuture()
                    : CompletableFuture.failedFuture(failure));
  }
}
