package io.pipely.example.standalone;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The chat, and what all demos have in common: entering, inviting, being away, leaving. */
class ChatPageIT extends Demos {

  private static final String PASSWORD = "ein Schlüssel";

  @Test
  void twoWindowsChat() {
    ChatWindow ann = open(Screen.DESKTOP);
    ann.screenshot("chat-start");
    ann.enter(room, "Ann", PASSWORD);
    ann.expectMembers("Ann");
    ChatWindow bob = open(Screen.PHONE_DARK);
    bob.screenshot("chat-start");
    bob.enter(room, "Bob", PASSWORD);
    bob.expectMembers("Ann", "Bob");
    ann.expectMembers("Ann", "Bob");

    ann.say("Hello Bob, can you hear me?");
    bob.expectSaid("Ann", "Hello Bob, can you hear me?");
    ann.expectSaid("Ann", "Hello Bob, can you hear me?");
    bob.say("Loud and clear 👍 — здравствуй");
    ann.expectSaid("Bob", "Loud and clear 👍 — здравствуй");
    bob.expectSaid("Bob", "Loud and clear 👍 — здравствуй");
    ann.screenshot("chat");
    bob.screenshot("chat");
    bob.showMembers();
    bob.screenshot("chat-members");
    bob.hideMembers();

    bob.leave();
    ann.expectMembers("Ann");
    ann.expectInLog("Bob joined", "Bob left");
    ann.say("Anybody there?");
    ann.expectSaid("Ann", "Anybody there?");
  }

  @Test
  void whoComesLateSeesWhatWasSaid() {
    ChatWindow ann = enter(Screen.DESKTOP_DARK, "Ann", "");
    ann.say("It began like this.");
    ann.expectSaid("Ann", "It began like this.");
    ChatWindow bob = enter(Screen.PHONE, "Bob", "");
    bob.expectInLog("It began like this.");
    bob.screenshot("chat-late");
  }

  @Test
  void aWrongPasswordIsRefusedInTheServersWords() {
    enter(Screen.DESKTOP, "Ann", PASSWORD);
    ChatWindow bob = open(Screen.PHONE);
    bob.enter(room, "Bob", "a guess");
    bob.expectRefused("invalid channel password");
    assertThat(bob.page().locator("#password")).isFocused();
    bob.screenshot("chat-refused");
    bob.enter("Bob", PASSWORD);
    bob.expectMembers("Ann", "Bob");
  }

  @Test
  void aNameThatIsTakenIsRefusedInTheServersWords() {
    ChatWindow ann = enter(Screen.DESKTOP, "Ann", "");
    ChatWindow other = open(Screen.DESKTOP_DARK);
    other.enter(room, "ANN", "");
    other.expectRefused("client id already used in channel");
    other.screenshot("chat-refused");
    other.enter("Anna", "");
    other.expectMembers("Ann", "Anna");
    ann.expectMembers("Ann", "Anna");
  }

  @Test
  void whatCannotBeARoomOrANameIsSaidAtOnce() {
    ChatWindow ann = open(Screen.PHONE);
    ann.enter("too short", "Ann", "");
    ann.expectRefused("A room has exactly twelve characters.");
    ann.enter(room, "An", "");
    ann.expectRefused("A name has at least three characters.");
  }

  @Test
  void whoReloadsLeavesAndFindsTheRoomAgain() {
    ChatWindow ann = enter(Screen.DESKTOP, "Ann", PASSWORD);
    ChatWindow bob = enter(Screen.DESKTOP, "Bob", PASSWORD);
    ann.expectMembers("Ann", "Bob");
    bob.reload();
    ann.expectMembers("Ann");
    bob.expectRoom(room);
    assertThat(bob.page().locator("#name")).hasValue("Bob");
    assertThat(bob.page().locator("#password")).hasValue("");
    bob.enter("Bob", PASSWORD);
    bob.expectMembers("Ann", "Bob");
    ann.say("welcome back");
    bob.expectSaid("Ann", "welcome back");
  }

  @Test
  void theInvitationLeadsIntoTheRoomAndKeepsThePassword() {
    ChatWindow ann = enter(Screen.DESKTOP, "Ann", PASSWORD);
    String link = ann.invitation();
    assertEquals(address("/chat.html#room=" + room), link);
    assertThat(ann.page()).hasURL(link);

    ChatWindow bob = open(ChatWindow::new, Screen.PHONE, link.substring(address("").length()));
    bob.expectRoom(room);
    assertThat(bob.page().locator("#password")).hasValue("");
    bob.enter("Bob", PASSWORD);
    ann.expectMembers("Ann", "Bob");
    bob.showMembers();
    assertEquals(link, bob.invitation());
  }

  @Test
  void whoIsOfflineIsToldSoAndSendsWhenBack() {
    ChatWindow ann = enter(Screen.DESKTOP, "Ann", "");
    ChatWindow bob = enter(Screen.PHONE_DARK, "Bob", "");
    bob.expectState("Connected");
    bob.setOffline(true);
    bob.expectState("Connection lost");
    bob.say("on the train");
    bob.expectWaiting("on the train");
    bob.screenshot("chat-offline");
    bob.setOffline(false);
    ann.expectSaid("Bob", "on the train");
    bob.expectSaid("Bob", "on the train");
    bob.expectWaiting();
    bob.expectState("Connected");
  }

  @Test
  void whatIsSaidIsTextAndNeverMarkup() {
    ChatWindow ann = open(Screen.DESKTOP);
    ann.enter(room, "<b>Ann</b>", "");
    ann.expectMembers("<b>Ann</b>");
    ann.say("<img src=x onerror=alert(1)> & <script>alert(2)</script>");
    ann.expectSaid("<b>Ann</b>", "<img src=x onerror=alert(1)> & <script>alert(2)</script>");
  }

  @Test
  void theKeyboardIsEnough() {
    ChatWindow ann = open(Screen.DESKTOP);
    ann.type("Ann"); // The form begins with the name.
    ann.press("Tab", "Control+a");
    ann.type(room);
    ann.press("Tab", "Tab");
    ann.type(PASSWORD);
    ann.press("Tab", "Enter");
    ann.expectMembers("Ann");
    assertThat(ann.page().locator("#text")).isFocused();
    ann.type("No mouse");
    ann.press("Enter");
    ann.expectSaid("Ann", "No mouse");
    ann.press("Tab");
    assertThat(ann.page().locator("#send")).isFocused();
    ann.press("Shift+Tab", "Shift+Tab", "Shift+Tab");
    assertThat(ann.page().locator("#leave")).isFocused();
    ann.press("Enter");
    assertThat(ann.page().locator("#room")).isVisible();
  }

  private ChatWindow open(Screen screen) {
    return open(ChatWindow::new, screen, "/chat.html");
  }

  private ChatWindow enter(Screen screen, String name, String password) {
    ChatWindow window = open(screen);
    window.enter(room, name, password);
    window.expectState("Connected");
    return window;
  }
}
