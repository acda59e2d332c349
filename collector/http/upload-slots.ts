import { HttpError } from './http-error.ts';

/** How many bodies are read or written at the same time, in all and of one sender. */
export class UploadSlots {
  readonly #total: number;
  readonly #ofSender: number;
  readonly #bySender = new Map<string, number>();
  #taken = 0;

  constructor(total: number, ofSender: number) {
    this.#total = total;
    this.#ofSender = ofSender;
  }

  /** Takes a slot and gives the function that frees it. `sender` is undefined where nobody knows it. Throws HttpError 503. */
  take(sender: string | undefined): () => void {
    const own = this.#ofOne(sender);
    if (this.#taken >= this.#total || own >= this.#ofSender)
      throw new HttpError(503, { code: 'busy', message: 'too many uploads: send again later' });
    this.#taken += 1;
    if (sender !== undefined) this.#bySender.set(sender, own + 1);
    return () => {
      this.#taken -= 1;
      if (sender === undefined) return;
      const left = this.#ofOne(sender) - 1;
      if (left > 0) this.#bySender.set(sender, left);
      else this.#bySender.delete(sender);
    };
  }

  #ofOne(sender: string | undefined): number {
    return sender === undefined ? 0 : (this.#bySender.get(sender) ?? 0);
  }
}
