package io.pipely.jetty;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace at the end of a link that can be cut, so that neither end is told: packets
 * are lost, and no FIN or RST comes. Needs Linux, root, and {@code ip} of iproute2.
 */
final class CutLink implements AutoCloseable {

  private static final Path IP = Path.of("/usr/sbin/ip");

  private final int number;
  private final String name;
  private final String subnet;
  private final List<Process> processes = new ArrayList<>();

  private CutLink(int number) {
    this.number = number;
    this.name = "pipely" + ProcessHandle.current().pid() % 100_000 + number;
    this.subnet = subnet(number);
  }

  private static String subnet(int number) {
    return "10.213." + number + ".";
  }

  private static boolean isThere(String subnet) throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .anyMatch(address -> address.getHostAddress().startsWith(subnet));
  }

  /** Whether there can be one. */
  static boolean isPossible() {
    return Files.isExecutable(IP)
        && "root".equals(System.getProperty("user.name"))
        && Files.isWritable(Path.of("/proc/sys/net/ipv4/tcp_retries2"));
  }

  /** Lays one, beside those that there are, be they left over by a process that was killed. */
  static CutLink lay() throws IOException, InterruptedException {
    int number = 1;
    while (isThere(subnet(number))) {
      number++;
    }
    CutLink link = new CutLink(number);
    try {
      String there = link.name;
      link.ip("netns add " + there);
      link.ip("link add " + link.near() + " type veth peer name eth0 netns " + there);
      link.ip("address add " + link.address() + "/24 dev " + link.near());
      link.ip("link set " + link.near() + " up");
      link.ip("-n " + there + " address add " + link.subnet + "2/24 dev eth0");
      link.ip("-n " + there + " link set eth0 up");
      return link;
    } catch (Throwable e) {
      link.close();
      throw e;
    }
  }

  /** Unlike that of any other that there is. */
  int number() {
    return number;
  }

  /** The near end's address, at which the far end finds this machine. */
  String address() {
    return subnet + "1";
  }

  private String near() {
    return name;
  }

  /** Opens a stream at the far end, by a process that reads all and throws it away. */
  void open(int port, String path) throws IOException {
    String request = "GET " + path + " HTTP/1.1\\r\\nHost: " + address() + "\\r\\n\\r\\n";
    String script =
        ("exec 3<>/dev/tcp/" + address() + "/" + port + " && printf '" + request + "' >&3")
            + " && exec cat <&3 >/dev/null";
    processes.add(
        new ProcessBuilder(IP.toString(), "netns", "exec", name, "bash", "-c", script)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  void cut() throws IOException, InterruptedException {
    ip("-n " + name + " link set eth0 down");
  }

  private void ip(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(IP.toString()));
    command.addAll(List.of(arguments.split(" ", -1)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("ip " + arguments + ": " + output);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    processes.forEach(Process::destroyForcibly);
    for (Process process : processes) {
      process.waitFor();
    }
    // In this order: with the far end its name space would take the near one, a little later.
    if (Files.exists(Path.of("/sys/class/net", near()))) {
      ip("link delete " + near());
    }
    if (Files.exists(Path.of("/var/run/netns", name))) {
      ip("netns delete " + name);
    }
  }
}
