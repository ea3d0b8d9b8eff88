// pdf.js as Firefox uses it. One order as JSON on standard input: {task: "fill" | "render" | "text", ...}.
import { readFile, writeFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createCanvas } from "@napi-rs/canvas";
import { AnnotationMode, getDocument, VerbosityLevel } from "pdfjs-dist/legacy/build/pdf.mjs";

const folder = (name) => fileURLToPath(new URL(`../node_modules/pdfjs-dist/${name}/`, import.meta.url));

async function open(path) {
  const task = getDocument({
    data: new Uint8Array(await readFile(path)),
    cMapUrl: folder("cmaps"),
    standardFontDataUrl: folder("standard_fonts"),
    wasmUrl: folder("wasm"),
    verbosity: VerbosityLevel.ERRORS,
  });
  return task.promise;
}

async function fill({ source, values, checks, target }) {
  const document = await open(source);
  const fields = (await document.getFieldObjects()) ?? new Map();
  const asked = [...Object.keys(values), ...checks];
  const unknown = asked.filter((name) => !fields.has(name));
  if (unknown.length) {
    throw new Error(`no such field: ${unknown.join(", ")}`);
  }
  // a field of one name may stand on several pages; a tree's inner node has no widget and thus no id
  const enter = (name, value) => {
    for (const widget of fields.get(name).filter((field) => field.id)) {
      document.annotationStorage.setValue(widget.id, { value });
    }
  };
  Object.entries(values).forEach(([name, value]) => enter(name, value));
  checks.forEach((name) => enter(name, true));
  await writeFile(target, await document.saveDocument());
}

async function render({ source, page: index, dpi, target }) {
  const page = await (await open(source)).getPage(index + 1);
  const viewport = page.getViewport({ scale: dpi / 72 });
  const canvas = createCanvas(Math.round(viewport.width), Math.round(viewport.height));
  // ENABLE draws each field's stored appearance; ENABLE_FORMS would leave them to HTML inputs
  const annotationMode = AnnotationMode.ENABLE;
  await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport, annotationMode }).promise;
  await writeFile(target, await canvas.encode("png"));
}

async function text({ source, page: index }) {
  const page = await (await open(source)).getPage(index + 1);
  const { items } = await page.getTextContent();
  process.stdout.write(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join(""));
}

const order = JSON.parse(await readAll(process.stdin));
await { fill, render, text }[order.task](order);
