/** Of the choices of a randomised test, which prints it. */
export const SEED = Number(process.env.PIPELY_SEED ?? Date.now() % 1_000_000);

/** Numbers from 0 to less than 1, the same for the same seed (xorshift). */
export function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_769 + 1 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
