import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";
import type { Plugin } from "vite";

// Everything but Electron and Node's own modules is bundled: a start reads a few files instead of hundreds.
const bundled = { externalizeDeps: false, minify: false, sourcemap: false } as const;

/** Modules of Node that few starts use and that take long to load: 20 ms for the first of them. */
const lazyModules = ["tls", "https", "child_process", "zlib", "fs/promises"];

/** Loads those at their first use instead of the start. What is asked of them is asked by name, so a stand-in can wait. */
function lazyBuiltins(): Plugin {
  const asked = new RegExp(`\\b(?:let|var) (\\w+) = require\\("(?:node:)?(${lazyModules.join("|")})"\\);`, "g");
  return {
    name: "lazy-builtins",
    renderChunk(code, { isDynamicEntry }) {
      if (isDynamicEntry) return null;
      return code.replace(asked, (_all, variable: string, name: string) => {
        if (code.includes(`__toESM(${variable}`)) throw new Error(`node:${name} is imported whole, not by name`);
        const get = `get: (_target, key) => (loaded ??= require("node:${name}"))[key]`;
        return `var ${variable} = ((loaded) => new Proxy({}, { ${get} }))();`;
      });
    },
  };
}

/** Puts the first script into the page itself; its hash is what the page's policy allows it by. */
function inlineBoot(): Plugin {
  const tag = '<script src="./boot.js"></script>';
  return {
    name: "inline-boot",
    transformIndexHtml: {
      order: "pre",
      handler(html) {
        if (!html.includes(tag)) throw new Error("index.html does not ask for boot.js");
        return html.replace(tag, () => `<script>${readFileSync(resolve("src/renderer/boot.js"), "utf8")}</script>`);
      },
    },
  };
}

export default defineConfig({
  main: {
    plugins: [lazyBuiltins()],
    build: {
      ...bundled,
      rolldownOptions: {
        input: {
          main: resolve("src/main/main.ts"),
          browser: resolve("src/server/cli/main.ts"),
          // Threads of the engine, each started from a file of its own.
          "log-worker": resolve("src/engine/logs/worker/log-worker.ts"),
          "log-regex": resolve("src/engine/logs/worker/log-regex.ts"),
        },
        // CommonJS, because an `import` of node:http reads all that it exports, and with it loads the whole of fetch: 45 ms
        // of each start (https://github.com/nodejs/node/issues/59686).
        output: { format: "cjs", entryFileNames: "[name].cjs", chunkFileNames: "chunks/[name]-[hash].cjs" },
        // Optional native parts of the ssh client that is only used for ssh engines.
        external: ["electron", "cpu-features", /\.node$/],
      },
    },
  },
  preload: {
    build: {
      ...bundled,
      rolldownOptions: {
        input: resolve("src/preload/preload.ts"),
        // A sandboxed preload must be one CommonJS file.
        // CommonJS, because an `import` of node:http reads all that it exports, and with it loads the whole of fetch: 45 ms
        // of each start (https://github.com/nodejs/node/issues/59686).
        output: { format: "cjs", entryFileNames: "[name].cjs" },
        external: ["electron"],
      },
    },
  },
  renderer: {
    root: "src/renderer",
    plugins: [inlineBoot(), react(), tailwindcss()],
    build: {
      minify: true,
      sourcemap: false,
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      // One file for every start is meant to be of this size; its goal stands in the measurements.
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        input: resolve("src/renderer/index.html"),
        // What every start needs comes in one file instead of forty; each file is one more that can be cut on its way.
        output: { codeSplitting: { groups: [{ name: "app", tags: ["$initial"] }] } },
      },
    },
  },
});
