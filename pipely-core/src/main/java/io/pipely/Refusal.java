package io.pipely;

/**
 * Everything that can be refused, in one closed list: the message a person reads, the word a
 * program reads ({@code Pipely-Error}), and the HTTP status (RFC 9110) it travels with. The
 * messages of the first group are the original Pipely server's, to the letter.
 */
public enum Refusal {
  CHANNEL_ID_LENGTH(400, "invalid_channel_id", "channel id must be twelve characters long"),
  CLIENT_ID_TOO_SHORT(
      400, "client_id_too_short", "client id must not be shorter than three characters"),
  CLIENT_ID_TAKEN(400, "client_id_taken", "client id already used in channel"),
  WRONG_PASSWORD(401, "wrong_password", "invalid channel password"),
  TYPE_MISSING(
      400, "invalid_event_type", "invalid event type, must not be shorter than one character"),
  ORIGIN_ID_TOO_SHORT(
      400, "origin_id_too_short", "origin id must not be shorter than three characters"),
  NO_SUCH_CHANNEL(404, "no_such_channel", "channel with given id does not exist"),

  CLIENT_ID_RESERVED(400, "client_id_reserved", "client id must not be 'server'"),
  TYPE_RESERVED(400, "event_type_reserved", "event type is reserved"),
  INVALID_PASSWORD(400, "invalid_password", "invalid password"),
  CLIENT_ID_TOO_LONG(400, "client_id_too_long", "client id must not be longer than 128 characters"),
  ORIGIN_ID_TOO_LONG(400, "origin_id_too_long", "origin id must not be longer than 128 characters"),
  TYPE_TOO_LONG(400, "event_type_too_long", "event type must not be longer than 128 characters"),
  CHANNEL_ID_CHARACTERS(
      400, "channel_id_characters", "channel id must not contain control characters"),
  CLIENT_ID_CHARACTERS(
      400, "client_id_characters", "client id must not contain control characters"),
  ORIGIN_ID_CHARACTERS(
      400, "origin_id_characters", "origin id must not contain control characters"),
  TYPE_CHARACTERS(400, "event_type_characters", "event type must not contain control characters"),
  INVALID_TOKEN(400, "invalid_token", "invalid token"),
  TOKEN_IN_USE(409, "token_in_use", "token in use twice"),
  ORIGIN_OF_ANOTHER(403, "origin_id_of_another", "origin id belongs to another client"),
  ORIGIN_NOT_A_MEMBER(403, "origin_id_not_a_member", "origin id is not a member of the channel"),
  SERVER_KEY_NEEDED(403, "server_key_needed", "origin id 'server' needs the server key"),
  LOOKING_NEEDS_SERVER_KEY(
      403, "looking_needs_server_key", "looking at all channels needs the server key"),
  CLIENT_OF_ANOTHER(403, "client_id_of_another", "client id belongs to another client"),
  NO_SUCH_CLIENT(404, "no_such_client", "client with given id does not exist in channel"),
  NO_RECIPIENT(400, "invalid_recipients", "recipients must be at least one"),
  EVENT_COUNT(400, "invalid_event_count", "events must be at least 1 and at most 64"),
  SEVERAL_CHANNELS(400, "several_channels", "events must all be for one channel"),
  FORBIDDEN(403, "forbidden", "not allowed"),
  RATE_LIMITED(429, "rate_limited", "too many requests from this address"),
  TOO_MANY_WRONG_PASSWORDS(
      429, "too_many_wrong_passwords", "too many wrong passwords from this address"),
  CHANNEL_FULL(503, "channel_full", "channel has as many members as it may have"),
  TOO_MANY_CHANNELS(503, "too_many_channels", "server has as many channels as it may have"),
  SHUTTING_DOWN(503, "shutting_down", "server is shutting down"),
  STORE_UNAVAILABLE(
      503, "store_unavailable", "the servers' common store is away; perhaps it was done"),

  MALFORMED_BODY(400, "malformed_body", "body must be one JSON object"),
  MALFORMED_QUERY(400, "malformed_query", "query must be percent-encoded UTF-8"),
  INVALID_HISTORY(400, "invalid_history", "history must be a number and not negative"),
  INVALID_PRESENCE(400, "invalid_presence", "presence must be 'none' or left out"),
  REPEATED_PARAMETER(400, "repeated_parameter", "parameter must not be given twice"),
  BODY_TOO_LARGE(413, "body_too_large", "body is too large"),
  BODY_TOO_SLOW(408, "body_too_slow", "body has not arrived in time"),
  URI_TOO_LONG(414, "uri_too_long", "uri is too long"),
  HEADERS_TOO_LARGE(431, "headers_too_large", "headers are too large"),
  MALFORMED_REQUEST(400, "malformed_request", "request is not valid HTTP"),
  UNKNOWN_ROUTE(404, "unknown_route", "no such route"),
  METHOD_NOT_ALLOWED(405, "method_not_allowed", "method is not allowed here");

  private final int status;
  private final String word;
  private final String message;

  Refusal(int status, String word, String message) {
    this.status = status;
    this.word = word;
    this.message = message;
  }

  /** The HTTP status that tells of it. */
  public int status() {
    return status;
  }

  /** A stable word for programs, one for each message. */
  public String word() {
    return word;
  }

  /** One line for people. A malformed body or query is told in more detail on the wire. */
  public String message() {
    return message;
  }

  /** Whether the same request may succeed a little later, unchanged. */
  public boolean isTemporary() {
    return status == 503 || status == 429;
  }
}
