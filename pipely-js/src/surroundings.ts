/** What the client has around it: given, so that tests can have it their way. */
export interface Surroundings {
  /** Milliseconds of the wall clock, which goes on while a machine sleeps. */
  now(): number;
  /** Calls a function later. The result calls that off. */
  after(milliseconds: number, run: () => void): () => void;
  /** From 0 to less than 1. */
  random(): number;
  /** Where pages and workers tell about the network and themselves. */
  window?: EventTarget;
  document?: EventTarget & { readonly visibilityState: string };
  /** What lives as long as a tab. */
  storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/** A timer cannot be set to more. */
const MAX_DELAY = 2 ** 31 - 1;

/** A page, a worker, or neither, as it is. */
export function surroundings(): Surroundings {
  const scope = globalThis as Partial<typeof globalThis>;
  return {
    now: Date.now,
    after(milliseconds, run) {
      const timer = setTimeout(run, Math.min(milliseconds, MAX_DELAY));
      return () => clearTimeout(timer);
    },
    random: Math.random,
    window: typeof scope.addEventListener === "function" ? (scope as EventTarget) : undefined,
    document: scope.document,
    storage: sessionStorageOf(scope),
  };
}

/** Where cookies are forbidden, so is looking at it; elsewhere there is none. */
function sessionStorageOf(scope: Partial<typeof globalThis>): Storage | undefined {
  try {
    return scope.document && scope.sessionStorage;
  } catch {
    return undefined;
  }
}
