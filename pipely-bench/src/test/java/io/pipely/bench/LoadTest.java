package io.pipely.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Pipely;
import io.pipely.jetty.PipelyServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;

/** The command, as it is given, against a server on this machine. */
class LoadTest {

  private final PipelyServer server =
      PipelyServer.builder(Pipely.create())
          .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .start();
  private final String url = server.uri().toString();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    server.close();
  }

  private int load(String... options) throws InterruptedException {
    return loadOn(url, options);
  }

  private int loadOn(String url, String... options) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of("--url", url));
    all.addAll(List.of(options));
    return Load.run(
        all,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** The two numbers of a line such as "delivered 3 of 4". */
  private List<Long> numbers(String line) {
    Matcher matcher = Pattern.compile("(?m)^" + line + " +(\\d+) of (\\d+)").matcher(out());
    assertTrue(matcher.find(), out());
    return List.of(Long.valueOf(matcher.group(1)), Long.valueOf(matcher.group(2)));
  }

  @Test
  void everythingIsDeliveredAtTheServersPaceAndIsDrawn(@TempDir Path directory) throws Exception {
    Path svg = directory.resolve("latency.svg");
    Path hgrm = directory.resolve("latency.hgrm");
    String[] options = {
      "--streams", "7", "--channels", "3", "--window", "4", "--publishers", "2", "--seconds", "1"
    };
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--svg", svg.toString(), "--hgrm", hgrm.toString()));

    assertEquals(0, load(all.toArray(String[]::new)), () -> out() + err());

    assertEquals(List.of(7L, 7L), numbers("joined"));
    List<Long> published = numbers("published");
    assertEquals(published.get(1), published.get(0));
    assertTrue(published.get(0) >= 4, out());
    List<Long> delivered = numbers("delivered");
    assertEquals(delivered.get(1), delivered.get(0));
    assertTrue(delivered.get(0) > published.get(0), out());
    assertTrue(out().contains("deliveries/s") && out().contains("p99.9 "), out());
    assertEquals("", err());

    List<String> texts = texts(svg);
    assertTrue(texts.containsAll(List.of("0", "90", "99", "99.9", "99.99")), texts::toString);
    assertTrue(texts.contains("percentile of deliveries"), texts::toString);
    assertTrue(texts.contains("latency in ms"), texts::toString);
    String title = "Pipely: 7 streams in 3 channels, 4 events outstanding, 100 bytes, 1 s";
    assertTrue(texts.contains(title), texts::toString);
    assertTrue(Files.readString(hgrm).contains("Total count    =" + padded(delivered.get(0))));
  }

  @Test
  void anotherServersPathsAreAskedForAndItsCpuTimeIsTold() throws Exception {
    String pid = "" + ProcessHandle.current().pid();
    String path = "/subscribe?clientId={client}&channelId={channel}";
    String[] options = {
      "--streams", "5", "--window", "2", "--seconds", "1", "--pid", pid, "--subscribe", path
    };

    assertEquals(0, load(options), () -> out() + err());

    assertTrue(
        Pattern.compile("(?m)^server CPU +\\d+\\.\\d\\d us a delivery$").matcher(out()).find(),
        out());
  }

  @Test
  void aWrongPathIsToldByItsAnswers() throws Exception {
    assertEquals(1, load("--streams", "2", "--seconds", "1", "--publish", "/nowhere"));
    assertTrue(out().contains("publication refused: 404"), out());
  }

  private static String padded(long count) {
    return String.format("%13d", count);
  }

  private static List<String> texts(Path svg) throws Exception {
    NodeList nodes =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(svg.toFile())
            .getElementsByTagName("text");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  @Test
  void asManyEventsArePublishedAsTheRateSays() throws Exception {
    assertEquals(0, load("--streams", "3", "--rate", "50", "--seconds", "1"), () -> out() + err());
    assertEquals(List.of(50L, 50L), numbers("published"));
    assertEquals(List.of(150L, 150L), numbers("delivered"));
  }

  @Test
  void largePayloadsInManyChunksAreFoundToo() throws Exception {
    String[] options = {"--streams", "2", "--window", "2", "--seconds", "1", "--payload", "60000"};
    assertEquals(0, load(options), () -> out() + err());
  }

  @Test
  void aRefusedPublicationIsToldOf() throws Exception {
    assertEquals(1, load("--streams", "2", "--seconds", "1", "--payload", "100000"));
    assertTrue(out().contains("1 x publication refused: 413 body_too_large"), out());
  }

  @Test
  void aServerThatIsNotThereIsToldOf() throws Exception {
    server.close();
    assertEquals(1, load("--streams", "2", "--seconds", "1"));
    assertEquals(List.of(0L, 2L), numbers("joined"));
    assertTrue(out().contains("2 x stream failed: java.net.ConnectException"), out());
  }

  @Test
  void aServerThatEndsMeanwhileIsToldOf() throws Exception {
    CountDownLatch published = new CountDownLatch(2); // The first one is not measured.
    PipelyServer ending =
        PipelyServer.builder(counting(Pipely.create(), published))
            .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .start();
    Thread end =
        new Thread(
            () -> {
              await(published);
              ending.close();
            });
    end.start();
    assertEquals(1, loadOn(ending.uri().toString(), "--streams", "2", "--seconds", "1"));
    end.join();
    assertEquals(List.of(2L, 2L), numbers("joined"));
    assertTrue(out().contains("2 x stream closed by the server"), out());
    assertEquals(40L, numbers("delivered").get(1));
  }

  /** Counts what is published, when it has been. */
  private static Pipely counting(Pipely pipely, CountDownLatch published) {
    return (Pipely)
        Proxy.newProxyInstance(
            LoadTest.class.getClassLoader(),
            new Class<?>[] {Pipely.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(pipely, arguments);
              if (method.getName().equals("publish")) {
                published.countDown();
              }
              return result;
            });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aWrongOptionIsOneLineAndExitCodeTwo() throws Exception {
    assertEquals(2, load("--streams", "none"));
    assertEquals("", out());
    assertEquals("--streams must be a whole number from 1 to 1000000, not 'none'", err().strip());
  }

  @Test
  void helpListsTheOptions() throws Exception {
    assertEquals(0, load("--help"));
    assertTrue(out().contains("--window N"), out());
  }
}
