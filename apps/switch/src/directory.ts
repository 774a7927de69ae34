/** Who has which number, asked of the console and remembered for a while; never asked twice at once. */
import type { Msg } from '@nats-io/transport-node';
import { LRUCache } from 'lru-cache';
import { ask, type BusConnection } from '#bus';
import {
  DirectoryChange,
  DirectoryReply,
  HubError,
  parseJson,
  subjects,
  type DirectoryEntry,
  type DirectoryRequest,
  type E164,
} from '#protocol';
import { guarded, metrics } from '#service';

const REMEMBERED = 200_000;
const KNOWN_MS = 60_000;
/** Somebody may be linking it right now. */
const UNKNOWN_MS = 5000;
const ANSWER_MS = 2000;

export class Directory {
  private readonly entries = new LRUCache<E164, DirectoryEntry>({ max: REMEMBERED });
  private readonly asked = new Map<E164, Promise<DirectoryEntry>>();

  constructor(private readonly ask: (number: E164) => Promise<DirectoryEntry>) {}

  static async on(link: BusConnection): Promise<Directory> {
    const directory = new Directory((number) => askConsole(link, number));
    await link.onSession(({ nc }) => {
      // What was said while we were away was not heard.
      directory.forgetAll();
      nc.subscribe(subjects.directoryChanged, {
        callback: guarded('directory changes', link.log, (error: Error | null, message: Msg) => {
          if (!error) directory.heard(message.data);
        }),
      });
    });
    return directory;
  }

  /** What is remembered. */
  known(number: E164): DirectoryEntry | undefined {
    return this.entries.get(number);
  }

  /** @throws HubError 91, 96 when the directory does not answer */
  async find(number: E164): Promise<DirectoryEntry> {
    const known = this.known(number) ?? this.asked.get(number);
    if (known) return known;
    const asking = this.ask(number);
    this.asked.set(number, asking);
    try {
      const entry = await asking;
      // Forgotten meanwhile: good for whoever asked before, not for those who come now.
      if (this.asked.get(number) === asking)
        this.entries.set(number, entry, { ttl: isKnown(entry) ? KNOWN_MS : UNKNOWN_MS });
      return entry;
    } finally {
      if (this.asked.get(number) === asking) this.asked.delete(number);
    }
  }

  forget(number: E164): void {
    this.entries.delete(number);
    this.asked.delete(number);
  }

  forgetAll(): void {
    this.entries.clear();
    this.asked.clear();
  }

  /** A change that cannot be read may be of any number: then all are asked for anew. */
  private heard(bytes: Uint8Array): void {
    const change = DirectoryChange.safeParse(parseJson(bytes));
    if (change.success) return this.forget(change.data.number);
    metrics.badMessages.inc({ kind: 'directory change' });
    this.forgetAll();
  }
}

async function askConsole(link: BusConnection, number: E164): Promise<DirectoryEntry> {
  const request: DirectoryRequest = { number };
  const { code, entry, detail } = await ask(link, subjects.directory, request, DirectoryReply, ANSWER_MS);
  if (!entry) throw new HubError(code === '00' ? '96' : code, detail ?? 'the directory has no answer');
  return entry;
}

function isKnown({ ported, links }: DirectoryEntry): boolean {
  return ported !== undefined || links.length > 0;
}
