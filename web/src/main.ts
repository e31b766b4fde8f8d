/** The page begins here. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./tokens.css";
import { offline } from "./state/offline.svelte.ts";

offline.keep();
// In a task of its own: the one that reads this script is long enough.
setTimeout(() => mount(App, { target: document.querySelector("#page")! }));
