package io.pipely.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pipely.Payload;
import io.pipely.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RosterTest {

  private final Roster roster = new Roster();
  private final List<Member> members = new ArrayList<>();

  private void join(String id) {
    roster.add(id);
    members.add(new Member(id, id, null));
  }

  private void leave(int index) {
    members.remove(index);
    roster.invalidate();
  }

  private String[] list() {
    return roster.list(members).as(String[].class);
  }

  private String[] ids() {
    return members.stream().map(Member::clientId).toArray(String[]::new);
  }

  @Test
  void listsTheMembersInOrderOfJoining() {
    join("carol");
    assertEquals("[\"carol\"]", roster.list(members).toString());
    join("alice");
    join("bobby");
    assertEquals("[\"carol\",\"alice\",\"bobby\"]", roster.list(members).toString());
  }

  @Test
  void theListOfOneIsThatMember() {
    assertEquals("[\"carol\"]", Roster.of(new Member("carol", "carol", null)).toString());
  }

  @Test
  void forgetsWhoHasLeft() {
    join("carol");
    join("alice");
    leave(0);
    join("dave");
    assertEquals("[\"alice\",\"dave\"]", roster.list(members).toString());
    join("erin");
    assertEquals("[\"alice\",\"dave\",\"erin\"]", roster.list(members).toString());
  }

  @Test
  void aListOnceGivenDoesNotChange() {
    join("carol");
    Payload before = roster.list(members);
    join("alice");
    var unused = roster.list(members);
    assertEquals("[\"carol\"]", before.toString());
  }

  @Test
  void anyIdIsWrittenAsJson() {
    join("quo\"te");
    join("back\\slash");
    join("line\u2028separator");
    join("emoji \uD83D\uDE00");
    join("</script>");
    assertArrayEquals(ids(), list());
  }

  @Test
  void isRightAfterAnyComingAndGoing() {
    Seeds.each(
        100,
        random -> {
          RosterTest test = new RosterTest();
          for (int i = 0; i < 300; i++) {
            if (test.members.isEmpty() || random.nextInt(5) > 0) {
              test.join("member \"" + i + "\" " + "\u00e9".repeat(random.nextInt(20)));
            } else {
              test.leave(random.nextInt(test.members.size()));
            }
            if (!test.members.isEmpty() && random.nextBoolean()) {
              assertArrayEquals(test.ids(), test.list());
            }
          }
        });
  }
}
