package io.pipely.core;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pipely.Answer;
import io.pipely.Authorizer;
import io.pipely.Batch;
import io.pipely.ChannelInfo;
import io.pipely.EndReason;
import io.pipely.Event;
import io.pipely.Join;
import io.pipely.Membership;
import io.pipely.Payload;
import io.pipely.Publication;
import io.pipely.Receipt;
import io.pipely.Refusal;
import io.pipely.Stats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels of two nodes that share a store: whoever is where, it is one channel. */
class SharedHubTest {

  private static final String CHANNEL = "channel-0000";
  private static final Duration GRACE = Options.DEFAULTS.grace();

  private final ManualTicker ticker = new ManualTicker();
  private final SharedStore store = new SharedStore();
  private final SharedStore.Node eastNode = store.node("east");
  private final SharedStore.Node westNode = store.node("west");
  private final Hub east = eastNode.hub(ticker);
  private final Hub west = westNode.hub(ticker);
  private final List<Recorder> recorders = new ArrayList<>();

  private Recorder recorder(String clientId) {
    Recorder recorder = Recorder.atOnce(clientId);
    recorders.add(recorder);
    return recorder;
  }

  private Outcome<Membership> ask(Hub hub, Join join, Recorder recorder) {
    Outcome<Membership> outcome = new Outcome<>();
    hub.join(join, recorder, outcome);
    return outcome;
  }

  private Outcome<Membership> ask(Hub hub, Join join) {
    return ask(hub, join, recorder(join.clientId()));
  }

  private Recorder join(Hub hub, String clientId) {
    return join(hub, Join.of(CHANNEL, clientId));
  }

  private Recorder join(Hub hub, Join join) {
    Recorder recorder = recorder(join.clientId());
    Outcome<Membership> outcome = ask(hub, join, recorder);
    store.settle();
    outcome.value();
    return recorder;
  }

  private Membership member(Hub hub, Join join) {
    Outcome<Membership> outcome = ask(hub, join, recorder(join.clientId()));
    store.settle();
    return outcome.value();
  }

  private static Join withToken(String clientId) {
    return Join.of(CHANNEL, clientId).token("the-token-of-" + clientId);
  }

  private Outcome<Receipt> ask(Hub hub, Publication publication) {
    Outcome<Receipt> outcome = new Outcome<>();
    hub.publish(publication, outcome);
    return outcome;
  }

  private Receipt publish(Hub hub, String origin, Object payload) {
    Outcome<Receipt> outcome =
        ask(hub, Publication.of(CHANNEL, "chat", origin, Payload.of(payload)));
    store.settle();
    return outcome.value();
  }

  private void pass(Duration time) {
    ticker.advance(time);
    for (Hub hub : List.of(east, west)) {
      hub.endGraces();
      hub.sweep();
    }
    store.settle();
  }

  private void eastIsTakenForDead() {
    eastNode.cutOff();
    store.takeForDead(eastNode);
    store.settle();
  }

  /** By carol, who comes to east then, west knows that it lives. */
  private void eastIsTakenForDeadAndLives() {
    eastIsTakenForDead();
    eastNode.reconnect();
    join(east, "carol");
  }

  private static String last(Recorder recorder) {
    List<String> texts = recorder.texts();
    return texts.get(texts.size() - 1);
  }

  private static long count(Recorder recorder, String text) {
    return recorder.texts().stream().filter(text::equals).count();
  }

  @AfterEach
  void everySubscriberIsCalledAsPromised() {
    recorders.forEach(Recorder::check);
  }

  @Test
  void whoComesToOneNodeIsSeenAtTheOther() {
    Recorder anna = join(east, "anna");
    Recorder ben = join(west, "ben");

    assertEquals(
        List.of("CLIENT_LIST server [\"anna\"]", "CONNECT anna null", "CONNECT ben null"),
        anna.texts());
    assertEquals(List.of("CLIENT_LIST server [\"anna\",\"ben\"]", "CONNECT ben null"), ben.texts());
    assertEquals(new Stats(1, 1), east.stats());
    assertEquals(new Stats(1, 1), west.stats());
  }

  @Test
  void anEventHasOnePlaceForAllAndCountsAllMembers() {
    Recorder anna = join(east, "anna");
    Recorder ben = join(west, "ben");

    Receipt first = publish(east, "anna", 1);
    Receipt second = publish(west, "ben", 2);

    assertEquals(2, first.recipients());
    assertEquals(List.of("1", "2"), anna.payloads("chat"));
    assertEquals(List.of("1", "2"), ben.payloads("chat"));
    assertEquals(ids(anna, "chat"), ids(ben, "chat"));
    assertEquals(List.of(first.eventId(), second.eventId()), ids(anna, "chat"));
  }

  private static List<String> ids(Recorder recorder, String type) {
    return recorder.events().stream()
        .filter(event -> event.type().equals(type))
        .map(Event::id)
        .toList();
  }

