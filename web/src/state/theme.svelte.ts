/** Light or dark: as the system says, unless the user chose. */
type Theme = "light" | "dark";

const KEY = "ewald-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null;
  }
}

class ThemeState {
  private chosen = $state<Theme | null>(stored());
  private systemDark = $state(system.matches);
  readonly shown: Theme = $derived(this.chosen ?? (this.systemDark ? "dark" : "light"));

  constructor() {
    system.addEventListener("change", ({ matches }) => {
      this.systemDark = matches;
      this.apply();
    });
    this.apply();
  }

  toggle(): void {
    this.chosen = this.shown === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, this.chosen);
    } catch {
      // A browser that keeps nothing: the choice lasts as long as the page.
    }
    this.apply();
  }

  private apply(): void {
    document.documentElement.dataset["theme"] = this.shown;
  }
}

export const theme = new ThemeState();
