// pdf-lib, with which many web services join files. One order as JSON on standard input.
import { readFile, writeFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { PDFDocument } from "pdf-lib";

const { sources, target } = JSON.parse(await readAll(process.stdin));
const joined = await PDFDocument.create();
for (const source of sources) {
  const one = await PDFDocument.load(await readFile(source));
  (await joined.copyPages(one, one.getPageIndices())).forEach((page) => joined.addPage(page));
}
await writeFile(target, await joined.save());
