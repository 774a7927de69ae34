/**
 * The delivery ladder of a number: the networks that a new message goes to one after the other, each only after the one before has
 * certainly failed. First who has the number; then the steps that the operator of that network wants, each with its time limit.
 */
import {
  contentKind,
  LADDER_SECONDS,
  LADDER_STEPS,
  mayReach,
  networkOf,
  type E164,
  type HubEvent,
  type LadderStep,
  type Network,
  type ResolvedBy,
} from '#protocol';
import { addressBy, addressOfNumber, type Resolved } from './number.js';
import type { StepContext } from './step.js';

export interface Rung extends Resolved {
  /** How long its network may take, ms. undefined: as long as for any other message, since nothing comes after. */
  withinMs?: number;
}

/** @returns the first rung, or the next one whose network is there; undefined: nobody has the number */
export function firstRung(event: HubEvent, number: E164, context: StepContext): Rung | undefined {
  const [own, ...others] = ladderOf(event, number, context);
  if (!own) return undefined;
  const present = others.filter((rung) => isThere(rung, context));
  return isThere(own, context) || present.length === 0 ? limited(own, present) : taken(present);
}

/**
 * @param tried the network that certainly failed
 * @returns undefined: it is not on the ladder, or nothing comes after it
 */
export function rungAfter(
  tried: Network,
  event: HubEvent,
  number: E164,
  context: StepContext,
): Rung | undefined {
  const rungs = ladderOf(event, number, context);
  const at = rungs.findIndex(({ address }) => networkOf(address) === tried);
  return at < 0 ? undefined : taken(rungs.slice(at + 1).filter((rung) => isThere(rung, context)));
}

function isThere({ address }: Resolved, { absences }: StepContext): boolean {
  return absences.of(networkOf(address)) === undefined;
}

function taken([first, ...others]: Resolved[]): Rung | undefined {
  return first && limited(first, others);
}

function limited(rung: Resolved, others: readonly Resolved[]): Rung {
  return others.length === 0 ? rung : { ...rung, withinMs: LADDER_SECONDS[limitOf(rung.by)] * 1000 };
}

/** The first has the number; empty: nobody has it. */
function ladderOf(event: HubEvent, number: E164, context: StepContext): Resolved[] {
  const { registry, entry, source, now } = context;
  const isCall = event.type === 'im.hutong.call.v1';
  const found = addressOfNumber(number, entry, registry, { source, now, isCall });
  if (!found) return [];
  if (!isNew(event) || !isWelcome(event, found, context)) return [found];
  const rungs = [found];
  for (const step of registry.members.get(networkOf(found.address))?.standIn?.ladder ?? []) {
    const next = addressBy(step, number, registry, { source, now });
    const isOther = next && !rungs.some(({ address }) => networkOf(address) === networkOf(next.address));
    if (isOther) rungs.push(next);
  }
  return rungs;
}

/** Changes of a message stay with the network that has the message. */
function isNew(event: HubEvent): boolean {
  return event.type === 'im.hutong.message.v1' && contentKind(event.data.content) === 'new';
}

/** A block of the person, or of their network, holds for every step. */
function isWelcome(event: HubEvent, found: Resolved, { registry, consents }: StepContext): boolean {
  const sender = event.data.from.address;
  const consent = consents.get(registry.canonical.orSame(found.address));
  return mayReach(consent, sender) && !registry.isBlocked(sender, networkOf(found.address));
}

function limitOf(by: ResolvedBy): keyof typeof LADDER_SECONDS {
  return isStep(by) ? by : 'own';
}

function isStep(by: ResolvedBy): by is LadderStep {
  return (LADDER_STEPS as readonly string[]).includes(by);
}