  @Test
  void whoHasNoMemberHereMayPublishHereAllTheSame() {
    Recorder anna = join(east, "anna");

    publish(west, "somebody", "hello");

    assertEquals(List.of("\"hello\""), anna.payloads("chat"));
    assertTrue(westNode.isFollowing(CHANNEL));
    pass(Duration.ofSeconds(11));
    assertFalse(westNode.isFollowing(CHANNEL), "a channel is followed that nobody needs");
    assertEquals(new Stats(0, 0), west.stats());
    publish(west, "somebody", "again");
    assertEquals(List.of("\"hello\"", "\"again\""), anna.payloads("chat"));
  }

  @Test
  void whoHasJoinedByOneNodeIsThereForAnotherAtOnce() {
    join(west, "ben");
    Recorder anna = recorder("anna");
    ask(east, Join.of(CHANNEL, "anna"), anna);
    store.settle(eastNode); // And west has not heard of it.

    Outcome<Receipt> published =
        ask(west, Publication.of(CHANNEL, "chat", "ben", Payload.of(1)).to(List.of("anna")));
    store.settle();

    assertEquals(1, published.value().recipients());
    assertEquals(List.of("1"), anna.payloads("chat"));
  }

  @Test
  void aChannelThatHasJustBeenMadeByOneNodeIsThereForAnother() {
    publishToNobody(west);
    Recorder anna = recorder("anna");
    ask(east, Join.of(CHANNEL, "anna"), anna);
    store.settle(eastNode);

    Outcome<Receipt> published = ask(west, Publication.of(CHANNEL, "chat", "ben", Payload.of(1)));
    Outcome<ChannelInfo> look = new Outcome<>();
    west.look(CHANNEL, look);
    store.settle();

    assertEquals(1, published.value().recipients());
    assertEquals(List.of("anna"), look.value().clients());
    assertEquals(List.of("1"), anna.payloads("chat"));
  }

  /** The creation is entered after a life of which this node has not heard, and which is over. */
  @Test
  void aChannelMayBeMadeAnewByANodeThatHasNotHeardOfItsLifeBetween() {
    publishToNobody(east);
    Outcome<Membership> ben = ask(west, Join.of(CHANNEL, "ben"), recorder("ben"));
    store.settle(westNode);
    ben.value().leave();
    store.settle(westNode);

    Recorder anna = join(east, "anna");

    assertEquals(List.of("CLIENT_LIST server [\"anna\"]", "CONNECT anna null"), anna.texts());
    assertEquals(List.of("anna"), store.members(CHANNEL));
    assertEquals(new Stats(1, 1), east.stats());
    publish(west, "somebody", 1);
    assertEquals(List.of("1"), anna.payloads("chat"));
  }

  @Test
  void aNewLifeOfAChannelIsNotTakenForTheOldOne() {
    Recorder anna = join(east, Join.of(CHANNEL, "anna").password("old"));
    eastIsTakenForDead();
    join(west, Join.of(CHANNEL, "ben").password("new"));
    eastNode.reconnect();
    store.settle();

    assertEquals(List.of(EndReason.LOST), anna.ends());
    Outcome<Membership> late =
        ask(east, Join.of(CHANNEL, "carol").password("old"), recorder("carol"));
    store.settle();
    assertEquals(Refusal.WRONG_PASSWORD, late.refusal());
    join(east, Join.of(CHANNEL, "carol").password("new"));
    assertEquals(List.of("ben", "carol"), store.members(CHANNEL));
    assertEquals(new Stats(1, 1), east.stats());
  }

  private void publishToNobody(Hub hub) {
    Outcome<Receipt> outcome = ask(hub, Publication.of(CHANNEL, "chat", "somebody", Payload.NULL));
    store.settle();
    assertEquals(Refusal.NO_SUCH_CHANNEL, outcome.refusal());
  }

  @Test
  void aDirectedEventReachesItsMembersWhereverTheyAre() {
    Recorder anna = join(east, "anna");
    Recorder ben = join(west, "ben");
    Recorder carol = join(west, "carol");

    Outcome<Receipt> outcome =
        ask(
            east,
            Publication.of(CHANNEL, "chat", "anna", Payload.of(1)).to(List.of("BEN", "nobody")));
    store.settle();
    Outcome<Receipt> quiet =
        ask(west, Publication.of(CHANNEL, "chat", "ben", Payload.of(2)).echo(false));
    store.settle();

    assertEquals(1, outcome.value().recipients());
    assertEquals(2, quiet.value().recipients());
    assertEquals(List.of("2"), anna.payloads("chat"));
    assertEquals(List.of("1"), ben.payloads("chat"));
    assertEquals(List.of("2"), carol.payloads("chat"));
  }

  @Test
  void ofTwoWhoWantOneIdAtOnceOneGetsIt() {
    join(east, "anna");
    Outcome<Membership> first = ask(east, Join.of(CHANNEL, "ben"), recorder("ben"));
    Outcome<Membership> second = ask(west, Join.of(CHANNEL, "BEN"), recorder("BEN"));
    store.settle();

    first.value();
    assertEquals(Refusal.CLIENT_ID_TAKEN, second.refusal());
    assertEquals(List.of("anna", "ben"), store.members(CHANNEL));
  }

