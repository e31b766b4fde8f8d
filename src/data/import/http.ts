/**
 * Asking servers politely: one request at a time, a pause between requests, waiting as long as the server
 * says (Retry-After) or twice as long each time. What is worth trying again (429, 5xx, a cut connection,
 * half a page) is; a refusal is not. Network and time come in as a {@link Web}, so that tests play both.
 */
import { EwaldError } from "../../errors.ts";

/** The outside world of an importer. */
export interface Web {
  fetch(
    url: string,
    init: { headers: Record<string, string>; signal: AbortSignal },
  ): Promise<Response>;
  wait(milliseconds: number): Promise<void>;
  /** Milliseconds since 1970, for a Retry-After that is a date and for the date of retrieval. */
  now(): number;
}

export interface Politeness {
  /** Pause before every request. Default 200 ms. */
  readonly pauseMs?: number;
  /** Tries of one request before giving up. Default 7: with back-off from 1 s about two minutes. */
  readonly tries?: number;
  /** First back-off; it doubles each time. Default 1 s. */
  readonly backOffMs?: number;
  /** Longest wait; a server that asks for more ends the run, which can be resumed. Default 10 min. */
  readonly longestWaitMs?: number;
  /** One request may take this long. Default 2 min. */
  readonly timeoutMs?: number;
  /** Who asks, as servers like to know. */
  readonly userAgent?: string;
}

const DEFAULTS: Required<Politeness> = {
  pauseMs: 200,
  tries: 7,
  backOffMs: 1000,
  longestWaitMs: 600_000,
  timeoutMs: 120_000,
  userAgent: "ewald (structure importer)",
};

interface Failure {
  readonly reason: string;
  /** The wait that the server asked for, ms. */
  readonly retryAfterMs: number | null;
  readonly cause?: unknown;
}

/**
 * GET `url` and give back what `read` makes of the body. `read` throws on a malformed body, which counts as a
 * passing fault: half a page is usually whole the next time.
 * @throws EwaldError `import/refused` (4xx), `import/not-found` (404, 410), `import/unreachable` after the last try
 */
export async function politeGet<T>(
  web: Web,
  url: string,
  read: (body: string) => T,
  politeness: Politeness = {},
  headers: Record<string, string> = {},
): Promise<T> {
  const options = { ...DEFAULTS, ...politeness };
  const shown = withoutSecrets(url);
  let last: Failure | null = null;
  for (let attempt = 1; attempt <= options.tries; attempt++) {
    await web.wait(
      last === null ? options.pauseMs : waitBeforeRetry(last, attempt, options, shown),
    );
    const answer = await tryOnce(web, url, shown, read, options, headers);
    if ("value" in answer) return answer.value;
    last = answer.failure;
  }
  throw new EwaldError("import/unreachable", `${shown}: ${last?.reason} (${options.tries} tries)`, {
    source: shown,
    cause: last?.cause,
    hint: "What was fetched is kept: give the same command again to go on.",
  });
}

function waitBeforeRetry(
  last: Failure,
  attempt: number,
  options: Required<Politeness>,
  shown: string,
): number {
  const wait =
    last.retryAfterMs ?? Math.min(options.longestWaitMs, options.backOffMs * 2 ** (attempt - 2));
  if (wait > options.longestWaitMs) {
    throw new EwaldError(
      "import/unreachable",
      `${shown} asks to wait ${Math.ceil(wait / 1000)} s`,
      {
        source: shown,
        value: wait / 1000,
        unit: "s",
        hint: "What was fetched is kept: give the same command again later.",
      },
    );
  }
  return wait;
}

async function tryOnce<T>(
  web: Web,
  url: string,
  shown: string,
  read: (body: string) => T,
  options: Required<Politeness>,
  headers: Record<string, string>,
): Promise<{ value: T } | { failure: Failure }> {
  let response: Response;
  let body: string;
  try {
    const signal = AbortSignal.timeout(options.timeoutMs);
    response = await web.fetch(url, {
      headers: { "user-agent": options.userAgent, ...headers },
      signal,
    });
    body = await response.text();
  } catch (cause) {
    return {
      failure: { reason: `connection failed (${rootMessage(cause)})`, retryAfterMs: null, cause },
    };
  }
  const { status } = response;
  if (status === 429 || status === 408 || status >= 500) {
    const retryAfterMs = retryAfter(response.headers.get("retry-after"), web.now());
    return { failure: { reason: `the server answered ${status}`, retryAfterMs } };
  }
  if (!response.ok) refuse(shown, status, body);
  try {
    return { value: read(body) };
  } catch (cause) {
    return {
      failure: { reason: `malformed answer (${rootMessage(cause)})`, retryAfterMs: null, cause },
    };
  }
}

function refuse(shown: string, status: number, body: string): never {
  const missing = status === 404 || status === 410;
  const said = body
    .replaceAll(/<[^>]*>|\s+/g, " ")
    .trim()
    .slice(0, 200);
  const hint =
    status === 401 || status === 403 ? "Check the key." : "Check address, filter and names.";
  throw new EwaldError(
    missing ? "import/not-found" : "import/refused",
    `${shown}: the server answered ${status}${said === "" ? "" : ` (${said})`}`,
    {
      source: shown,
      value: status,
      hint,
    },
  );
}

/** "120" or an HTTP date → milliseconds from now; null where absent or unreadable. */
function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** fetch hides the reason ("fetch failed") in the cause. */
function rootMessage(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return inner instanceof Error ? inner.message : String(inner);
}

/** The address as it may be shown: keys in the query or the user part are blotted out. */
function withoutSecrets(url: string): string {
  return url
    .replaceAll(/([?&][^=&]*(?:key|token)[^=&]*=)[^&]*/gi, "$1…")
    .replace(/\/\/[^/@]*@/, "//");
}
