import "./theme.css";
import "./i18n.ts";
import { createRoot } from "react-dom/client";
import { startLink } from "../lib/link.ts";
import { App } from "./app.tsx";

// First of all: it takes the one-time code out of the URL before the router reads it, and data comes the sooner.
startLink();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(<App />);
