import { PipelyError } from "./api.js";

/** One member's way to the server: where the routes are, and what goes with each request. */
export interface Access {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly fetch: typeof fetch;
}

/** The headers that carry the secrets, which do not belong into a URL. */
export function secrets(token: string, password: string | undefined): Record<string, string> {
  return {
    "Pipely-Token": token,
    ...(password && { Authorization: `Password ${bytes(password)}` }),
  };
}

/** A header's characters are bytes to fetch: one for each byte of the UTF-8 that the server reads. */
function bytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** A refusal, in the server's words where it has any. */
export class Refusal extends PipelyError {
  /** The milliseconds of `Retry-After`; 0 where there is none. */
  readonly retryAfter: number;
  /** Whether Pipely itself has spoken, and not something that stands in front of it. */
  readonly isPipelys: boolean;

  private constructor(response: Response, message: string) {
    const word = response.headers.get("Pipely-Error");
    super(word ?? "http", message, response.status);
    this.isPipelys = word !== null;
    this.retryAfter = milliseconds(response.headers.get("Retry-After"));
  }

  static async of(response: Response): Promise<Refusal> {
    const isPlain = response.headers.get("Content-Type")?.startsWith("text/plain");
    const text = isPlain ? (await response.text().catch(() => "")).trim() : "";
    if (!isPlain) response.body?.cancel().catch(() => {});
    return new Refusal(
      response,
      text || (response.ok ? "the answer is no event stream" : `the answer is ${response.status}`),
    );
  }

  /** Whether the same request could fare better later on. */
  get isTemporary(): boolean {
    return this.status >= 500 || [408, 409, 425, 429].includes(this.status);
  }
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function milliseconds(retryAfter: string | null): number {
  if (!retryAfter) return 0;
  const seconds = Number(retryAfter);
  const wait = isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000;
  return wait > 0 ? wait : 0;
}

/** Whatever fetch has thrown. */
export function networkError(cause: unknown): PipelyError {
  return cause instanceof PipelyError
    ? cause
    : new PipelyError("network", "the server cannot be reached", 0, { cause });
}
