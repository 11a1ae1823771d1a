package io.pipely.core;

import java.util.List;
import java.util.Set;

/** One event of a life: whom it is for, and how things stood right after it. */
final class ModelEvent {

  final int number;
  final String text;

  /** Whose coming or going it tells of; null for a published event. */
  final ModelMember about;

  /** The members it is for; null for all, those to come too. */
  final Set<ModelMember> only;

  /** The one whom it is not for; null for nobody. */
  final ModelMember except;

  /** As its frame has it. */
  final List<String> to;

  final int weight;
  final long time;

  /** Who was there after it. */
  final List<String> roster;

  private ModelEvent(
      int number,
      String text,
      ModelMember about,
      Set<ModelMember> only,
      ModelMember except,
      List<String> to,
      int weight,
      long time,
      List<String> roster) {
    this.number = number;
    this.text = text;
    this.about = about;
    this.only = only;
    this.except = except;
    this.to = to;
    this.weight = weight;
    this.time = time;
    this.roster = roster;
  }

  static ModelEvent ofPresence(ModelLife life, String type, ModelMember about, long time) {
    String text = type + " " + about.clientId + " null";
    return new ModelEvent(
        life.newest() + 1,
        text,
        about,
        null,
        null,
        List.of(),
        weight(life, text, List.of()),
        time,
        life.ids());
  }

  static ModelEvent published(
      ModelLife life,
      String text,
      Set<ModelMember> only,
      ModelMember except,
      List<String> to,
      long time) {
    return new ModelEvent(
        life.newest() + 1, text, null, only, except, to, weight(life, text, to), time, life.ids());
  }

  /** The text has two spaces in it. */
  private static int weight(ModelLife life, String text, List<String> to) {
    return 128
        + life.id.length()
        + text.length()
        - 2
        + to.stream().mapToInt(id -> 32 + id.length()).sum();
  }

  boolean isPresence() {
    return about != null;
  }

  boolean isFor(ModelMember member, boolean isPresenceWanted) {
    if (isPresence()) {
      return isPresenceWanted || about == member;
    }
    return (only == null || only.contains(member)) && except != member;
  }

  /** Whether it is for everybody who wants to see all there is. */
  boolean isForAll() {
    return only == null && except == null;
  }

  @Override
  public String toString() {
    return number + ": " + Model.shortened(text);
  }
}
