package io.pipely.example.standalone;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/** What a browser does to a page that nobody has looked at for a while. */
final class Lifecycle {

  private final CDPSession devTools;

  Lifecycle(Page page) {
    this.devTools = page.context().newCDPSession(page);
  }

  void freeze() {
    set("frozen");
  }

  void activate() {
    set("active");
  }

  private void set(String state) {
    JsonObject argument = new JsonObject();
    argument.addProperty("state", state);
    devTools.send("Page.setWebLifecycleState", argument);
  }
}
