// 承诺: a party's secret, made and kept in its own browser; only the commitment leaves it before the beacon exists.
import { bytesToHex } from "@noble/hashes/utils.js";

import { type Digest, SECRET_TAG, commitmentOf } from "./hash";

export type Key = { format: typeof SECRET_TAG; batch: string; party: string; hash: string; secret: string; commitment: string };

/** A new secret of 32 bytes with its commitment. getRandomValues is there on plain http too. */
export function makeKey(batch: string, party: string, hash: string, digest: Digest): Key {
  const secret = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  return { format: SECRET_TAG, batch, party, hash, secret, commitment: commitmentOf(digest, party, secret) };
}

/** The key of a key file or of the browser's store, null when it is none or its parts do not fit together. */
export function readKey(text: string, digest: Digest): Key | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof raw !== "object" || raw === null) return null;
  const key = raw as Record<string, unknown>;
  const { format, batch, party, hash, secret, commitment } = key;
  if (format !== SECRET_TAG || typeof batch !== "string" || typeof party !== "string" || typeof hash !== "string") return null;
  if (typeof secret !== "string" || !/^[0-9a-f]{64}$/.test(secret)) return null;
  if (commitment !== commitmentOf(digest, party, secret)) return null;
  return { format: SECRET_TAG, batch, party, hash, secret, commitment: commitment as string };
}

const place = (batch: string, party: string) => `${SECRET_TAG}/${batch}/${party}`;

/** Keep the key in this browser; false where its store is closed or full. */
export function keep(key: Key): boolean {
  try {
    localStorage.setItem(place(key.batch, key.party), JSON.stringify(key));
    return true;
  } catch {
    return false;
  }
}

/** The key kept for this batch and party, null when there is none. */
export function kept(batch: string, party: string, digest: Digest): Key | null {
  try {
    const text = localStorage.getItem(place(batch, party));
    return text === null ? null : readKey(text, digest);
  } catch {
    return null;
  }
}
