// SM3 (GB/T 32905-2016): the national hash that a bundle may use instead of SHA-256.

const turn = (word: number, by: number) => (word << (by % 32)) | (word >>> (32 - (by % 32)));
const P0 = (x: number) => x ^ turn(x, 9) ^ turn(x, 17);
const P1 = (x: number) => x ^ turn(x, 15) ^ turn(x, 23);

// T_j turned by j, clause 4.2 and 5.3.3.
const CONSTANTS = Int32Array.from({ length: 64 }, (_, j) => {
  const constant = j < 16 ? 0x79cc4519 : 0x7a879d8a;
  return j % 32 === 0 ? constant : turn(constant, j);
});

/** The 32 bytes of SM3 over the message. */
export function sm3(message: Uint8Array): Uint8Array {
  // Padding of clause 5.2: a one bit, zeros, the length in bits as a 64-bit number, to whole blocks.
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);

  const state = Int32Array.of(
    0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
  );
  const w = new Int32Array(68);
  const word = (j: number) => w[j] as number;
  for (let start = 0; start < padded.length; start += 64) {
    for (let j = 0; j < 16; j += 1) w[j] = view.getInt32(start + 4 * j);
    for (let j = 16; j < 68; j += 1) {
      w[j] = P1(word(j - 16) ^ word(j - 9) ^ turn(word(j - 3), 15)) ^ turn(word(j - 13), 7) ^ word(j - 6);
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let j = 0; j < 64; j += 1) {
      const ss1 = turn((turn(a, 12) + e + (CONSTANTS[j] as number)) | 0, 7);
      const ss2 = ss1 ^ turn(a, 12);
      const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const tt1 = (ff + d + ss2 + (word(j) ^ word(j + 4))) | 0;
      const tt2 = (gg + h + ss1 + word(j)) | 0;
      d = c;
      c = turn(b, 9);
      b = a;
      a = tt1;
      h = g;
      g = turn(f, 19);
      f = e;
      e = P0(tt2);
    }
    [a, b, c, d, e, f, g, h].forEach((value, place) => {
      state[place] = (state[place] as number) ^ value;
    });
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((value, place) => digest.setInt32(4 * place, value));
  return new Uint8Array(digest.buffer);
}
