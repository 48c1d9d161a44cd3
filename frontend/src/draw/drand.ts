// The chain "quicknet" of drand: unchained, BLS12-381 with signatures on G1, scheme bls-unchained-g1-rfc9380.
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";

const PUBLIC_KEY =
  "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451" +
  "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";
// The library's own default is the tag for signatures on G2.
const DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
const GENESIS = 1692803367;
const PERIOD = 3;
/** The last round that a time of four-digit years can name. */
export const LAST_ROUND = Math.floor((Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 - GENESIS) / PERIOD) + 1;

/** When a round is published, as the format writes times. */
export function timeOfRound(round: number): string {
  return new Date((GENESIS + (round - 1) * PERIOD) * 1000).toISOString().replace(".000Z", "Z");
}

/** Whether the signature, 96 hex digits, is quicknet's over this round. */
export function signedByQuicknet(round: number, signature: string): boolean {
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, BigInt(round));
  const short = bls12_381.shortSignatures;
  try {
    return short.verify(hexToBytes(signature), short.hash(sha256(message), DST), hexToBytes(PUBLIC_KEY));
  } catch {
    return false; // no point of the curve, or not of its group
  }
}
