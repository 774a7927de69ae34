/** 100 MB from network to network, beside a plain copy through the client's own object store; memory; and text meanwhile. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { Objm, type ObjectStore } from '@nats-io/obj';
import { until } from '../support/hub-fixture.js';
import type { Exchange } from './exchange.js';
import { CONVERSATIONS, latencies, round } from './measure.js';
import type { Measured } from './path.js';
import { scaled, type Scale } from './scale.js';

const COPY = 'dist/test/bench/plain-copy.main.js';
const MB = 1024 * 1024;
const SIZE_MB = 100;
const ROUNDS = 3;
/** As many bytes in small files: if memory is flat, it does not matter how large a file is. */
const SMALL_MB = 10;
const SMALL_ROUNDS = 10;
const TRANSFERS = 20;
const TRANSFER_MB = 20;
const LINES_PER_SECOND = 50;
const QUIET_S = 30;
const MEASURED = ['switch', 'adapter-north', 'adapter-south'];

/** Settings of the adapters, which otherwise refuse the largest file. */
export const LARGE_FILES = { MEDIA_MAX_MB: '200' };

/** @param exchange its adapters take files of 100 MB */
export async function mediaBench(exchange: Exchange, scale: Scale): Promise<Measured> {
  const { note } = scale;
  const bench = await MediaBench.on(exchange, scale);
  const sizeMb = scaled(SIZE_MB, scale);
  try {
    const [copies, media]: [number[], number[]] = [[], []];
    for (let turn = 1; turn <= (scale.share < 1 ? 1 : ROUNDS); turn++) {
      copies.push(await bench.copy(turn, sizeMb));
      media.push(await bench.medium(sizeMb));
      note(`round ${turn}: copy ${copies.at(-1)} MB/s, network to network ${media.at(-1)} MB/s`);
    }
    const [copyMbPerS, mediaMbPerS] = [middle(copies), middle(media)];
    const memory = bench.memory();
    const quiet = await bench.talk(scaled(QUIET_S * LINES_PER_SECOND, scale), () => false);
    const copying = await bench.talkWhile((files) => bench.copyElsewhere(files));
    const busy = await bench.talkWhile((files) => Promise.all(files.map((path) => bench.send(path))));
    note(
      `text p99: ${quiet.p99} ms alone, ${copying.p99} ms during ${TRANSFERS} plain copies, ${busy.p99} ms during ${TRANSFERS} transfers`,
    );
    const textP99Moved = round(busy.p99 / quiet.p99 - 1);
    const peakRssMb = Math.max(...Object.values(memory).map(({ peak }) => peak));
    return {
      rows: [
        { part: 'media', what: `plain object-store copy, ${sizeMb} MB`, mbPerS: copyMbPerS },
        {
          part: 'media',
          what: `network to network, ${sizeMb} MB`,
          mbPerS: mediaMbPerS,
          ratio: round(mediaMbPerS / copyMbPerS),
        },
        ...Object.entries(memory).map(([name, { before, peak }]) => ({
          part: 'media',
          what: `memory of ${name}`,
          peakAt10Mb: before,
          peakAt100Mb: peak,
        })),
        { part: 'media', what: 'text alone', ...quiet },
        {
          part: 'media',
          what: `text during ${TRANSFERS} plain copies of ${TRANSFER_MB} MB`,
          ...copying,
          moved: round(copying.p99 / quiet.p99 - 1),
        },
        {
          part: 'media',
          what: `text during ${TRANSFERS} transfers of ${TRANSFER_MB} MB`,
          ...busy,
          moved: textP99Moved,
        },
      ],
      figures: { mediaMbPerS, copyMbPerS, peakRssMb, textP99Moved },
    };
  } finally {
    bench.close();
  }
}

class MediaBench {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hutong-media-bench-'));
  private counter = 0;
  /** Peaks after small files. */
  private before: Record<string, number> = {};

  private constructor(
    private readonly exchange: Exchange,
    private readonly plain: ObjectStore,
    private readonly scale: Scale,
  ) {}

  static async on(exchange: Exchange, scale: Scale): Promise<MediaBench> {
    const session = exchange.hub.link.session;
    if (!session) throw new Error('the bus is away');
    const bench = new MediaBench(exchange, await new Objm(session.js).create('plain'), scale);
    for (let warm = 0; warm < scaled(SMALL_ROUNDS, scale); warm++)
      await bench.medium(scaled(SMALL_MB, scale));
    bench.before = bench.statusOf('VmHWM');
    return bench;
  }

