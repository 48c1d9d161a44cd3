// JSON read strictly, and written in the one canonical way of the format anguan-draw/1.
//
// JSON.parse would take 1.0 for 1, round large integers, and keep the last of two equal keys: three ways in which two
// programs could read one bundle differently.

export type Value = null | boolean | number | bigint | string | Value[] | { [key: string]: Value };
export type Fields = { [key: string]: Value };

/** The text is no JSON document. */
export class Unreadable extends Error {}

/** The text is JSON, but with a spelling that readers take in different ways. */
export class Ambiguous extends Error {
  constructor(
    readonly want: "once" | "no-float",
    readonly path: string,
    readonly found: Value,
  ) {
    super(`${path}: ${want}`);
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?|-?Infinity|NaN/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const BLANK = /[ \t\n\r]*/y;
const HEX_4 = /^[0-9a-fA-F]{4}$/;
const ESCAPES: Record<string, string> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const DEEPEST = 500;
const LONGEST_NUMBER = 4300;

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  document(): Value {
    const value = this.value(0);
    this.match(BLANK);
    if (this.at < this.text.length) throw new Unreadable();
    return value;
  }

  private value(depth: number): Value {
    if (depth > DEEPEST) throw new Unreadable();
    this.match(BLANK);
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.list(depth);
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  private object(depth: number): Fields {
    // Without prototype, so that a key named __proto__ is a key like others.
    const value = Object.create(null) as Fields;
    let repeated: string | null = null;
    this.at += 1;
    if (this.next("}")) return value;
    do {
      this.match(BLANK);
      if (this.text[this.at] !== '"') throw new Unreadable();
      const key = this.string();
      if (!this.next(":")) throw new Unreadable();
      if (repeated === null && key in value) repeated = key;
      value[key] = this.value(depth + 1);
    } while (this.next(","));
    if (!this.next("}")) throw new Unreadable();
    if (repeated !== null) throw new Ambiguous("once", repeated, value[repeated] ?? null);
    return value;
  }

  private list(depth: number): Value[] {
    const value: Value[] = [];
    this.at += 1;
    if (this.next("]")) return value;
    do value.push(this.value(depth + 1));
    while (this.next(","));
    if (!this.next("]")) throw new Unreadable();
    return value;
  }

  private string(): string {
    let value = "";
    this.at += 1;
    for (;;) {
      value += this.match(PLAIN);
      const mark = this.text[this.at];
      this.at += 1;
      if (mark === '"') return value;
      if (mark !== "\\") throw new Unreadable();
      const letter = this.text[this.at] ?? "";
      this.at += 1;
      if (letter === "u") {
        const digits = this.text.slice(this.at, this.at + 4);
        if (!HEX_4.test(digits)) throw new Unreadable();
        value += String.fromCharCode(Number.parseInt(digits, 16));
        this.at += 4;
      } else {
        const plain = ESCAPES[letter];
        if (plain === undefined) throw new Unreadable();
        value += plain;
      }
    }
  }

  private number(): number | bigint {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) throw new Unreadable();
    const text = found[0];
    this.at += text.length;
    if (found[1] !== undefined || found[2] !== undefined || /[IN]/.test(text)) throw new Ambiguous("no-float", text, text);
    if (text.length > LONGEST_NUMBER) throw new Unreadable();
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : BigInt(text);
  }

  private word<T extends Value>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new Unreadable();
    this.at += word.length;
    return value;
  }

  private next(mark: string): boolean {
    this.match(BLANK);
    if (this.text[this.at] !== mark) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.text)?.[0] ?? "";
    this.at += text.length;
    return text;
  }
}

/** The value of a JSON document in UTF-8. Throws Unreadable or Ambiguous. */
export function parse(bytes: Uint8Array): Value {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable();
  }
  return new Reader(text).document();
}

const ESCAPED = /["\\\u0000-\u001f]/g;
const SHORT: Record<string, string> = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function quoted(text: string): string {
  const escape = (mark: string) => SHORT[mark] ?? `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${text.replace(ESCAPED, escape)}"`;
}

/** Canonical JSON: keys sorted by code point, no blanks; text is expected in NFC. */
export function canonical(value: Value): string {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const keys = Object.keys(value).sort(byCodePoint);
  return `{${keys.map((key) => `${quoted(key)}:${canonical(value[key] ?? null)}`).join(",")}}`;
}

const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;

/** Order by Unicode code point; JavaScript's own order is by UTF-16 unit, which puts 𠮷 before U+E000. */
export function byCodePoint(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let place = 0; place < shorter; place += 1) {
    const a = left.charCodeAt(place);
    const b = right.charCodeAt(place);
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1;
  }
  return left.length - right.length;
}