  @Test
  void ofTwoPasswordsForANewChannelOneHolds() {
    Outcome<Membership> first =
        ask(east, Join.of(CHANNEL, "anna").password("one"), recorder("anna"));
    Outcome<Membership> second =
        ask(west, Join.of(CHANNEL, "ben").password("two"), recorder("ben"));
    store.settle();

    first.value();
    assertEquals(Refusal.WRONG_PASSWORD, second.refusal());
    join(west, Join.of(CHANNEL, "carol").password("one"));
    assertEquals(List.of("anna", "carol"), store.members(CHANNEL));
  }

  /** What came to nothing has no password. */
  @Test
  void aCreationThatIsNotAnsweredKeepsNobodyOut() {
    westNode.loseNextChange();
    Outcome<Membership> lost = ask(west, Join.of(CHANNEL, "anna").password("two"));
    Outcome<Membership> next = ask(west, Join.of(CHANNEL, "ben").password("one"));
    store.settle();

    assertEquals(Refusal.STORE_UNAVAILABLE, lost.refusal());
    next.value();
    assertEquals(List.of("ben"), store.members(CHANNEL));
  }

  @Test
  void soWhereTheOtherNodeHasMadeItMeanwhile() {
    westNode.loseNextChange();
    Outcome<Membership> lost = ask(west, Join.of(CHANNEL, "anna").password("two"));
    Outcome<Membership> next = ask(west, Join.of(CHANNEL, "ben").password("one"));
    Outcome<Membership> wrong = ask(west, Join.of(CHANNEL, "dora").password("two"));
    Outcome<Membership> made = ask(east, Join.of(CHANNEL, "carol").password("one"));
    store.settle(eastNode);
    made.value();
    store.settle();

    assertEquals(Refusal.STORE_UNAVAILABLE, lost.refusal());
    next.value();
    assertEquals(Refusal.WRONG_PASSWORD, wrong.refusal());
    assertEquals(List.of("carol", "ben"), store.members(CHANNEL));
  }

  @Test
  void aCreationThatIsNotAnsweredTakesNoEventsFromTheOtherNodesChannel() {
    publishToNobody(west);
    Outcome<Membership> anna = ask(east, Join.of(CHANNEL, "anna"));
    store.settle(eastNode);
    anna.value();
    westNode.loseNextChange();
    Outcome<Membership> lost = ask(west, Join.of(CHANNEL, "ben"));

    Outcome<Receipt> published = ask(west, Publication.of(CHANNEL, "chat", "ben", Payload.of(1)));
    store.settle();

    assertEquals(Refusal.STORE_UNAVAILABLE, lost.refusal());
    assertEquals(1, published.value().recipients());
  }

  @Test
  void whoHasJoinedANewLifeMayLeaveItByANodeThatHasNotHeardOfIt() {
    Membership first = member(east, Join.of(CHANNEL, "anna"));
    publish(west, "somebody", 1);
    first.leave();
    Outcome<Membership> ben = ask(east, withToken("ben"));
    store.settle(eastNode);
    ben.value();

    Outcome<String> left = new Outcome<>();
    west.leave(CHANNEL, "ben", "the-token-of-ben", left);
    store.settle();

    assertEquals("ben", left.value());
    assertEquals(List.of(), store.members(CHANNEL));
  }

  @Test
  void aCrowdThatComesToBothNodesAtOnceComesIn() {
    List<Outcome<Membership>> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String id = "client-" + i;
      outcomes.add(ask(i % 2 == 0 ? east : west, Join.of(CHANNEL, id), recorder(id)));
    }
    store.settle();

