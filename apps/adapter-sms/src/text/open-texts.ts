/**
 * The texts of one person of which some segments have not come yet. Pure. Segments come in any order and more than once; a
 * reference names a text only for a while, since telephones count 256 of them and begin anew.
 */
import { hash } from 'node:crypto';
import type { Alphabet, Concatenation, IncomingSegment } from '../sms.link.js';
import { decode } from './alphabets.js';

export interface JoiningSegment extends IncomingSegment {
  id: string;
  concatenation: Concatenation;
}

/** As it is stored. */
export interface OpenText {
  /** Which segments belong together. */
  name: string;
  service: string;
  total: number;
  /** Of the first segment that came, ms since 1970. */
  at: number;
  parts: OpenPart[];
}

interface OpenPart {
  part: number;
  id: string;
  alphabet: Alphabet;
  /** Base64. */
  text: string;
}

/** A text that is whole: of segments that come again nothing is made. */
interface DoneText {
  name: string;
  at: number;
  /** Of each segment: its number and content. */
  digests: string[];
}

export interface OpenTexts {
  open: OpenText[];
  done: DoneText[];
}

/** A text as it is passed on. */
export interface JoinedText {
  /** Of its first segment; another one's, if that is missing. */
  id: string;
  ids: string[];
  service: string;
  /** undefined: its bytes are no text. */
  text: string | undefined;
  /** Segments that did not come in time. */
  missing: number;
  of: OpenText;
}

const MOST_OPEN = 8;
/** Of all open texts of a person: what is stored for them stays below the size of a value. */
const MOST_PARTS = 300;
const MOST_DONE = 16;
/** In the place of segments that did not come. */
const GAP = '[…]';

export const NOTHING_OPEN: OpenTexts = { open: [], done: [] };

/**
 * Adds a segment. @returns the texts that are to be passed on: those that are whole, and the oldest ones where too many are open.
 * They stay open until `withDone`.
 */
export function withSegment(
  texts: OpenTexts,
  segment: JoiningSegment,
  { now, waitMs }: { now: number; waitMs: number },
): { texts: OpenTexts; ready: JoinedText[] } {
  const name = nameOf(segment);
  const part = partOf(segment);
  const done = texts.done.filter(({ at }) => now - at < waitMs);
  const isKnown = done.some((one) => one.name === name && one.digests.includes(digestOf(part)));
  if (isKnown) return { texts: { ...texts, done }, ready: [] };
  const { open, other } = forSegment(texts.open, name, part);
  const before = open.find((one) => one.name === name);
  const { service } = segment;
  const text = before ?? { name, service, total: segment.concatenation.total, at: now, parts: [] };
  const joined = { ...text, parts: [...text.parts.filter((one) => one.part !== part.part), part] };
  const all = { open: [...open.filter((one) => one.name !== name), joined], done };
  const isWhole = joined.parts.length === text.total;
  const ready = [...other, ...(isWhole ? [joined] : tooMany(all.open))];
  return { texts: all, ready: ready.map(joinedText) };
}

/** Another content under the same number is of a later text with the same reference: the earlier one is passed on as it is. */
function forSegment(
  open: readonly OpenText[],
  name: string,
  part: OpenPart,
): { open: OpenText[]; other: OpenText[] } {
  const isOther = (one: OpenText) =>
    one.name === name && one.parts.some((known) => known.part === part.part && known.text !== part.text);
  const renamed = open.map((one) => (isOther(one) ? { ...one, name: `${name}~${one.at}` } : one));
  return { open: renamed, other: renamed.filter((one, at) => one !== open[at]) };
}

/** Texts that were passed on. */
export function withDone(texts: OpenTexts, passedOn: readonly JoinedText[], now: number): OpenTexts {
  const names = new Set(passedOn.map(({ of }) => of.name));
  const done = passedOn.map(({ of }) => ({ name: of.name, at: now, digests: of.parts.map(digestOf) }));
  return {
    open: texts.open.filter(({ name }) => !names.has(name)),
    done: [...done, ...texts.done].slice(0, MOST_DONE),
  };
}

/** Texts that have waited for too long. */
export function overdue({ open }: OpenTexts, before: number): JoinedText[] {
  return open.filter(({ at }) => at <= before).map(joinedText);
}

function tooMany(open: OpenText[]): OpenText[] {
  const parts = open.reduce((sum, one) => sum + one.parts.length, 0);
  if (open.length <= MOST_OPEN && parts <= MOST_PARTS) return [];
  return open.toSorted((one, other) => one.at - other.at).slice(0, 1);
}

function joinedText(of: OpenText): JoinedText {
  const parts = of.parts.toSorted((one, other) => one.part - other.part);
  return {
    id: parts[0]?.id ?? '',
    ids: parts.map(({ id }) => id),
    service: of.service,
    text: textOf(parts, of.total),
    missing: of.total - parts.length,
    of,
  };
}

/** Bytes first, text afterwards: some telephones cut a character in two. */
function textOf(parts: readonly OpenPart[], total: number): string | undefined {
  let text = '';
  let next = 1;
  for (const run of runsOf(parts)) {
    const [first] = run;
    if (!first) continue;
    const decoded = decode(Buffer.concat(run.map((one) => Buffer.from(one.text, 'base64'))), first.alphabet);
    if (decoded === undefined) return undefined;
    text += (first.part > next ? GAP : '') + decoded;
    next = first.part + run.length;
  }
  return next <= total ? text + GAP : text;
}

/** Segments that follow one another, in one alphabet. */
function runsOf(parts: readonly OpenPart[]): OpenPart[][] {
  const runs: OpenPart[][] = [];
  for (const part of parts) {
    const last = runs.at(-1)?.at(-1);
    if (last && last.part + 1 === part.part && last.alphabet === part.alphabet) runs.at(-1)?.push(part);
    else runs.push([part]);
  }
  return runs;
}

function nameOf({ service, concatenation: { bits, reference, total } }: JoiningSegment): string {
  return `${service} ${bits} ${reference} ${total}`;
}

function partOf({ id, alphabet, text, concatenation }: JoiningSegment): OpenPart {
  return { part: concatenation.part, id, alphabet, text: Buffer.from(text).toString('base64') };
}

function digestOf({ part, text }: OpenPart): string {
  return hash('sha256', `${part} ${text}`, 'base64url').slice(0, 12);
}
