/** The copy for use without a network: the page at once, runtime and models when the first work is done. */

/** Long enough for a first answer: what is fetched for later must not slow it. */
const SETTLED_MS = 4000;

interface Report {
  readonly kept?: number;
  readonly total?: number;
  readonly failed?: boolean;
}

class Offline {
  /** "none": the browser or the address does not allow it. */
  state = $state<"none" | "keeping" | "ready">("none");

  keep(): void {
    if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
    navigator.serviceWorker.addEventListener("message", ({ data }: MessageEvent<Report>) => {
      if (data.failed === true) this.state = "none";
      else if (data.kept !== undefined) this.state = data.kept >= data.total! ? "ready" : "keeping";
    });
    addEventListener("load", () => void this.register());
  }

  private async register(): Promise<void> {
    try {
      await navigator.serviceWorker.register(new URL("service-worker.js", document.baseURI));
      const registration = await navigator.serviceWorker.ready;
      const keepAll = (): void => registration.active?.postMessage("keep-all");
      setTimeout(() => {
        keepAll();
        // A newer version that took over has its own copy to make.
        navigator.serviceWorker.addEventListener("controllerchange", keepAll);
      }, SETTLED_MS);
    } catch {
      // No copy, then; the page works while there is a network.
    }
  }
}

export const offline = new Offline();
