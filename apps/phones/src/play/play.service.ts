/** Plays the demo conversation on the open phones, at the pace of a reader. */
import { Inject, Injectable } from '@nestjs/common';
import { LOG, runInBackground, sleep, tolerate, type Log } from '#service';
import type { OpenPhone } from '../open-phone.js';
import { OpenPhones } from '../open-phones.js';
import { scriptOf, type Line } from './script.js';

/** Pauses before a line (somebody types) and after it (everybody reads), ms. */
const TYPES_MS = 700;
const READS_MS = 600;
/** A line that has not arrived by then is not waited for. */
const ARRIVES_MS = 15_000;
const LOOK_MS = 40;

/** A line as it was played: its native id on both sides. */
interface Played {
  id: string;
  atOther: string;
}

const UNSAID: Played = { id: '', atOther: '' };

@Injectable()
export class PlayService {
  private running: AbortController | undefined;

  constructor(
    private readonly phones: OpenPhones,
    @Inject(LOG) private readonly log: Log,
  ) {}

  start(): void {
    if (this.running) return;
    const running = new AbortController();
    this.running = running;
    this.phones.events.tell({ type: 'play', on: true });
    runInBackground('demo conversation', this.log, async () => {
      try {
        await this.play(running.signal);
      } finally {
        this.running = undefined;
        this.phones.events.tell({ type: 'play', on: false });
      }
    });
  }

  stop(): void {
    this.running?.abort();
  }

  private async play(signal: AbortSignal): Promise<void> {
    const phones = onePerNetwork(await this.phones.all());
    const script = scriptOf(phones.map(({ owner: { network } }) => network));
    const played: Played[] = [];
    for (const line of script) {
      if (signal.aborted) return;
      const [one, other] = [line.who, line.to].map((slug) =>
        phones.find(({ owner }) => owner.network.slug === slug),
      );
      if (one && other) played.push((await this.said(one, other, line, played, signal)) ?? UNSAID);
      await sleep(READS_MS, signal);
    }
  }

  /** A line that a network refuses does not end the conversation. */
  private said(...line: Parameters<PlayService['say']>): Promise<Played | undefined> {
    return tolerate('line of the demo conversation', this.log, () => this.say(...line));
  }

  private async say(
    one: OpenPhone,
    other: OpenPhone,
    line: Line,
    played: readonly Played[],
    signal: AbortSignal,
  ): Promise<Played> {
    const chat = other.owner.address;
    const types = one.owner.network.person.abilities.includes('type');
    if (types) await one.act({ do: 'type', chat, on: true });
    await sleep(TYPES_MS, signal);
    const before = other.timeline.length;
    const id = await act(one, chat, line, played);
    if (types) await one.act({ do: 'type', chat, on: false });
    return { id, atOther: await arrival(other, before, signal) };
  }
}

function onePerNetwork(phones: readonly OpenPhone[]): OpenPhone[] {
  return phones.filter(
    ({ owner: { network } }, at) =>
      !network.person.onlyCalls && phones.findIndex((one) => one.owner.network.slug === network.slug) === at,
  );
}

function act(one: OpenPhone, chat: string, line: Line, played: readonly Played[]): Promise<string> {
  const seen = (at: number) => played[at]?.atOther ?? '';
  const said = (at: number) => played[at]?.id ?? '';
  if ('answer' in line) return one.act({ do: 'write', chat, text: line.say, reply: seen(line.answer) });
  if ('edit' in line) return one.act({ do: 'edit', chat, target: said(line.edit), text: line.say });
  if ('react' in line) return one.act({ do: 'react', chat, target: seen(line.react), emoji: [line.emoji] });
  if ('recall' in line) return one.act({ do: 'recall', chat, target: said(line.recall) });
  return one.act({ do: 'write', chat, text: line.say });
}

/** Waits until the phone shows something. @returns native id of what arrived; empty if nothing did */
async function arrival(phone: OpenPhone, before: number, signal: AbortSignal): Promise<string> {
  for (let waited = 0; waited < ARRIVES_MS && !signal.aborted; waited += LOOK_MS) {
    const found = phone.timeline
      .slice(before)
      .find(
        ({ kind, text }) => ['text', 'edit', 'recall', 'reaction'].includes(kind) && !text?.startsWith('⚠'),
      );
    if (found) return found.id;
    await sleep(LOOK_MS, signal);
  }
  return '';
}
