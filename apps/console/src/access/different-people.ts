/** Whether two keys belong to two people who can check each other: the rule behind everything that needs two. */
import { Inject, Injectable } from '@nestjs/common';
import { ApiKeysRepository } from './api-keys.repository.js';

/** So long a person counts as one with whoever proposed them, and a key's owner with whoever had the key issued. */
const FRESH_MS = 24 * 3600_000;

@Injectable()
export class DifferentPeople {
  constructor(@Inject(ApiKeysRepository) private readonly keys: ApiKeysRepository) {}

  /**
   * Different people, neither of whom can have made the other up: no common key in the lines of the two (what a second person
   * approved begins a line), and neither key nor person was made by the other within the last day.
   */
  async are(one: string, other: string, now = new Date()): Promise<boolean> {
    const [a, b] = await Promise.all([this.keys.find(one), this.keys.find(other)]);
    if (!a || !b || a.personId === b.personId) return false;
    if ((await this.keys.roots(one, other)).length < 2) return false;
    return !(await this.keys.madeSince(one, other, new Date(now.getTime() - FRESH_MS)));
  }
}
