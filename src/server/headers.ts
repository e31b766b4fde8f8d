/** Headers of every answer of a server of the page. */

/**
 * Nothing but the page's own origin: no script, style, picture or request from or to anywhere else. `wasm-unsafe-eval` lets
 * WebAssembly compile; `blob:` pictures are figures that the page drew itself.
 */
export const SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "img-src 'self' blob: data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The policy for the reference of the library: what TypeDoc writes sets styles from its script. It holds nothing of a user. */
export const REFERENCE_POLICY = `${SECURITY_POLICY}; style-src 'self' 'unsafe-inline'`;

/** The policy for workers too (a `meta` element does not reach them), and isolation, which gives WebAssembly threads. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": SECURITY_POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
