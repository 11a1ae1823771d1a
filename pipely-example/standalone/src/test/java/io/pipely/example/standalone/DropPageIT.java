package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.options.FilePayload;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The drop: what arrives is what was sent, whichever way it went. */
class DropPageIT extends Demos {

  /** Not a multiple of anything that the page counts in. */
  private static final int SIZE = 1024 * 1024 + 7;

  /** What it has of them, each of 24 KiB. */
  private static final int CHUNKS = 43;

  /** What is learnt of the other one's addresses is forgotten, so no connection comes about. */
  private static final String CUT_OFF =
      """
      const set = RTCPeerConnection.prototype.setRemoteDescription;
      RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
        return set.call(this, { type, sdp: sdp.replace(/a=candidate:.*\\r\\n/g, "") });
      };
      """;

  /** So many chunks have a way to go directly. */
  private static final int DIRECT = 12;

  /** After these nothing arrives, and nobody is told so, as where a cable is pulled. */
  private static final String FALLS_SILENT =
      """
      const send = RTCDataChannel.prototype.send;
      let sent = 0;
      RTCDataChannel.prototype.send = function (data) {
        if (sent++ < %d) send.call(this, data);
      };
      """
          .formatted(DIRECT);

  /** After these the channel is closed, by whoever sends, once the test lets the file go on. */
  private static final String BREAKS =
      """
      const read = Blob.prototype.arrayBuffer;
      const mayGoOn = new Promise((goOn) => (window.goOn = goOn));
      Blob.prototype.arrayBuffer = async function () {
        if (sent >= %1$d) await mayGoOn;
        return read.call(this);
      };
      const send = RTCDataChannel.prototype.send;
      let sent = 0;
      RTCDataChannel.prototype.send = function (data) {
        if (sent++ < %1$d) send.call(this, data);
        else this.close();
      };
      """
          .formatted(DIRECT);

  private static final String SAID = ", and its SHA-256 is right.";

