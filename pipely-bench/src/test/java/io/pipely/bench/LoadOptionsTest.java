package io.pipely.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadOptionsTest {

  private static LoadOptions of(String... arguments) {
    return LoadOptions.of(List.of(arguments));
  }

  private static void assertRefused(String why, String... arguments) {
    String line = assertThrows(InvalidOptionException.class, () -> of(arguments)).getMessage();
    assertEquals(why, line);
  }

  @Test
  void withoutOptionsTheServerOfTheReadmeIsMeantAndARateIsKept() {
    LoadOptions expected =
        new LoadOptions(
            URI.create("http://127.0.0.1:6550"),
            URI.create("http://127.0.0.1:6550"),
            1000,
            1,
            new Pace.Rate(20),
            Duration.ofSeconds(10),
            100,
            1,
            "/subscribe?channelId={channel}&clientId={client}",
            "/publish",
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertEquals(expected, of());
  }

  @Test
  void everyOptionIsRead(@TempDir Path directory) {
    String svg = directory.resolve("a.svg").toString();
    String hgrm = directory.resolve("a.hgrm").toString();
    String[] arguments = {
      "--url",
      "http://localhost:80/pipely/",
      "--publish-url",
      "http://localhost:81/pipely/",
      "--streams",
      "9",
      "--channels",
      "3",
      "--window",
      "8",
      "--seconds",
      "7",
      "--payload",
      "60",
      "--publishers",
      "5",
      "--subscribe",
      "/sub/{channel}",
      "--publish",
      "/pub/{channel}",
      "--pid",
      "" + ProcessHandle.current().pid(),
      "--svg",
      svg,
      "--hgrm",
      hgrm
    };
    LoadOptions expected =
        new LoadOptions(
            URI.create("http://localhost:80/pipely"),
            URI.create("http://localhost:81/pipely"),
            9,
            3,
            new Pace.Window(8),
            Duration.ofSeconds(7),
            60,
            5,
            "/sub/{channel}",
            "/pub/{channel}",
            Optional.of(ProcessHandle.current()),
            Optional.of(Path.of(svg)),
            Optional.of(Path.of(hgrm)));
    assertEquals(expected, of(arguments));
  }

  @Test
  void aNumberMustBeOneWithinItsBounds() {
    assertRefused("--rate must be a whole number from 1 to 1000000, not 'x'", "--rate", "x");
    assertRefused("--rate must be a whole number from 1 to 1000000, not '0'", "--rate", "0");
    assertRefused("--rate must be a whole number from 1 to 1000000, not '2.5'", "--rate", "2.5");
    assertRefused("--window must be a whole number from 1 to 10000, not ''", "--window", "");
    assertRefused("--seconds must be a whole number from 1 to 86400, not '-1'", "--seconds", "-1");
    assertRefused(
        "--streams must be a whole number from 1 to 1000000, not '99999999999'",
        "--streams",
        "99999999999");
  }

  @Test
  void aPathHasThePlacesOfTheIds() {
    LoadOptions options = of("--subscribe", "/{channel}/of/{client}", "--publish", "/{channel}");
    assertEquals("/channel-0000/of/anna", options.subscribe("channel-0000", "anna"));
    assertEquals("/channel-0000", options.publish("channel-0000"));
    assertRefused("--publish must be a path that begins with a slash, not 'p'", "--publish", "p");
    assertRefused("--publish must be a path that begins with a slash, not '/ '", "--publish", "/ ");
  }

  @Test
  void aProcessMustRun() {
    assertRefused("--pid must be the number of a process that runs, not 'x'", "--pid", "x");
    assertRefused("--pid must be the number of a process that runs, not '-1'", "--pid", "-1");
  }

  @Test
  void aPayloadHasRoomForTheMarker() {
    int min = Message.MIN_PAYLOAD;
    assertEquals(min, of("--payload", "" + min).payload());
    assertRefused(
        "--payload must be a whole number from " + min + " to 1000000, not '" + (min - 1) + "'",
        "--payload",
        "" + (min - 1));
  }

  @Test
  void aUrlIsOfHttpAndHasNothingButAPath() {
    for (String url :
        List.of("ftp://127.0.0.1", "127.0.0.1:6550", "http://", "http://u@127.0.0.1", "http:// ")) {
      assertRefused(
          "--url must be a URL like http://127.0.0.1:6550, not '" + url + "'", "--url", url);
    }
  }

  @Test
  void aServerElsewhereIsRefusedUnlessItIsMeant() {
    String elsewhere = "http://192.0.2.1:6550"; // For documentation, RFC 5737: nobody's.
    assertRefused(
        "--url must be of this machine, unless --remote is given: " + elsewhere,
        "--url",
        elsewhere);
    assertEquals(URI.create(elsewhere), of("--remote", "--url", elsewhere).url());
    assertRefused(
        "--publish-url must be of this machine, unless --remote is given: " + elsewhere,
        "--publish-url",
        elsewhere);
  }

  @Test
  void whereItIsNotSaidOtherwiseTheServerThatHasTheStreamsIsPublishedAt() {
    LoadOptions options = of("--url", "http://localhost:80");
    assertEquals(options.url(), options.publishUrl());
  }

  @Test
  void everyLoopbackAddressIsOfThisMachine() {
    for (String host : List.of("127.0.0.1", "127.1.2.3", "localhost", "[::1]")) {
      assertEquals("http://" + host, of("--url", "http://" + host).url().toString());
    }
  }

  @Test
  void whatIsNoOptionIsRefused() {
    assertRefused("'--stream' is not an option; --help lists them", "--stream", "3");
    assertRefused("'3' is not an option; --help lists them", "--remote", "3");
    assertRefused("'a?b' is not an option; --help lists them", "a\nb");
  }

  @Test
  void anOptionIsGivenOnceAndWithItsValue() {
    assertRefused("--rate must be followed by a value", "--rate");
    assertRefused("--rate must not be given twice", "--rate", "1", "--rate", "1");
  }

  @Test
  void optionsThatExcludeEachOtherAreRefused() {
    assertRefused("--window must not be given with --rate", "--rate", "1", "--window", "1");
    assertRefused(
        "--channels must be at most the number of streams, 2", "--streams", "2", "--channels", "3");
  }

  @Test
  void aFileMustBeInADirectoryThatExists(@TempDir Path directory) {
    String nowhere = directory.resolve("none").resolve("a.svg").toString();
    String why = " must be a file in a directory that exists, not '";
    assertRefused("--svg" + why + nowhere + "'", "--svg", nowhere);
    assertRefused("--hgrm" + why + directory + "'", "--hgrm", directory.toString());
  }

  @Test
  void theUsageTellsOfEveryDefault() {
    LoadOptions defaults = of();
    String usage = LoadOptions.USAGE;
    assertTrue(usage.contains(defaults.url() + " if not given"));
    assertTrue(usage.contains("to open, " + defaults.streams() + " if not given"));
    assertTrue(usage.contains("spread, " + defaults.channels() + " if not given"));
    assertTrue(usage.contains("publish, " + defaults.time().toSeconds() + " if not given"));
    assertTrue(usage.contains("payload, " + defaults.payload() + " if not given"));
  }
}
