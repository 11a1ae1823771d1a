package io.pipely.redis;

import io.pipely.Answer;
import io.pipely.ChannelInfo;
import io.pipely.Pipely;
import io.pipely.Stats;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Two nodes as one: both are closed, and counted; what else is asked, the first one is asked. */
final class BothNodes {

  private BothNodes() {}

  static Pipely of(Pipely one, Pipely other) {
    return (Pipely)
        Proxy.newProxyInstance(
            BothNodes.class.getClassLoader(),
            new Class<?>[] {Pipely.class},
            (proxy, method, arguments) -> {
              try {
                if (method.getName().equals("stats")) {
                  return stats(one, other);
                }
                if (!method.getName().equals("close")) {
                  return method.invoke(one, arguments);
                }
                Thread thread =
                    new Thread(
                        () -> {
                          try {
                            method.invoke(other, arguments);
                          } catch (ReflectiveOperationException e) {
                            throw new IllegalStateException(e);
                          }
                        });
                thread.start();
                method.invoke(one, arguments);
                thread.join();
                return null;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Stats stats(Pipely one, Pipely other) throws Exception {
    List<ChannelInfo> channels =
        Answer.<List<ChannelInfo>>future(answer -> one.look(answer)).get(10, TimeUnit.SECONDS);
    return new Stats(channels.size(), one.stats().clients() + other.stats().clients());
  }
}
