/** Decides whether two keys count as two people. All changes that need two people use this rule. */
import { Injectable } from '@nestjs/common';
import { ApiKeysRepository } from './api-keys.repository.js';

/** Time during which a new person counts as one with the person who proposed them, and the owner of a new key with its issuer. */
const FRESH_MS = 24 * 3600_000;

@Injectable()
export class DifferentPeople {
  constructor(private readonly keys: ApiKeysRepository) {}

  /**
   * Whether the keys belong to different people, neither of whom can have invented the other: their keys have no common root key, and
   * neither key nor person was made by the other within the last 24 hours.
   */
  async are(one: string, other: string, now = new Date()): Promise<boolean> {
    const [a, b] = await Promise.all([this.keys.find(one), this.keys.find(other)]);
    if (!a || !b || a.personId === b.personId) return false;
    if ((await this.keys.roots(one, other)).length < 2) return false;
    return !(await this.keys.madeSince(one, other, new Date(now.getTime() - FRESH_MS)));
  }
}
