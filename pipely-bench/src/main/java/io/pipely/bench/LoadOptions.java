package io.pipely.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the load bench is told.
 *
 * @param url where the server, or what Pipely is mounted at in it, is; without a slash at the end
 * @param publishUrl the same of the node that is published at, where it is another one
 * @param streams how many event streams are opened, spread over the channels
 * @param channels at most as many as streams, so that none is without members
 * @param time how long events are published
 * @param payload bytes of each event's payload
 * @param subscribe the path of a stream, with {channel} and {client} in the places of the ids
 * @param publish the path of a publication, {channel} being the channel's id
 * @param process the server, whose CPU time is to be told
 * @param publishers connections by which events are published, each with one request at a time
 * @param svg where to draw the latencies
 * @param hgrm where to write HdrHistogram's percentiles
 */
record LoadOptions(
    URI url,
    URI publishUrl,
    int streams,
    int channels,
    Pace pace,
    Duration time,
    int payload,
    int publishers,
    String subscribe,
    String publish,
    Optional<ProcessHandle> process,
    Optional<Path> svg,
    Optional<Path> hgrm) {

  static final String USAGE =
      """
      java -jar pipely-bench.jar load [options]
        --url URL        the server, http://127.0.0.1:6550 if not given
        --publish-url URL another node of it to publish at, the same server if not given
        --remote         allows a server on another machine; ask whose it is first
        --streams N      event streams to open, 1000 if not given
        --channels N     channels over which they are spread, 1 if not given
        --rate N         events a second, over all channels, 20 if not given
        --window N       instead of a rate: N events outstanding, as fast as the server goes
        --seconds N      how long to publish, 10 if not given
        --payload N      bytes of each payload, 100 if not given
        --publishers N   connections to publish by, each with one request at a time, 1 if not given
        --subscribe PATH another server's, /subscribe?channelId={channel}&clientId={client} if not given
        --publish PATH   another server's, /publish if not given; {channel} stands for the id
        --pid N          the server's process on this machine, to tell its CPU time
        --svg FILE       draws the latencies
        --hgrm FILE      writes HdrHistogram's percentiles, in ms
        --help           prints this
      Exit code: 0 all was delivered, 1 something was lost or refused, 2 an option is wrong.\
      """;

  private static final int ALWAYS_ENOUGH = 1_000_000;

  private static final Option<URI> URL =
      new Option<>("--url", "a URL like http://127.0.0.1:6550", Target::url);
  private static final Option<URI> PUBLISH_URL =
      new Option<>("--publish-url", URL.mustBe(), Target::url);
  private static final Option<Integer> STREAMS = Option.number("--streams", 1, ALWAYS_ENOUGH);
  private static final Option<Integer> CHANNELS = Option.number("--channels", 1, ALWAYS_ENOUGH);
  private static final Option<Integer> RATE = Option.number("--rate", 1, ALWAYS_ENOUGH);
  private static final Option<Integer> WINDOW = Option.number("--window", 1, 10_000);
  private static final Option<Integer> SECONDS = Option.number("--seconds", 1, 86_400);
  private static final Option<Integer> PAYLOAD =
      Option.number("--payload", Message.MIN_PAYLOAD, ALWAYS_ENOUGH);
  private static final Option<Integer> PUBLISHERS = Option.number("--publishers", 1, 10_000);
  private static final Option<String> SUBSCRIBE = path("--subscribe");
  private static final Option<String> PUBLISH = path("--publish");
  private static final Option<ProcessHandle> PID =
      new Option<>(
          "--pid",
          "the number of a process that runs",
          text ->
              ProcessHandle.of(Long.parseLong(text))
                  .orElseThrow(() -> new IllegalArgumentException(text)));
  private static final Option<Path> SVG = file("--svg");
  private static final Option<Path> HGRM = file("--hgrm");

  private static final String REMOTE = "--remote";

  private static final Set<String> WITH_VALUE =
      Stream.of(
              URL,
              PUBLISH_URL,
              STREAMS,
              CHANNELS,
              RATE,
              WINDOW,
              SECONDS,
              PAYLOAD,
              PUBLISHERS,
              SUBSCRIBE,
              PUBLISH,
              PID,
              SVG,
              HGRM)
          .map(Option::name)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * Reads them.
   *
   * @throws InvalidOptionException where one of them is wrong
   */
  static LoadOptions of(List<String> arguments) {
    Map<String, String> texts = split(arguments);
    URI url = URL.in(texts).orElse(Target.DEFAULT);
    LoadOptions options =
        new LoadOptions(
            url,
            PUBLISH_URL.in(texts).orElse(url),
            STREAMS.in(texts).orElse(1000),
            CHANNELS.in(texts).orElse(1),
            pace(texts),
            Duration.ofSeconds(SECONDS.in(texts).orElse(10)),
            PAYLOAD.in(texts).orElse(100),
            PUBLISHERS.in(texts).orElse(1),
            SUBSCRIBE.in(texts).orElse("/subscribe?channelId={channel}&clientId={client}"),
            PUBLISH.in(texts).orElse("/publish"),
            PID.in(texts),
            SVG.in(texts),
            HGRM.in(texts));
    if (options.channels > options.streams) {
      throw new InvalidOptionException(
          CHANNELS.name() + " must be at most the number of streams, " + options.streams);
    }
    if (!texts.containsKey(REMOTE)) {
      requireLoopback(URL, options.url);
      requireLoopback(PUBLISH_URL, options.publishUrl);
    }
    return options;
  }

  private static void requireLoopback(Option<URI> option, URI url) {
    if (!Target.isLoopback(url)) {
      throw new InvalidOptionException(
          option.name() + " must be of this machine, unless " + REMOTE + " is given: " + url);
    }
  }

  private static Pace pace(Map<String, String> texts) {
    Optional<Integer> rate = RATE.in(texts);
    Optional<Integer> window = WINDOW.in(texts);
    if (rate.isPresent() && window.isPresent()) {
      throw new InvalidOptionException(WINDOW.name() + " must not be given with " + RATE.name());
    }
    return window.<Pace>map(Pace.Window::new).orElseGet(() -> new Pace.Rate(rate.orElse(20)));
  }

  private static Map<String, String> split(List<String> arguments) {
    Map<String, String> texts = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.get(i);
      String value = "";
      if (WITH_VALUE.contains(name)) {
        if (++i == arguments.size()) {
          throw new InvalidOptionException(name + " must be followed by a value");
        }
        value = arguments.get(i);
      } else if (!name.equals(REMOTE)) {
        throw new InvalidOptionException(
            "'" + Option.printable(name) + "' is not an option; --help lists them");
      }
      if (texts.put(name, value) != null) {
        throw new InvalidOptionException(name + " must not be given twice");
      }
    }
    return texts;
  }

  private static Option<String> path(String name) {
    return new Option<>(
        name,
        "a path that begins with a slash",
        text -> {
          if (!text.startsWith("/")) {
            throw new IllegalArgumentException(text);
          }
          var unused = URI.create("http://localhost" + pathOf(text, "channel-0000", "client"));
          return text;
        });
  }

  /** The path of a stream. */
  String subscribe(String channelId, String clientId) {
    return pathOf(subscribe, channelId, clientId);
  }

  /** The path of publications to a channel. */
  String publish(String channelId) {
    return pathOf(publish, channelId, "");
  }

  private static String pathOf(String template, String channelId, String clientId) {
    return template.replace("{channel}", channelId).replace("{client}", clientId);
  }

  /** Seen to before the run, since afterwards its result would be lost. */
  private static Option<Path> file(String name) {
    return new Option<>(
        name,
        "a file in a directory that exists",
        text -> {
          Path file = Path.of(text).toAbsolutePath();
          Path directory = file.getParent();
          if (directory == null
              || !directory.toFile().isDirectory()
              || file.toFile().isDirectory()) {
            throw new IllegalArgumentException(text);
          }
          return file;
        });
  }

  /** In one line, for a title. */
  String title() {
    return streams
        + (streams == 1 ? " stream in " : " streams in ")
        + channels
        + (channels == 1 ? " channel, " : " channels, ")
        + pace.text()
        + ", "
        + payload
        + " bytes, "
        + time.toSeconds()
        + " s";
  }
}