  /** Into the store from a file, out of it into a file, one after the other, as a transfer is. */
  async copy(turn: number, sizeMb: number): Promise<number> {
    const [from, to] = [this.file(sizeMb), join(this.folder, 'copied')];
    const start = performance.now();
    await this.plain.put(
      { name: `copy-${turn}` },
      Readable.toWeb(createReadStream(from)) as ReadableStream<Uint8Array>,
    );
    const found = await this.plain.get(`copy-${turn}`);
    if (!found) throw new Error('the copy is not there');
    await pipeline(Readable.fromWeb(found.data as never), createWriteStream(to));
    const seconds = (performance.now() - start) / 1000;
    await this.plain.delete(`copy-${turn}`);
    return round(sizeMb / seconds);
  }

  async medium(megabytes: number): Promise<number> {
    const path = this.file(megabytes);
    const start = performance.now();
    await this.send(path);
    return round((megabytes * 1000) / (performance.now() - start));
  }

  /** Lines of a conversation until there are enough of them, or the work beside them is done. */
  async talk(lines: number, over: () => boolean): Promise<{ p50: number; p99: number }> {
    const talk = ++this.counter;
    const sentAt = new Map<string, number>();
    const took: number[] = [];
    this.exchange.south.onAct = (act) => {
      const at = sentAt.get(act.text ?? '');
      if (at !== undefined) took.push(performance.now() - at);
    };
    const start = performance.now();
    for (let line = 0; line < lines && !over(); line++) {
      const due = start + (line * 1000) / LINES_PER_SECOND - performance.now();
      if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
      const text = `line ${talk} ${line}`;
      const pair = `${talk}-${line % CONVERSATIONS}`;
      sentAt.set(text, performance.now());
      this.exchange.north.act({ kind: 'message', from: `f${pair}`, to: `t${pair}@south`, text, quiet: true });
    }
    await until('all lines to arrive', () => took.length === sentAt.size);
    return latencies(took);
  }

  async talkWhile(work: (files: string[]) => Promise<unknown>): Promise<{ p50: number; p99: number }> {
    const files = Array.from({ length: scaled(TRANSFERS, this.scale) }, () =>
      this.file(scaled(TRANSFER_MB, this.scale)),
    );
    let over = false;
    const worked = work(files).finally(() => (over = true));
    const measured = await this.talk(Infinity, () => over);
    await worked;
    return measured;
  }

  /** By a process that shares nothing with ours but the bus: what this machine does to a text in any case. */
  async copyElsewhere(files: string[]): Promise<void> {
    const creds = this.exchange.hub.credentials(
      'copy',
      await this.exchange.hub.authority.hubCredentials('copy'),
    );
    await promisify(execFile)(process.execPath, [COPY, this.exchange.hub.natsUrl, creds, ...files]);
  }

  memory(): Record<string, { before: number; peak: number }> {
    const peaks = this.statusOf('VmHWM');
    return Object.fromEntries(
      Object.entries(peaks).map(([name, peak]) => [name, { before: this.before[name] ?? 0, peak }]),
    );
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async send(path: string): Promise<void> {
    const n = ++this.counter;
    this.exchange.north.act({
      kind: 'message',
      from: `f${n}`,
      to: `t${n}@south`,
      media: { path },
      quiet: true,
    });
    await until('it to arrive', () => this.exchange.south.inbox(`t${n}`).length > 0, 600_000);
    rmSync(this.exchange.south.inbox(`t${n}`)[0]?.media?.path ?? '', { force: true });
  }

  /** Each of another content: the same would not be stored again. */
  private file(megabytes: number): string {
    const path = join(this.folder, `file-${++this.counter}`);
    writeFileSync(path, randomBytes(megabytes * MB));
    return path;
  }

  /** Of the apps, and of the processes that they started, in MB. */
  private statusOf(field: 'VmHWM'): Record<string, number> {
    const of = (pid: number | string | undefined) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024);
    };
    const entries = MEASURED.flatMap((name) => {
      const pid = this.exchange.pidOf(name);
      const [mover] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
      const what = [`the process ${name}`, of(pid)] as const;
      return mover ? [what, [`what moves files for ${name}`, of(mover)] as const] : [what];
    });
    return Object.fromEntries(entries);
  }
}

function middle(numbers: number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
