/** The page begins here. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./tokens.css";
import { offline } from "./state/offline.svelte.ts";

offline.keep();
mount(App, { target: document.querySelector("#page")! });
