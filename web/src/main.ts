// SPDX-License-Identifier: Apache-2.0
import { mount } from "svelte";
import App from "./App.svelte";
import "./base.css";
import "./tokens.css";

const target = document.getElementById("app");
if (target === null) {
    throw new Error("The page has no #app to mount into.");
}
mount(App, { target });
