/**
 * Messages whose media are still on their way in. The message is stored before the network is told that we have it; its media are
 * fetched then, and what was said later in the same conversation waits behind it. What a crash interrupts is taken
 * up again at the next start, by the next instance.
 */
import { z } from 'zod';
import { HubError, toHubError, type ConversationId, type Network } from '#protocol';
import type { Bucket } from '#bus';
import { awaitedLater, backoff, metrics, runInBackground, sleep, type Log } from '#service';
import type { MessageDraft, NativeAttachment } from '../adapter.contract.js';
import { unavailable, type FetchedAttachment } from './incoming.js';

const MAX_WAITING = 1000;
const PREFIX = 'waiting';
const TIME_LENGTH = 9;
/** A message of that age is of use to nobody, and the bus may have forgotten that it was stored. */
const TOO_OLD_MS = 48 * 3600_000;

interface Entry {
  key: string;
  draft: MessageDraft;
  stored: Promise<void>;
  media: Promise<FetchedAttachment[]>;
}

const Kept = z.object({ conversation: z.string(), draft: z.looseObject({ sentAt: z.string() }) });

export class PendingMessages {
  private readonly conversations = new Map<ConversationId, Entry[]>();
  private readonly stopping = new AbortController();
  private counter = 0;
  private readonly opened = Promise.withResolvers<void>();

  constructor(
    private readonly network: Network,
    private readonly memory: Pick<Bucket, 'put' | 'get' | 'keys' | 'delete'>,
    private readonly fetch: (native: NativeAttachment, stopping: AbortSignal) => Promise<FetchedAttachment>,
    /** Stores the message for good, with what its media have become. */
    private readonly release: (draft: MessageDraft, media: FetchedAttachment[]) => Promise<void>,
    private readonly log: Log,
  ) {}

  /** Does something of this conversation wait? Then what follows must wait too. */
  holds(conversation: ConversationId): boolean {
    return this.conversations.has(conversation);
  }

  /** Resolves when it is stored. In the order of the calls. @throws HubError 65, 91 */
  async admit(conversation: ConversationId, draft: MessageDraft): Promise<void> {
    const queue = this.conversations.get(conversation) ?? [];
    if (queue.length >= MAX_WAITING) throw new HubError('65', 'too many messages wait behind a medium');
    const order =
      Date.now().toString(36).padStart(TIME_LENGTH, '0') + String(++this.counter).padStart(6, '0');
    const key = `${PREFIX}.${conversation.replace(':', '=')}.${order}`;
    const stored = this.memory.put(key, { conversation, draft });
    this.enqueue(conversation, queue, { key, draft, stored, media: this.fetchAll(draft) });
    await stored;
  }

  /** Takes its place again what a former life left; before anything new comes in. Nothing is fetched before `open`. */
  async load(): Promise<void> {
    const keys = await this.memory.keys(`${PREFIX}.>`);
    for (const key of keys.toSorted()) {
      const kept = Kept.safeParse(await this.memory.get(key));
      if (!kept.success) {
        this.log.error({ key }, 'a message with media cannot be read');
        continue;
      }
      const draft = {
        ...kept.data.draft,
        sentAt: new Date(kept.data.draft.sentAt),
      } as unknown as MessageDraft;
      const conversation = kept.data.conversation as ConversationId;
      const queue = this.conversations.get(conversation) ?? [];
      // Nobody has kept its media for so long; its words go, and say what is missing.
      const isOld = admittedAt(key) < Date.now() - TOO_OLD_MS;
      const media = isOld ? Promise.resolve(withoutMedia(draft, '107')) : this.fetchAll(draft);
      const entry = { key, draft, stored: Promise.resolve(), media };
      this.enqueue(conversation, queue, entry);
    }
    if (keys.length > 0) this.log.info({ messages: keys.length }, 'media are taken up again');
  }

  /** The network can be asked. */
  open(): void {
    this.opened.resolve();
  }

  stop(): void {
    this.stopping.abort();
  }

  private fetchAll(draft: MessageDraft): Promise<FetchedAttachment[]> {
    return awaitedLater(
      this.opened.promise.then(() =>
        Promise.all((draft.media ?? []).map((native) => this.fetch(native, this.stopping.signal))),
      ),
    );
  }

  private enqueue(conversation: ConversationId, queue: Entry[], entry: Entry): void {
    queue.push(entry);
    if (queue.length > 1) return;
    this.conversations.set(conversation, queue);
    this.count();
    runInBackground('waiting room', this.log, () => this.work(conversation, queue));
  }

  private async work(conversation: ConversationId, queue: Entry[]): Promise<void> {
    for (let entry = queue[0]; entry && !this.stopping.signal.aborted; entry = queue[0]) {
      if (!(await this.finish(entry))) return;
      queue.shift();
    }
    if (queue.length === 0) this.conversations.delete(conversation);
    this.count();
  }

  private count(): void {
    metrics.mediaWaiting.set({ network: this.network }, this.conversations.size);
  }

  /** @returns false when we are stopping: then all of it stays where it is, for the next life */
  private async finish({ key, draft, stored, media }: Entry): Promise<boolean> {
    try {
      await stored;
    } catch (error) {
      // The network was told that we do not have it, and comes again.
      this.log.info({ native: draft.nativeId, reason: toHubError(error).detail }, 'not admitted');
      return true;
    }
    let become = media;
    for (let attempt = 1; !this.stopping.signal.aborted; attempt++) {
      try {
        await this.release(draft, await become);
        await this.memory.delete(key);
        return true;
      } catch (thrown) {
        if (this.stopping.signal.aborted) return false;
        const { code, detail, verdict } = toHubError(thrown);
        this.log.error(
          { native: draft.nativeId, code, reason: detail, attempt },
          'a message with media is not stored',
        );
        if (verdict === 'retry') await sleep(backoff(attempt, 500, 20_000), this.stopping.signal);
        else if (become !== media) return true;
        // Something of its media cannot be said on the bus: then it goes without them, and says so.
        else become = Promise.resolve(withoutMedia(draft, '106'));
      }
    }
    return false;
  }
}

function admittedAt(key: string): number {
  return parseInt((key.split('.').at(-1) ?? '').slice(0, TIME_LENGTH), 36);
}

function withoutMedia(draft: MessageDraft, why: '106' | '107'): FetchedAttachment[] {
  return (draft.media ?? []).map((native) => unavailable(native, why));
}
