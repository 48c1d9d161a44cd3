import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonical, type Value } from "../draw/json";

/** The server's canonical JSON (`core.canonical`): text in NFC, whole numbers only. */
export function canonicalText(value: Value): string {
  return canonical(clean(value));
}

export function digestOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

function clean(value: Value): Value {
  if (typeof value === "string") return value.normalize("NFC");
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error(`not a whole number: ${value}`);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(clean);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.normalize("NFC"), clean(item)]));
}
