package io.pipely;

/** Says through a future that an operation was refused. */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.message());
    this.refusal = refusal;
  }

  /** Why it was refused. */
  public Refusal refusal() {
    return refusal;
  }
}
