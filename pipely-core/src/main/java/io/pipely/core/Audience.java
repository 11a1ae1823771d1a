package io.pipely.core;

import java.util.Set;

/**
 * Whom an event of a channel is for. It names members themselves, never ids: who takes an id later
 * inherits nothing. What a stream of a member may receive is asked in one place, {@link
 * Attachment#maySee}.
 */
sealed interface Audience {

  Audience EVERYBODY = new Everybody();

  /** What the nodes tell each other. */
  Audience NOBODY = new Only(Set.of());

  /** Whether it is for a member, whatever that member's stream wants to see. */
  boolean includes(Member member);

  /** How many of a channel's members these are. */
  int size(int members);

  /** All, those too who are yet to come. */
  record Everybody() implements Audience {
    @Override
    public boolean includes(Member member) {
      return true;
    }

    @Override
    public int size(int members) {
      return members;
    }
  }

  /** All who want to know who comes and goes, and the one whom it is about. */
  record Presence(Member subject) implements Audience {
    @Override
    public boolean includes(Member member) {
      return true;
    }

    @Override
    public int size(int members) {
      return members;
    }
  }

  /** All but the publisher, who is a member. */
  record Others(Member publisher) implements Audience {
    @Override
    public boolean includes(Member member) {
      return member != publisher;
    }

    @Override
    public int size(int members) {
      return members - 1;
    }
  }

  /** These alone. */
  record Only(Set<Member> members) implements Audience {
    @Override
    public boolean includes(Member member) {
      return members.contains(member);
    }

    @Override
    public int size(int unused) {
      return members.size();
    }
  }
}