    outcomes.forEach(Outcome::value);
    assertEquals(100, store.members(CHANNEL).size());
    assertEquals(new Stats(1, 50), east.stats());
    for (Recorder recorder : recorders) {
      List<String> texts = recorder.texts();
      long seen = texts.stream().filter(text -> text.startsWith("CONNECT")).count();
      int listed = recorder.events().get(0).payloadAs(String[].class).length;
      assertEquals(100, seen + listed - 1, () -> recorder + ": " + texts);
    }
  }

  @Test
  void whoComesBackToTheOtherNodeTakesOverUnseenByTheOthers() {
    Recorder anna = join(east, "anna");
    Recorder before = join(east, withToken("ben"));
    publish(east, "anna", 1);
    String seen = ids(before, "chat").get(0);
    publish(east, "anna", 2);

    Recorder after = join(west, withToken("ben").lastEventId(seen));
    publish(west, "somebody", 3);

    assertEquals(List.of(EndReason.REPLACED), before.ends());
    assertEquals(List.of("2", "3"), after.payloads("chat"));
    assertEquals(List.of(), after.payloads("GAP"));
    assertEquals(1, count(anna, "CONNECT ben null"));
    assertEquals(0, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("1", "2", "3"), anna.payloads("chat"));
    assertEquals(new Stats(1, 1), east.stats());
    assertEquals(new Stats(1, 1), west.stats());
    pass(GRACE.multipliedBy(2));
    assertEquals(0, count(anna, "DISCONNECT ben null"), "the grace of the old stream ended it");
  }

  /** Otherwise it would have to wait for what comes next to know that it has missed nothing. */
  @Test
  void whoGoesOnAndHasMissedOnlyWhatIsHiddenIsToldAtOnceHowFarTheLogIs() {
    Recorder anna = join(west, withToken("anna"));
    String seen = ids(anna, "CONNECT").get(0);
    Recorder back = join(east, withToken("anna").lastEventId(seen));
    List<Batch> batches = back.batches();

    assertEquals(List.of("CLIENT_LIST server [\"anna\"]"), back.texts());
    assertEquals(seen.replaceFirst("-1$", "-2"), batches.get(batches.size() - 1).id());
  }

  @Test
  void soIsWhoHasMissedMoreThanIsGivenAtOnce() {
    Recorder anna = join(west, withToken("anna"));
    String seen = ids(anna, "CONNECT").get(0);
    for (int i = 0; i < 3; i++) {
      publish(west, "somebody", "x".repeat(60_000));
    }
    Recorder back = join(east, withToken("anna").lastEventId(seen));
    List<Batch> batches = back.batches();

    assertEquals(3, back.payloads("chat").size());
    assertEquals(0, batches.get(batches.size() - 1).size());
    assertEquals(seen.replaceFirst("-1$", "-5"), batches.get(batches.size() - 1).id());
  }

  @Test
  void aLostMemberComesBackToTheOtherNodeInItsGrace() {
    Recorder anna = join(west, "anna");
    Membership ben = member(east, withToken("ben"));
    ben.lost();
    store.settle();
    pass(GRACE.dividedBy(2));

    Recorder back = join(west, withToken("ben"));
    pass(GRACE.multipliedBy(2));

    assertEquals(List.of("anna", "ben"), store.members(CHANNEL));
    assertEquals(0, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of(), back.ends());
  }

  @Test
  void aLostMemberThatStaysAwayIsToldOnceToHaveLeft() {
    Recorder anna = join(west, "anna");
    Membership ben = member(east, withToken("ben"));
    Membership carol = member(east, Join.of(CHANNEL, "carol"));
    ben.lost();
    carol.lost();
    store.settle();

    assertEquals(1, count(anna, "DISCONNECT carol null"));
    assertEquals(0, count(anna, "DISCONNECT ben null"));
    pass(GRACE);
    pass(GRACE);
    assertEquals(1, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("anna"), store.members(CHANNEL));
  }

  @Test
  void aMemberMayLeaveByTheOtherNode() {
    Recorder anna = join(west, "anna");
    Recorder ben = join(east, withToken("ben"));
    Outcome<String> left = new Outcome<>();
    west.leave(CHANNEL, "Ben", "the-token-of-ben", left);
    store.settle();

    assertEquals("ben", left.value());
    assertEquals(List.of(EndReason.LEFT), ben.ends());
    assertEquals("DISCONNECT ben null", last(anna));
    assertEquals(new Stats(0, 0), withoutIdle(east));
  }

  private Stats withoutIdle(Hub hub) {
    pass(Duration.ofSeconds(11));
    return hub.stats();
  }

  @Test
  void whoComesWhileAChannelIsLetGoOfComesIn() {
    member(east, Join.of(CHANNEL, "anna")).leave();
    store.settle();
    Outcome<Membership> ben = new Outcome<>();
    eastNode.whileReleasing(() -> east.join(Join.of(CHANNEL, "ben"), recorder("ben"), ben));
    pass(Duration.ofSeconds(11));

    assertEquals("ben", ben.value().clientId());
    assertEquals(List.of("ben"), store.members(CHANNEL));
    join(west, "carol");
    assertEquals(List.of("ben", "carol"), store.members(CHANNEL));
  }

  @Test
  void nothingIsLeftOfAChannelThatIsMadeElsewhereWhileItIsLetGoOf() {
    member(east, Join.of(CHANNEL, "anna")).leave();
    store.settle();
    eastNode.whileReleasing(() -> join(west, "ben"));
    pass(Duration.ofSeconds(11));

    assertEquals(new Stats(0, 0), east.stats());
  }

  @Test
  void strangersMayAskAboutNoMoreChannelsAtOnceThanThereMayBe() {
    Hub small = store.node("small").hub(ticker, Options.DEFAULTS.withMaxChannels(2));
    for (int i = 0; i < 3; i++) {
      Outcome<Receipt> asked =
          ask(small, Publication.of("channel-000" + i, "chat", "eve", Payload.of(i)));
      store.settle();
      assertEquals(i < 2 ? Refusal.NO_SUCH_CHANNEL : Refusal.STORE_UNAVAILABLE, asked.refusal());
    }
    ticker.advance(Duration.ofSeconds(11));
    small.sweep();
    join(small, "anna");
    assertEquals(List.of("anna"), store.members(CHANNEL));
  }

  @Test
  void whatCouldNotBeLookedUpCountsNoMore() {
    SharedStore.Node node = store.node("small");
    Hub small = node.hub(ticker, Options.DEFAULTS.withMaxChannels(1));
    Outcome<Receipt> asked =
        ask(small, Publication.of("channel-0001", "chat", "eve", Payload.of(1)));
    node.cutOff();
    assertEquals(Refusal.STORE_UNAVAILABLE, asked.refusal());
    node.reconnect();
    small.sweep();
    join(small, "anna");
    assertEquals(List.of("anna"), store.members(CHANNEL));
  }

  @Test
  void theLastToLeaveEndsTheChannelAtAllNodes() {
    Membership anna = member(east, Join.of(CHANNEL, "anna"));
    Membership ben = member(west, Join.of(CHANNEL, "ben"));
    anna.leave();
    store.settle();
    ben.leave();
    store.settle();

    assertEquals(List.of(), store.members(CHANNEL));
    for (Hub hub : List.of(east, west)) {
      Outcome<ChannelInfo> look = new Outcome<>();
      hub.look(CHANNEL, look);
      store.settle();
      Outcome<Receipt> published = ask(hub, Publication.of(CHANNEL, "chat", "anna", Payload.of(1)));
      store.settle();
      assertEquals(Refusal.NO_SUCH_CHANNEL, look.refusal());
      assertEquals(Refusal.NO_SUCH_CHANNEL, published.refusal());
    }
    Recorder again = join(west, "carol");
    assertEquals("CLIENT_LIST server [\"carol\"]", again.texts().get(0));
  }

  @Test
  void theMembersOfADeadNodeAreToldToHaveLeftOnceThoseWithATokenAfterTheirGrace() {
    Recorder anna = join(west, "anna");
    join(east, "ben");
    join(east, withToken("carol"));
    eastIsTakenForDead();

    assertEquals(1, count(anna, "DISCONNECT ben null"));
    assertEquals(0, count(anna, "DISCONNECT carol null"));
    pass(GRACE);
    pass(GRACE);
    assertEquals(1, count(anna, "DISCONNECT carol null"));
    assertEquals(1, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("anna"), store.members(CHANNEL));
  }

  @Test
  void howeverManyMembersADeadNodeHadTheyLeaveByFewChanges() {
    Recorder anna = join(west, "anna");
    for (int i = 0; i < 20; i++) {
      join(east, "passer-by-" + i);
      join(east, withToken("regular-" + i));
    }
    int before = store.changeCount();
    eastIsTakenForDead();
    assertEquals(before + 1, store.changeCount());
    pass(GRACE);
    pass(GRACE);

    assertEquals(List.of("anna"), store.members(CHANNEL));
    assertTrue(store.changeCount() <= before + 3, () -> store.changeCount() + " changes");
    assertEquals(40, anna.texts().stream().filter(text -> text.startsWith("DISCONNECT")).count());
  }

  @Test
  void whereADeadNodeHadAChannelAloneTheOthersEndIt() {
    join(east, "ben");
    eastIsTakenForDead();

    assertEquals(List.of(), store.members(CHANNEL));
    pass(Duration.ofSeconds(11));
    assertFalse(westNode.isFollowing(CHANNEL));
  }

  @Test
  void aNodeThatComesBackFromTheDeadPutsItsMembersBack() {
    Recorder anna = join(west, "anna");
    Recorder ben = join(east, "ben");
    eastIsTakenForDead();
    assertEquals("DISCONNECT ben null", last(anna));

    eastNode.reconnect();
    store.settle();
    publish(west, "anna", 1);

    assertEquals(List.of(), ben.ends());
    assertEquals(2, count(anna, "CONNECT ben null"));
    assertEquals(List.of("1"), ben.payloads("chat"));
    assertEquals(1, ben.payloads("GAP").size());
    pass(GRACE.multipliedBy(3));
    assertEquals(List.of("anna", "ben"), store.members(CHANNEL));
  }

  @Test
  void whoseNodeIsBackInTheirGraceHasNotBeenAway() {
    Recorder anna = join(west, "anna");
    join(east, withToken("ben"));
    eastIsTakenForDeadAndLives();
    pass(GRACE);
    pass(GRACE);

    assertEquals(0, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("anna", "ben", "carol"), store.members(CHANNEL));
  }

  @Test
  void soIsItWhereThatNodeHasNothingToSayButThatItLives() {
    Recorder anna = join(west, "anna");
    join(east, withToken("ben"));
    eastIsTakenForDead();
    pass(GRACE.dividedBy(2));
    eastNode.reconnect();
    store.showLife(eastNode);
    store.settle();
    pass(GRACE);
    pass(GRACE);

    assertEquals(0, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("anna", "ben"), store.members(CHANNEL));
  }

  @Test
  void whoseNodeIsBackAndDiesHasAGraceAnew() {
    Recorder anna = join(west, "anna");
    join(east, withToken("ben"));
    eastIsTakenForDeadAndLives();
    pass(GRACE.dividedBy(2));
    eastIsTakenForDead();
    pass(GRACE.dividedBy(2).plusSeconds(1));

    assertEquals(0, count(anna, "DISCONNECT ben null"));
    pass(GRACE);
    assertEquals(1, count(anna, "DISCONNECT ben null"));
  }

  /** As when a change of it from before its death is read late. */
  @Test
  void aDeadNodeThatSeemsToLiveIsDeadAgainWhenItIsToldSo() {
    Recorder anna = join(west, "anna");
    join(east, "ben");
    westNode.loseNextChange();
    eastIsTakenForDead();
    west.isAlive("east");
    pass(Duration.ofSeconds(6));
    assertEquals(0, count(anna, "DISCONNECT ben null"));

    store.takeForDead(eastNode);
    store.settle();
    pass(Duration.ofSeconds(6));
    assertEquals(1, count(anna, "DISCONNECT ben null"));
  }

  @Test
  void whoIsAboutToBeGivenUpAsItsNodeComesBackStays() {
    Recorder anna = join(west, "anna");
    join(east, "ben");
    westNode.loseNextChange();
    eastIsTakenForDead();
    eastNode.reconnect();
    ask(east, Join.of(CHANNEL, "carol"), recorder("carol"));
    west.sweep(); // Before it hears of carol.
    store.settle();

    assertEquals(0, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("anna", "ben", "carol"), store.members(CHANNEL));
  }

  @Test
  void whoseNodeIsBackBeforeTheyAreGoneHasNotBeenAway() {
    Recorder anna = join(west, "anna");
    Recorder ben = join(east, "ben");
    westNode.loseNextChange();
    eastIsTakenForDeadAndLives();
    publish(east, "ben", 1);
    pass(Duration.ofSeconds(6));

    assertEquals(0, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("1"), ben.payloads("chat"));
    assertEquals(List.of("anna", "ben", "carol"), store.members(CHANNEL));
  }

  /** One of east, which has been taken for dead, is back, and has lost the change that says so. */
  private Recorder benWhoseReturnIsLost() {
    Recorder ben = join(east, "ben");
    eastIsTakenForDead();
    eastNode.reconnect();
    eastNode.loseNextChange();
    store.settle();
    return ben;
  }

  @Test
  void whoseReturnIsNotAnsweredComesBackLater() {
    Recorder anna = join(west, "anna");
    Recorder ben = benWhoseReturnIsLost();
    assertEquals(1, count(anna, "CONNECT ben null"));

    pass(Duration.ofSeconds(6));

    assertEquals(List.of(), ben.ends());
    assertEquals(2, count(anna, "CONNECT ben null"));
    assertEquals(List.of("anna", "ben"), store.members(CHANNEL));
    publish(west, "anna", 1);
    assertEquals(List.of("1"), ben.payloads("chat"));
  }

  @Test
  void whoseReturnIsEnteredThoughItWasNotAnsweredIsBack() {
    Recorder anna = join(west, "anna");
    Recorder ben = join(east, "ben");
    eastIsTakenForDead();
    eastNode.reconnect();
    eastNode.loseNextAnswer();
    store.settle();
    pass(Duration.ofSeconds(6));
    pass(Duration.ofSeconds(6));

    assertEquals(List.of(), ben.ends());
    assertEquals(2, count(anna, "CONNECT ben null"));
    assertEquals(1, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("anna", "ben"), store.members(CHANNEL));
    publish(west, "anna", 1);
    assertEquals(List.of("1"), ben.payloads("chat"));
  }

  @Test
  void whoFindsNoChannelToReturnToIsToldThatItIsLost() {
    Membership anna = member(west, Join.of(CHANNEL, "anna"));
    Recorder ben = benWhoseReturnIsLost();

    anna.leave();
    store.settle();

    assertEquals(List.of(EndReason.LOST), ben.ends());
    assertEquals(0, east.stats().clients());
  }

  @Test
  void whoIsReturningWhenItsNodeStopsIsToldSo() {
    join(west, "anna");
    Recorder ben = benWhoseReturnIsLost();

    east.close();

    assertEquals(List.of(EndReason.CLOSED), ben.ends());
  }

  @Test
  void whereItsIdIsTakenMeanwhileItsStreamIsClosed() {
    join(west, "anna");
    Recorder ben = join(east, "ben");
    eastIsTakenForDead();
    Recorder other = join(west, "ben");

    eastNode.reconnect();
    store.settle();

    assertEquals(List.of(EndReason.LOST), ben.ends());
    assertEquals(List.of(), other.ends());
    assertEquals(List.of("anna", "ben"), store.members(CHANNEL));
    assertEquals(0, east.stats().clients());
  }

  @Test
  void cutOffEverythingIsRefusedAndStreamsStayOpen() {
    Recorder anna = join(east, "anna");
    eastNode.cutOff();

    assertEquals(
        Refusal.STORE_UNAVAILABLE,
        ask(east, Publication.of(CHANNEL, "chat", "anna", Payload.of(1))).refusal());
    assertEquals(
        Refusal.STORE_UNAVAILABLE, ask(east, Join.of(CHANNEL, "ben"), recorder("b")).refusal());
    Outcome<ChannelInfo> look = new Outcome<>();
    east.look(CHANNEL, look);
    assertEquals(Refusal.STORE_UNAVAILABLE, look.refusal());
    assertEquals(List.of(), anna.ends());

    eastNode.reconnect();
    store.settle();
    publish(east, "anna", 2);
    assertEquals(List.of("2"), anna.payloads("chat"));
  }

  @Test
  void anUnansweredPublishIsRefusedAndDeliveredAllTheSame() {
    Recorder anna = join(east, "anna");
    Recorder ben = join(west, "ben");
    eastNode.loseNextAnswer();
    Outcome<Receipt> outcome = ask(east, Publication.of(CHANNEL, "chat", "anna", Payload.of(1)));
    store.settle();

    assertEquals(Refusal.STORE_UNAVAILABLE, outcome.refusal());
    assertEquals(List.of("1"), anna.payloads("chat"));
    assertEquals(List.of("1"), ben.payloads("chat"));
  }

  @Test
  void anUnansweredJoinDoesNotLeaveAMemberBehind() {
    Recorder anna = join(west, "anna");
    eastNode.loseNextAnswer();
    Recorder ben = recorder("ben");
    Outcome<Membership> outcome = ask(east, Join.of(CHANNEL, "ben"), ben);
    store.settle();

    assertEquals(Refusal.STORE_UNAVAILABLE, outcome.refusal());
    assertEquals(List.of(), ben.texts());
    assertEquals(List.of("anna"), store.members(CHANNEL), "at once, as it comes again soon");
    assertEquals("DISCONNECT ben null", last(anna));
    join(east, "ben");
  }

  /** That of the second comes back as stale when the channel is there by the first. */
  @Test
  void whereTheFirstOfTwoJoinsIsNotAnsweredTheSecondComesInAllTheSame() {
    eastNode.loseNextAnswer();
    Outcome<Membership> ben = ask(east, Join.of(CHANNEL, "ben"), recorder("ben"));
    Outcome<Membership> carol = ask(east, Join.of(CHANNEL, "carol"), recorder("carol"));
    store.settle();

    assertEquals(Refusal.STORE_UNAVAILABLE, ben.refusal());
    assertEquals("carol", carol.value().clientId());
    pass(Duration.ofSeconds(3));
    assertEquals(List.of("carol"), store.members(CHANNEL));
    assertEquals(1, east.stats().clients());
    join(east, "ben");
  }

  @Test
  void aMemberThatLeavesWhileTheStoreIsAwayIsToldOfAfterwards() {
    Recorder anna = join(west, "anna");
    Membership ben = member(east, Join.of(CHANNEL, "ben"));
    eastNode.cutOff();
    ben.lost();
    assertEquals(new Stats(1, 1), east.stats());

    eastNode.reconnect();
    store.settle();
    pass(Duration.ofSeconds(3));

    assertEquals(1, count(anna, "DISCONNECT ben null"));
    assertEquals(List.of("anna"), store.members(CHANNEL));
  }

  @Test
  void aStoreThatHasForgottenTheLogIsAGapAndNobodyComesOrGoes() {
    Recorder anna = join(east, "anna");
    Recorder ben = join(west, Join.of(CHANNEL, "ben"));
    publish(east, "anna", 1);
    int seen = anna.texts().size();
    store.restore(CHANNEL);
    store.settle();
    publish(west, "ben", 2);

    List<String> expected =
        List.of(
            "CLIENT_LIST server [\"anna\",\"ben\"]",
            "GAP server {\"reason\":\"epoch\"}",
            "chat ben 2");
    assertEquals(expected, anna.texts().subList(seen, anna.texts().size()));
    assertEquals("chat ben 2", last(ben));
    assertEquals(ids(anna, "chat").get(1), ids(ben, "chat").get(1));
  }

  @Test
  void historyOfTheOtherNodeIsGiven() {
    join(east, "anna");
    publish(east, "anna", 1);
    publish(east, "anna", 2);

    Recorder ben = join(west, Join.of(CHANNEL, "ben").history(5));

    assertEquals(List.of("1", "2"), ben.payloads("chat"));
  }

  @Test
  void allChannelsOfAllNodesAreListed() {
    join(east, "anna");
    join(west, Join.of("channel-0001", "ben").password("secret"));
    List<ChannelInfo> listed = new ArrayList<>();
    east.look(Answer.of(listed::addAll, why -> assertNull(why)));
    store.settle();

    assertEquals(2, listed.size());
    assertTrue(
        listed.contains(new ChannelInfo("channel-0001", true, List.of("ben"))), listed::toString);
  }

  @Test
  void whereAMemberIsLostWhileItsNodeDrainsTheEventsKeepTheirPlaces() {
    Recorder anna = join(west, "anna");
    Recorder ben = recorder("ben").way(Recorder.Way.BY_HAND);
    Recorder carol = recorder("carol").way(Recorder.Way.BY_HAND);
    ask(east, Join.of(CHANNEL, "ben"), ben);
    Outcome<Membership> lost = ask(east, Join.of(CHANNEL, "carol"), carol);
    store.settle();
    publish(west, "anna", 1);
    east.drain();
    lost.value().lost();
    store.settle();
    publish(west, "anna", 2);
    while (ben.complete()) {
      store.settle();
    }

    assertEquals(List.of("1", "2"), ben.payloads("chat"));
    assertEquals(ids(anna, "chat"), ids(ben, "chat"));
    assertEquals(List.of(EndReason.CLOSED), ben.ends());
  }

  /** What it waits for is decided under its channel's lock, and over a moment after that. */
  @Test
  void whoIsGivenUpWhileItTurnsOutThatNobodyElseIsLeavesAtOnce() {
    Recorder anna = join(west, "anna");
    Membership ben = member(west, Join.of(CHANNEL, "ben"));
    Channel channel = requireNonNull(west.channel(CHANNEL));
    GivingUp vain;
    synchronized (channel) {
      Member member = requireNonNull(channel.member("ben"));
      channel.accord().giveUp(member, EndReason.LOST);
      vain = requireNonNull(channel.accord().takeGivingUp());
      channel.accord().keep(member);
      assertEquals(Refusal.NO_SUCH_CLIENT, vain.decide());
    }
    ben.lost();
    vain.refused(Refusal.NO_SUCH_CLIENT);
    store.settle();

    assertEquals("DISCONNECT ben null", last(anna));
  }

  @Test
  void whenANodeStopsItsMembersMayComeBackToTheOtherAndThoseWithoutATokenHaveLeft() {
    Recorder anna = join(west, "anna");
    Recorder ben = join(east, "ben");
    Recorder carol = join(east, withToken("carol"));
    publish(west, "anna", 1);
    east.close();
    store.settle();

    assertEquals(List.of(EndReason.CLOSED), ben.ends());
    assertEquals(List.of(EndReason.CLOSED), carol.ends());
    assertEquals("DISCONNECT ben null", last(anna));
    String seen = ids(carol, "chat").get(0);
    publish(west, "anna", 2);
    Recorder back = join(west, withToken("carol").lastEventId(seen));
    assertEquals(List.of("2"), back.payloads("chat"));
    pass(GRACE.multipliedBy(2));
    assertEquals(0, count(anna, "DISCONNECT carol null"));
  }

  /** Who waits for the channel to be looked for, for another's turn, and for an answer. */
  @Test
  void whoeverWaitsForTheStoreWhenItsNodeStopsIsAnswered() {
    publishToNobody(west);
    join(east, "anna");
    Outcome<Membership> first = ask(west, Join.of(CHANNEL, "ben"));
    Outcome<Membership> second = ask(west, Join.of(CHANNEL, "carol"));
    Outcome<Membership> elsewhere = ask(west, Join.of("channel-0001", "dora"));
    Outcome<Receipt> published = ask(west, Publication.of(CHANNEL, "chat", "eddy", Payload.of(1)));
    Outcome<Receipt> nowhere =
        ask(west, Publication.of("channel-0002", "chat", "eddy", Payload.of(1)));
    Outcome<ChannelInfo> look = new Outcome<>();
    west.look(CHANNEL, look);
    Outcome<List<ChannelInfo>> all = new Outcome<>();
    west.look(all);

    west.close();

    assertEquals(Refusal.STORE_UNAVAILABLE, first.refusal(), "it may have been entered");
    assertEquals(Refusal.SHUTTING_DOWN, second.refusal());
    for (Outcome<?> each : List.of(elsewhere, published, nowhere, look, all)) {
      assertEquals(Refusal.STORE_UNAVAILABLE, each.refusal());
    }
  }

  @Test
  void anAnswerThatFailsKeepsNoneOfTheOthersNorTheStoreFromBeingClosed() {
    join(east, "anna");
    Outcome<Membership> first = ask(west, Join.of(CHANNEL, "ben"));
    store.settle(); // So that west has the channel.
    ask(west, Join.of(CHANNEL, "carol"));
    west.join(
        Join.of(CHANNEL, "dora"),
        recorder("dora"),
        Answer.<Membership>of(
            membership -> {},
            why -> {
              throw new IllegalStateException("a test's");
            }));
    Outcome<Membership> last = ask(west, Join.of(CHANNEL, "eddy"));

    west.close();
    store.settle();

    first.value();
    assertEquals(Refusal.SHUTTING_DOWN, last.refusal());
    pass(GRACE);
    assertEquals(List.of("anna"), store.members(CHANNEL), "those of a node that has said goodbye");
  }

  /** Questions are asked on another thread. */
  private static Authorizer.Verdict next(BlockingQueue<Authorizer.Verdict> verdicts)
      throws InterruptedException {
    return requireNonNull(verdicts.poll(10, TimeUnit.SECONDS), "nobody was asked");
  }

  @Test
  void whoMayOnlyJoinMakesNoChannelWhereItsMakerWasNotAnswered() throws Exception {
    BlockingQueue<String> questions = new LinkedBlockingQueue<>();
    BlockingQueue<Authorizer.Verdict> verdicts = new LinkedBlockingQueue<>();
    SharedStore.Node node = store.node("north");
    Hub north =
        node.hub(
            ticker,
            Options.DEFAULTS,
            (operation, verdict) -> {
              questions.add(operation.clientId() + " may " + operation.action());
              verdicts.add(verdict);
            });
    Outcome<Membership> anna = ask(north, Join.of(CHANNEL, "anna").caller(FaultsTest.SOMEBODY));
    store.settle();
    node.loseNextChange();
    next(verdicts).allow();
    Outcome<Membership> ben = ask(north, Join.of(CHANNEL, "ben").caller(FaultsTest.SOMEBODY));
    next(verdicts).allow();
    store.settle();
    assertEquals(Refusal.STORE_UNAVAILABLE, anna.refusal());
    next(verdicts).allow();
    store.settle();

    ben.value();
    assertEquals(
        List.of("anna may CREATE", "ben may JOIN", "ben may CREATE"), List.copyOf(questions));
  }
}
