// Run by tests/test_draw_in_browser.py: verifies each bundle named on the command line, one JSON line each.
import { readFileSync } from "node:fs";

import { BesideDiffers, verifyBeside } from "../src/draw/beside";
import { named } from "../src/draw/hash";
import { Differs, Unreadable, verify } from "../src/draw/verify";
import { makeKey, readKey } from "../src/draw/commit";

declare const process: { argv: string[] };

function answer(file: string): unknown {
  try {
    return verify(new Uint8Array(readFileSync(file)));
  } catch (error) {
    if (error instanceof Differs) return { step: error.step, path: error.path, want: "want" in error.expected ? error.expected.want : null };
    if (error instanceof Unreadable) return { unreadable: true };
    throw error;
  }
}

function answerBeside(bundle: string, file: string): unknown {
  try {
    return verifyBeside(new Uint8Array(readFileSync(file)), new Uint8Array(readFileSync(bundle)));
  } catch (error) {
    if (error instanceof BesideDiffers) return { path: error.path };
    if (error instanceof Unreadable) return { unreadable: true };
    throw error;
  }
}

const [action, ...words] = process.argv.slice(2);
if (action === "verify") for (const file of words) console.log(JSON.stringify(answer(file)));
if (action === "beside") for (const file of words.slice(1)) console.log(JSON.stringify(answerBeside(words[0] ?? "", file)));
if (action === "hash") {
  const [name, ...hex] = words;
  const digest = named(name);
  if (!digest) throw new Error("no such hash");
  for (const text of hex) console.log(JSON.stringify(Buffer.from(digest(Buffer.from(text.slice(1), "hex"))).toString("hex")));
}
if (action === "key") {
  const digest = named("sha256");
  if (!digest) throw new Error("no such hash");
  const key = makeKey("B1", words[0] ?? "", "sha256", digest);
  console.log(JSON.stringify([key, readKey(JSON.stringify(key), digest), readKey(JSON.stringify({ ...key, secret: "0".repeat(64) }), digest)]));
}
