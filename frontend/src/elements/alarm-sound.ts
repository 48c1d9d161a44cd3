import { word } from "../lib/dom";

type State = "off" | "on" | "silenced" | "blocked";

const CYCLE_S = 1.2;
const FIRE: [number, number][] = [[960, 0], [720, 0.3], [960, 0.6], [720, 0.9]];
const OTHER: [number, number][] = [[520, 0]];

/**
 * `<alarm-sound>`: two tones in turn for a fire nobody has taken, which nothing else uses, and one short tone for anything
 * else that is new. Browsers let a page sound only after a click, so the element says plainly when it is off.
 * The same button silences what sounds now; the next new fire sounds again.
 */
export class AlarmSound extends HTMLElement {
  private context: AudioContext | null = null;
  private timer = 0;
  private fires = new Set<string>();
  private silenced = new Set<string>();

  connectedCallback(): void {
    if (!("AudioContext" in window)) return;
    this.hidden = false;
    this.querySelector("button")?.addEventListener("click", () => void this.press());
    this.show();
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    void this.context?.close();
  }

  /** The fires that nobody has taken: as long as there are any that weren't silenced, it sounds. */
  follow(fires: Iterable<string>): void {
    this.fires = new Set(fires);
    for (const one of this.silenced) if (!this.fires.has(one)) this.silenced.delete(one);
    this.run();
    this.show();
  }

  /** Something new that is no fire. */
  blip(): void {
    if (this.context?.state === "running" && !this.sounds) this.play(OTHER, 0.25, 0.12);
  }

  private get sounds(): boolean {
    return [...this.fires].some((one) => !this.silenced.has(one));
  }

  private async press(): Promise<void> {
    const wasOff = this.context?.state !== "running";
    if (this.context === null) {
      this.context = new AudioContext();
      this.context.addEventListener("statechange", () => this.show());
    }
    if (wasOff) {
      await this.context.resume();
      // One turn of the tone, so that whoever switched it on knows how it sounds and how loud it is.
      if (!this.sounds) this.play(FIRE, 0.28, 0.2);
    } else if (this.sounds) {
      this.silenced = new Set(this.fires);
    } else if (this.silenced.size > 0) {
      this.silenced.clear();
    } else {
      this.play(FIRE, 0.28, 0.2);
    }
    this.run();
    this.show();
  }

  private run(): void {
    const wanted = this.sounds && this.context !== null;
    if (wanted && this.timer === 0) {
      const turn = (): void => {
        if (this.context?.state === "running") this.play(FIRE, 0.28, 0.25);
        else this.show();
      };
      turn();
      this.timer = window.setInterval(turn, CYCLE_S * 1000);
    } else if (!wanted && this.timer !== 0) {
      clearInterval(this.timer);
      this.timer = 0;
    }
  }

  private play(tones: [number, number][], length: number, loudness: number): void {
    const context = this.context;
    if (!context) return;
    for (const [pitch, at] of tones) {
      const [tone, gain] = [context.createOscillator(), context.createGain()];
      const start = context.currentTime + at;
      tone.type = "square";
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(loudness, start + 0.01);
      gain.gain.setValueAtTime(loudness, start + length - 0.02);
      gain.gain.linearRampToValueAtTime(0, start + length);
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + length);
      tone.onended = () => gain.disconnect();
    }
  }

  private show(): void {
    const state: State =
      this.context === null ? "off" : this.context.state !== "running" ? "blocked" : this.silenced.size > 0 && !this.sounds ? "silenced" : "on";
    this.dataset["state"] = state;
    this.toggleAttribute("data-sounding", state === "on" && this.sounds);
    const label = this.querySelector("button span");
    if (label && label.textContent !== word(this, state)) label.textContent = word(this, state);
  }
}

customElements.define("alarm-sound", AlarmSound);
