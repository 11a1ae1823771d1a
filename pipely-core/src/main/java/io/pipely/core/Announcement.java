package io.pipely.core;

import io.pipely.Answer;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Somebody wants to publish: all of it or nothing. */
final class Announcement extends Proposal {

  private final Channel channel;
  private final List<Publication> publications;
  private final List<Submission> submissions;
  private final Answer<? super List<Receipt>> answer;

  // Decided, guarded by the channel's lock:

  /** Which of them is refused. */
  private int index;

  // Carried out:

  private final List<Receipt> receipts;
  private @Nullable Turn turn;
  private boolean claimed;

  Announcement(
      Channel channel,
      List<Publication> publications,
      List<Submission> submissions,
      Answer<? super List<Receipt>> answer) {
    this.channel = channel;
    this.publications = publications;
    this.submissions = submissions;
    this.answer = answer;
    this.receipts = new ArrayList<>(publications.size());
  }

  @Override
  @Nullable Refusal decide() {
    assert Thread.holdsLock(channel);
    index = 0;
    Refusal refusal = channel.refusalToPublish();
    while (refusal == null && index < submissions.size()) {
      refusal = channel.decide(submissions.get(index));
      index += refusal == null ? 1 : 0;
    }
    return refusal;
  }

  @Override
  List<Entry> entries() {
    return submissions.stream().map(Submission::entry).toList();
  }

  @Override
  boolean isAboutMembers() {
    return false;
  }

  @Override
  boolean isToBeLookedUp(Refusal why) {
    return true;
  }

  @Override
  void apply() {
    assert Thread.holdsLock(channel);
    turn = channel.append(submissions, receipts);
    claimed = turn == null && channel.fanOut().claim();
  }

  @Override
  void applied() {
    try {
      answer.ok(receipts);
    } finally {
      if (turn != null) {
        channel.fanOut().serve(turn);
      } else if (claimed) {
        channel.fanOut().runHereIfShort();
      }
    }
  }

  @Override
  void refused(Refusal why) {
    channel.refuse(why, index < publications.size() ? index : 0, publications, answer);
  }

  /** Whoever may allow it has done so. */
  @Override
  void again(Refusal why) {
    channel.hub().publish(publications, publications.size(), answer);
  }
}