  @Test
  void aFileGoesDirectly() throws Exception {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "");
    assertThat(ann.page().locator("#file")).isDisabled();
    ann.screenshot("drop-alone");
    DropWindow bob = enter(Screen.PHONE, "Bob", "");
    byte[] content = content(1);
    ann.expectReady("Bob");
    ann.give("holiday.jpg", content);
    ann.expectFile("holiday.jpg", "Waiting for Bob to take it.");
    bob.expectFile("holiday.jpg", "Ann has it for you.");
    ann.screenshot("drop-offer");
    bob.screenshot("drop-offer");
    bob.take();
    bob.expectFile("holiday.jpg", "It came directly" + SAID);
    ann.expectFile("holiday.jpg", "Bob has it.");
    bob.screenshot("drop-arrived");
    assertSame(content, bob.save("holiday.jpg"));
  }

  @Test
  void aFileGoesThroughPipelyWhereThatIsAskedFor() throws Exception {
    DropWindow ann = enter(Screen.DESKTOP_DARK, "Ann", "?relay");
    DropWindow bob = enter(Screen.PHONE_DARK, "Bob", "");
    byte[] content = content(2);
    ann.expectReady("Bob");
    ann.give("plan.pdf", content);
    bob.take();
    bob.expectFile("plan.pdf", "It came through Pipely" + SAID);
    ann.expectFile("plan.pdf", "Bob has it.");
    assertSame(content, bob.save("plan.pdf"));

    byte[] back = content(3); // The other way it goes directly, but for the one who asks.
    bob.give("reply.pdf", back);
    ann.take();
    ann.expectFile("reply.pdf", "It came through Pipely" + SAID);
    assertSame(back, ann.save("reply.pdf"));
    ann.screenshot("drop-arrived");
    bob.screenshot("drop-arrived");
  }

  @Test
  void aFileGoesThroughPipelyWhereTheTwoCannotConnect() throws Exception {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "", CUT_OFF);
    DropWindow bob = enter(Screen.DESKTOP, "Bob", "", CUT_OFF);
    byte[] content = content(4);
    ann.expectReady("Bob");
    ann.give("plan.pdf", content);
    bob.take();
    bob.expectFile("plan.pdf", "It came through Pipely" + SAID);
    assertSame(content, bob.save("plan.pdf"));
  }

  /** And nothing of what has arrived is sent again. */
  @Test
  void aFileGoesOnThroughPipelyWhereTheDataChannelFallsSilent() throws Exception {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "", FALLS_SILENT);
    assertEquals(CHUNKS - DIRECT, relayedOnceItBreaks(ann));
  }

  /** But for what was under way. */
  @Test
  void aFileGoesOnThroughPipelyWhereTheDataChannelBreaks() throws Exception {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "", BREAKS);
    int relayed = relayedOnceItBreaks(ann);
    assertTrue(CHUNKS - DIRECT <= relayed && relayed <= CHUNKS - DIRECT + 8, () -> "" + relayed);
  }

  /** How many chunks, where all of the file is to arrive. */
  private int relayedOnceItBreaks(DropWindow ann) throws Exception {
    DropWindow bob = enter(Screen.PHONE, "Bob", "");
    AtomicInteger relayed = ann.countPublications("chunk");
    byte[] content = content(6);
    ann.expectReady("Bob");
    ann.give("film.mp4", content);
    bob.take();
    bob.expectFile("film.mp4", "On its way, directly.");
    bob.screenshot("drop-under-way");
    ann.goOn();
    bob.expectFile("film.mp4", "It came through Pipely" + SAID);
    ann.expectFile("film.mp4", "Bob has it.");
    assertSame(content, bob.save("film.mp4"));
    return relayed.get();
  }

  @Test
  void requestsThatFailDoNoHarm() throws Exception {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "?relay");
    DropWindow bob = enter(Screen.DESKTOP, "Bob", "?relay");
    AtomicInteger failures = ann.failEach(10);
    bob.failEach(15);
    byte[] content = content(5);
    ann.expectReady("Bob");
    ann.give("plan.pdf", content);
    bob.take();
    bob.expectFile("plan.pdf", "It came through Pipely" + SAID);
    ann.expectFile("plan.pdf", "Bob has it.");
    assertSame(content, bob.save("plan.pdf"));
    assertTrue(failures.get() >= 4, failures::toString);
  }

  @Test
  void anEmptyFileIsAFileToo() throws Exception {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "");
    DropWindow bob = enter(Screen.DESKTOP, "Bob", "");
    ann.expectReady("Bob");
    ann.give("nothing.txt", new byte[0]);
    bob.take();
    bob.expectFile("nothing.txt", "It came empty" + SAID);
    assertEquals(0, bob.save("nothing.txt").length);
  }

  @Test
  void bothCanThinkBetterOfIt() {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "");
    DropWindow bob = enter(Screen.DESKTOP, "Bob", "");
    ann.expectReady("Bob");
    ann.give("one.txt", new byte[1]);
    bob.cancel();
    ann.expectFile("one.txt", "Bob has cancelled it.");
    ann.give("two.txt", new byte[1]);
    bob.expectFile("two.txt", "Ann has it for you.");
    ann.cancel();
    bob.expectFile("two.txt", "Ann has cancelled it.");
    ann.give("three.txt", new byte[1]);
    bob.expectFile("three.txt", "Ann has it for you.");
    ann.leave();
    bob.expectFile("three.txt", "Ann has left.");
    assertThat(bob.page().locator("#file")).isDisabled();
  }

  @Test
  void onlyTheOneWhoIsChosenGetsIt() {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "");
    DropWindow bob = enter(Screen.DESKTOP, "Bob", "");
    DropWindow carol = enter(Screen.PHONE, "Carol", "");
    ann.expectMembers("Ann", "Bob", "Carol");
    ann.page().locator("#target").selectOption("Carol");
    ann.give("secret.txt", new byte[1]);
    carol.take();
    ann.expectFile("secret.txt", "Carol has it.");
    ann.screenshot("drop-three");
    ann.page().locator("#target").selectOption("Bob");
    ann.give("other.txt", new byte[1]);
    bob.expectFile("other.txt", "Ann has it for you.");
    assertThat(bob.page().locator("#transfers li")).hasCount(1);
    assertThat(carol.page().locator("#transfers li")).hasCount(1);
  }

  @Test
  void theKeyboardIsEnough() {
    DropWindow ann = enter(Screen.DESKTOP, "Ann", "");
    // Early: a key may reach the page ahead of a wish to be told of choosers that is just as new.
    List<FileChooser> choosers = new CopyOnWriteArrayList<>();
    ann.page().onFileChooser(choosers::add);
    DropWindow bob = enter(Screen.DESKTOP, "Bob", "");
    ann.expectReady("Bob");
    ann.press("Tab", "Tab", "Tab", "Tab", "Tab"); // Home, the invitation, leaving, whom it is for.
    assertThat(ann.page().locator("#file")).isFocused();
    ann.press("Space");
    ann.page().waitForCondition(() -> !choosers.isEmpty());
    choosers.get(0).setFiles(new FilePayload("note.txt", "text/plain", new byte[] {1, 2, 3}));
    bob.expectFile("note.txt", "Ann has it for you.");
    bob.page().locator("#file").focus();
    bob.press("Tab");
    assertThat(bob.button("Take it")).isFocused();
    bob.press("Enter");
    bob.expectFile("note.txt", "It came directly" + SAID);
    assertThat(bob.page().locator("a[download]")).isFocused();
  }

  /** By their hashes, too, since these are what the page compares. */
  private static void assertSame(byte[] sent, byte[] saved) throws GeneralSecurityException {
    assertEquals(sha256(sent), sha256(saved));
    assertArrayEquals(sent, saved);
  }

  private static String sha256(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] content(long seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private DropWindow enter(Screen screen, String name, String query) {
    return enter(screen, name, query, "");
  }

  private DropWindow enter(Screen screen, String name, String query, String script) {
    DropWindow window = open(DropWindow::new, screen, "/drop.html" + query, script);
    window.enter(room, name, "");
    window.expectState("Connected");
    return window;
  }
}
