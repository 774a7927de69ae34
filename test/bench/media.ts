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
import { TestNetwork } from '#adapter-contract';
import { HubFixture, until, type App } from '../support/hub-fixture.js';
import { CONVERSATIONS, latencies, round, type Row } from './measure.js';

const ADAPTER = 'dist/libs/adapter-contract/src/test-adapter.main.js';
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

export interface MediaResult {
  rows: Row[];
  mediaMbPerS: number;
  copyMbPerS: number;
  peakRssMb: number;
  textP99Moved: number;
}

export async function mediaBench(note: (text: string) => void): Promise<MediaResult> {
  const bench = await MediaBench.open();
  try {
    const [copies, media]: [number[], number[]] = [[], []];
    for (let turn = 1; turn <= ROUNDS; turn++) {
      copies.push(await bench.copy(turn));
      media.push(await bench.medium());
      note(`round ${turn}: copy ${copies.at(-1)} MB/s, network to network ${media.at(-1)} MB/s`);
    }
    const [copyMbPerS, mediaMbPerS] = [middle(copies), middle(media)];
    const memory = bench.memory();
    const quiet = await bench.talk(QUIET_S * LINES_PER_SECOND, () => false);
    const copying = await bench.talkWhile((files) => bench.copyElsewhere(files));
    const busy = await bench.talkWhile((files) => Promise.all(files.map((path) => bench.send(path))));
    note(
      `text p99: ${quiet.p99} ms alone, ${copying.p99} ms during ${TRANSFERS} plain copies, ${busy.p99} ms during ${TRANSFERS} transfers`,
    );
    const textP99Moved = round(busy.p99 / quiet.p99 - 1);
    const peakRssMb = Math.max(...Object.values(memory).map(({ peak }) => peak));
    return {
      rows: [
        { part: 'media', what: `plain object-store copy, ${SIZE_MB} MB`, mbPerS: copyMbPerS },
        {
          part: 'media',
          what: `network to network, ${SIZE_MB} MB`,
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
      mediaMbPerS,
      copyMbPerS,
      peakRssMb,
      textP99Moved,
    };
  } finally {
    await bench.close();
  }
}

class MediaBench {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hutong-media-bench-'));
  private counter = 0;
  /** Peaks after small files. */
  private before: Record<string, number> = {};

  private constructor(
    private readonly hub: HubFixture,
    private readonly north: TestNetwork,
    private readonly south: TestNetwork,
    private readonly apps: Record<string, App>,
    private readonly plain: ObjectStore,
  ) {}

  static async open(): Promise<MediaBench> {
    const hub = await HubFixture.open();
    const [north, south] = [await TestNetwork.open('north'), await TestNetwork.open('south')];
    const adapterOf = async (net: TestNetwork) =>
      hub.app(`adapter-${net.slug}`, ADAPTER, {
        TEST_NETWORK: net.slug,
        TEST_PORT: String(net.port),
        NATS_CREDS: await hub.admit(net.slug),
        MEDIA_MAX_MB: '200',
      });
    const apps = {
      switch: await hub.switch(),
      'the sending adapter': await adapterOf(north),
      'the receiving adapter': await adapterOf(south),
    };
    const session = hub.link.session;
    if (!session) throw new Error('the bus is away');
    const bench = new MediaBench(hub, north, south, apps, await new Objm(session.js).create('plain'));
    for (let warm = 0; warm < SMALL_ROUNDS; warm++) await bench.medium(SMALL_MB);
    bench.before = bench.statusOf('VmHWM');
    return bench;
  }

  /** Into the store from a file, out of it into a file, one after the other, as a transfer is. */
  async copy(turn: number): Promise<number> {
    const [from, to] = [this.file(SIZE_MB), join(this.folder, 'copied')];
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
    return round(SIZE_MB / seconds);
  }

  async medium(megabytes = SIZE_MB): Promise<number> {
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
    this.south.onAct = (act) => {
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
      this.north.act({ kind: 'message', from: `f${pair}`, to: `t${pair}@south`, text, quiet: true });
    }
    await until('all lines to arrive', () => took.length === sentAt.size);
    return latencies(took);
  }

  async talkWhile(work: (files: string[]) => Promise<unknown>): Promise<{ p50: number; p99: number }> {
    const files = Array.from({ length: TRANSFERS }, () => this.file(TRANSFER_MB));
    let over = false;
    const worked = work(files).finally(() => (over = true));
    const measured = await this.talk(Infinity, () => over);
    await worked;
    return measured;
  }

  /** By a process that shares nothing with ours but the bus: what this machine does to a text in any case. */
  async copyElsewhere(files: string[]): Promise<void> {
    const creds = this.hub.credentials('copy', await this.hub.authority.hubCredentials('copy'));
    await promisify(execFile)(process.execPath, [COPY, this.hub.natsUrl, creds, ...files]);
  }

  memory(): Record<string, { before: number; peak: number }> {
    const peaks = this.statusOf('VmHWM');
    return Object.fromEntries(
      Object.entries(peaks).map(([name, peak]) => [name, { before: this.before[name] ?? 0, peak }]),
    );
  }

  async close(): Promise<void> {
    await this.hub.close();
    await this.north.close();
    await this.south.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async send(path: string): Promise<void> {
    const n = ++this.counter;
    this.north.act({ kind: 'message', from: `f${n}`, to: `t${n}@south`, media: { path }, quiet: true });
    await until('it to arrive', () => this.south.inbox(`t${n}`).length > 0, 600_000);
    rmSync(this.south.inbox(`t${n}`)[0]?.media?.path ?? '', { force: true });
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
    const entries = Object.entries(this.apps).flatMap(
      ([
        name,
        {
          child: { pid },
        },
      ]) => {
        const [mover] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
        return [
          [name, of(pid)] as const,
          ...(mover ? [[`what moves files for ${name}`, of(mover)] as const] : []),
        ];
      },
    );
    return Object.fromEntries(entries);
  }
}

function middle(numbers: number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
