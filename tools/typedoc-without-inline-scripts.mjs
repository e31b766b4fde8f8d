// A plugin of TypeDoc: its pages begin with an inline script (the theme before the first paint), which the policy of
// `ewald serve` (src/server/headers.ts) refuses with an error in the console. The script file of the reference sets the theme, too.
import { PageEvent } from "typedoc";

export function load(app) {
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents?.replace(/(<body>)<script>[^<]*<\/script>/, "$1");
  });
}
