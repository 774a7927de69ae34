/** Effects of approved changes. Each feature registers the effects of its kinds of changes; a kind without one stops the start. */
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ProposedChange } from './changes.js';

export interface Step {
  /** Id of the change; null in a trial. */
  change: string | null;
  /** The caller whose approval or confirmation was the last one needed; in a trial, the caller who proposes. */
  by: ApiKeyRow;
  /** Id of the key that proposed it. */
  proposedBy: string;
  /** Id of the key that approved it; null in a trial. */
  approvedBy: string | null;
  reason: string;
}

export interface ChangeEffect<Change> {
  /**
   * Tries a proposal in a transaction that is rolled back; it must not change anything outside the database. Default: `apply`.
   * @throws ApiProblem if the change could not be applied now
   */
  check?(manager: EntityManager, change: Change): Promise<void>;
  /** @throws ApiProblem if the object of the change has changed since the proposal */
  apply(manager: EntityManager, change: Change, step: Step): Promise<void>;
  /** Runs after the transaction: informs components that have a copy. */
  announce?(change: Change): Promise<void>;
}

export type ChangeKind = ProposedChange['kind'];
export type ChangeOf<Kind extends ChangeKind> = Extract<ProposedChange, { kind: Kind }>;
export type EffectsOf<Kind extends ChangeKind> = { [K in Kind]: ChangeEffect<ChangeOf<K>> };

@Injectable()
export class ChangeEffects implements OnApplicationBootstrap {
  private readonly effects = new Map<string, ChangeEffect<ProposedChange>>();

  /** Call it in `onModuleInit` of a feature. */
  register<Kind extends ChangeKind>(effects: EffectsOf<Kind>): void {
    for (const [kind, effect] of Object.entries(effects))
      this.effects.set(kind, effect as ChangeEffect<ProposedChange>);
  }

  onApplicationBootstrap(): void {
    const missing = CHANGE_KINDS.filter((kind) => !this.effects.has(kind));
    if (missing.length > 0) throw new Error(`changes that nothing carries out: ${missing.join(', ')}`);
  }

  async check(manager: EntityManager, change: ProposedChange, step: Step): Promise<void> {
    const effect = this.of(change);
    await (effect.check ? effect.check(manager, change) : effect.apply(manager, change, step));
  }

  async apply(manager: EntityManager, change: ProposedChange, step: Step): Promise<void> {
    await this.of(change).apply(manager, change, step);
  }

  async announce(change: ProposedChange): Promise<void> {
    await this.of(change).announce?.(change);
  }

  private of({ kind }: ProposedChange): ChangeEffect<ProposedChange> {
    const effect = this.effects.get(kind);
    if (!effect) throw new Error(`nothing carries out ${kind}`);
    return effect;
  }
}

export const CHANGE_KINDS: readonly string[] = ProposedChange.options.flatMap(({ shape }) => [
  ...shape.kind.values,
]);
