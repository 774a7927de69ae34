/** Image codes (captchas): requested by id; each can be answered once. */
import { randomUUID } from 'node:crypto';

export const CAPTCHA_ALGORITHM = 'picc-ChangeMachine';
const MAX_OPEN = 1000;

export class Captchas {
  private readonly open = new Map<string, string>();

  /** The image is the text itself, so that a test can read it. */
  draw(): { id: string; pic: string } {
    const id = randomUUID();
    const answer = id.slice(0, 4);
    const [oldest] = this.open.keys();
    if (this.open.size >= MAX_OPEN && oldest !== undefined) this.open.delete(oldest);
    this.open.set(id, answer);
    return { id, pic: Buffer.from(answer).toString('base64') };
  }

  check(id: string, answer: string): boolean {
    const right = this.open.get(id);
    this.open.delete(id);
    return right !== undefined && right.toLowerCase() === answer.toLowerCase();
  }
}
