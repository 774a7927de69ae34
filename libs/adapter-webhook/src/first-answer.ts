/** Deduplication of callbacks in this process: one that is delivered again gets the answer of its first delivery. */
import { LruCache } from '#service';

const MAX_ANSWERS = 20_000;
/** Longer than a platform waits before it gives up. The bus deduplicates what comes again after that. */
const ANSWER_AGE_MS = 120_000;

export class FirstAnswer<Answer extends object | string> {
  private readonly answers = new LruCache<string, Promise<Answer>>({ max: MAX_ANSWERS, ttl: ANSWER_AGE_MS });

  /** An answer that failed is forgotten: the next delivery tries again. */
  once(id: string, work: () => Promise<Answer>): Promise<Answer> {
    const known = this.answers.get(id);
    if (known) return known;
    const answer = work();
    this.answers.set(id, answer);
    answer.catch(() => this.answers.delete(id));
    return answer;
  }

  clear(): void {
    this.answers.clear();
  }
}
