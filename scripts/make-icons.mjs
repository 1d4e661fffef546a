// Makes every raster icon from the SVG sources in assets/. The results are committed; run this after a change of a
// source. Needs rsvg-convert (librsvg2-bin), png2icns (icnsutils) and convert (imagemagick).
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const assets = join(import.meta.dirname, "../assets");
const work = mkdtempSync(join(tmpdir(), "longshore-icons-"));

function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
}

function render(source, size, target) {
  run("rsvg-convert", ["--width", String(size), "--height", String(size), "--output", target, source]);
}

/** Below 32 px the ribs of the full picture turn to noise; the small source is drawn on the pixel grid. */
function sourceFor(size) {
  return join(assets, size < 32 ? "icon-small.svg" : "icon.svg");
}

function makePngs() {
  mkdirSync(join(assets, "icons"), { recursive: true });
  for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
    render(sourceFor(size), size, join(assets, "icons", `${size}x${size}.png`));
  }
}

function makeIco() {
  const parts = [16, 24, 32, 48, 64, 128, 256].map((size) => join(assets, "icons", `${size}x${size}.png`));
  run("convert", [...parts, join(assets, "icon.ico")]);
}

/** macOS wants its tile on a grid with a margin: 824 of 1024 pixels. */
function makeIcns() {
  const parts = [16, 32, 128, 256, 512, 1024].map((size) => {
    const framed = join(work, "framed.svg");
    const small = size < 32;
    const [from, to] = small ? ["0 0 16 16", "-0.5 -0.5 17 17"] : ["0 0 1024 1024", "-124 -124 1272 1272"];
    writeFileSync(framed, readFileSync(sourceFor(size), "utf8").replace(`viewBox="${from}"`, `viewBox="${to}"`));
    const target = join(work, `mac-${size}.png`);
    render(framed, size, target);
    return target;
  });
  run("png2icns", [join(assets, "icon.icns"), ...parts]);
}

/** `Template` in the name makes macOS tint the image; the others are named for the panel that they are seen on. */
function makeTrayImages() {
  mkdirSync(join(assets, "tray"), { recursive: true });
  const source = readFileSync(join(assets, "tray.svg"), "utf8");
  for (const [name, colour] of [
    ["trayTemplate", "#000000"],
    ["tray-light", "#1b2b33"],
    ["tray-dark", "#f2f5f4"],
  ]) {
    const coloured = join(work, "tray.svg");
    writeFileSync(coloured, source.replaceAll("currentColor", colour));
    for (const [suffix, size] of [
      ["", 16],
      ["@2x", 32],
    ]) {
      render(coloured, size, join(assets, "tray", `${name}${suffix}.png`));
    }
  }
}

try {
  makePngs();
  makeIco();
  makeIcns();
  makeTrayImages();
} finally {
  rmSync(work, { recursive: true, force: true });
}
