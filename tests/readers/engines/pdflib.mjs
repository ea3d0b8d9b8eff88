// pdf-lib, which many web services use to fill forms. One order as JSON on standard input.
import { readFile, writeFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { PDFDocument } from "pdf-lib";

const { source, values, checks, target } = JSON.parse(await readAll(process.stdin));
const document = await PDFDocument.load(await readFile(source));
const form = document.getForm();
Object.entries(values).forEach(([name, value]) => form.getTextField(name).setText(value));
checks.forEach((name) => form.getCheckBox(name).check());

let bytes;
try {
  bytes = await document.save();
} catch (refusal) {
  // it draws with its own Helvetica, which cannot encode most scripts; what services do then is save undrawn
  if (!/cannot encode/.test(refusal.message)) {
    throw refusal;
  }
  bytes = await document.save({ updateFieldAppearances: false });
}
await writeFile(target, bytes);
