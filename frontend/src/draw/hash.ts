// The two hashes a bundle may name, and the ways in which the format hashes. No WebCrypto: it is missing on plain http.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

import { type Value, canonical } from "./json";
import { sm3 } from "./sm3";

export const FORMAT = "anguan-draw/1";
export const SECRET_TAG = "anguan-draw-secret/1";
export const US = "\u001f";

export type Digest = (data: Uint8Array) => Uint8Array;

/** The hash that a bundle's `hash` names, undefined for any other name. */
export function named(name: Value | undefined): Digest | undefined {
  return name === "sha256" ? sha256 : name === "sm3" ? sm3 : undefined;
}

/** The page's H: hex of the fields in UTF-8 joined by US. */
export function fieldsHash(digest: Digest, ...fields: (string | number | bigint)[]): string {
  return bytesToHex(digest(utf8ToBytes(fields.join(US))));
}

/** Digest of a value: hex of the hash of its canonical JSON. */
export function valueHash(digest: Digest, value: Value): string {
  return bytesToHex(digest(utf8ToBytes(canonical(value))));
}

/** What a party publishes before the beacon exists, over its secret's 64 hex digits. */
export function commitmentOf(digest: Digest, party: string, secret: string): string {
  return fieldsHash(digest, SECRET_TAG, party, secret);
}

/** RFC 6962 tree hash in hex: leaf prefix 0x00, node prefix 0x01; a left-over node rises unpaired. */
export function treeHash(digest: Digest, leaves: Uint8Array[]): string {
  let level = leaves.map((leaf) => digest(prefixed(0, leaf)));
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let place = 0; place < level.length; place += 2) {
      const left = level[place] as Uint8Array;
      const right = level[place + 1];
      above.push(right ? digest(prefixed(1, left, right)) : left);
    }
    level = above;
  }
  return bytesToHex(level[0] ?? digest(new Uint8Array()));
}

function prefixed(prefix: number, left: Uint8Array, right?: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + left.length + (right?.length ?? 0));
  bytes[0] = prefix;
  bytes.set(left, 1);
  if (right) bytes.set(right, 1 + left.length);
  return bytes;
}
