/**
 * Messages whose attachments are still being fetched. A message is stored in the bucket `waiting-<network>` before the
 * native network gets its acknowledgement; its attachments are fetched afterwards. Later messages of the same conversation
 * wait behind it, so that the order is kept. After a crash the next process of the adapter continues (`resumePending`).
 */
import { z } from 'zod';
import { HubError, toHubError, type ConversationId, type Network } from '#protocol';
import type { Bucket } from '#bus';
import { awaitedLater, backoff, metrics, runInBackground, sleep, type Log } from '#service';
import type { MessageDraft, NativeAttachment } from '../drafts.contract.js';
import { unavailable, type FetchedAttachment } from './incoming.js';

/** Messages of one conversation that may wait at the same time. */
const MAX_WAITING = 1000;
/** Conversations with waiting messages. */
const MAX_CONVERSATIONS = 20_000;
const PREFIX = 'waiting';
const TIME_LENGTH = 9;
/** The attachments of an older message are not fetched any more: the message would have expired (code 68). */
const TOO_OLD_MS = 48 * 3600_000;

interface Entry {
  key: string;
  draft: MessageDraft;
  /** Resolves when the draft is in the bucket. */
  stored: Promise<void>;
  /** Resolves when every attachment was fetched, or failed for good. */
  fetched: Promise<FetchedAttachment[]>;
}

export interface PendingMessagesOptions {
  network: Network;
  memory: Pick<Bucket, 'put' | 'get' | 'keys' | 'delete'>;
  /** Fetches one attachment. Rejects only when `stopping` is aborted. */
  fetch: (native: NativeAttachment, stopping: AbortSignal) => Promise<FetchedAttachment>;
  /** Stores the event of a message whose attachments were fetched. */
  store: (draft: MessageDraft, fetched: FetchedAttachment[]) => Promise<void>;
  log: Log;
}

/** As JSON keeps it. */
type StoredDraft = Omit<MessageDraft, 'sentAt'> & { sentAt: string };
const hasTime = z.looseObject({ sentAt: z.string() });
const Kept = z.object({
  conversation: z.string(),
  draft: z.custom<StoredDraft>((value) => hasTime.safeParse(value).success),
});

export class PendingMessages {
  private readonly conversations = new Map<ConversationId, Entry[]>();
  private readonly stopping = new AbortController();
  private counter = 0;
  /** Resolves when the adapter has started, so that it can fetch. */
  private readonly adapterStarted = Promise.withResolvers<void>();

  constructor(private readonly options: PendingMessagesOptions) {}

  /** Whether a message of this conversation waits: later messages must then wait behind it. */
  holds(conversation: ConversationId): boolean {
    return this.conversations.has(conversation);
  }

  /** Resolves when the draft is on disk. Keeps the order of the calls. @throws HubError 65 when too many messages of the conversation wait, 91 */
  async admit(conversation: ConversationId, draft: MessageDraft): Promise<void> {
    const queue = this.conversations.get(conversation) ?? [];
    if (queue.length === 0 && this.conversations.size >= MAX_CONVERSATIONS)
      throw new HubError('65', 'messages of too many conversations wait for an attachment');
    if (queue.length >= MAX_WAITING)
      throw new HubError('65', 'too many messages of this conversation wait for an attachment');
    const order =
      Date.now().toString(36).padStart(TIME_LENGTH, '0') + String(++this.counter).padStart(6, '0');
    const key = `${PREFIX}.${conversation.replace(':', '=')}.${order}`;
    const stored = this.options.memory.put(key, { conversation, draft });
    this.enqueue(conversation, queue, { key, draft, stored, fetched: this.fetchAll(draft) });
    await stored;
  }

  /**
   * Queues again the messages that an earlier process left in the bucket. Called once, before the adapter starts and
   * submits new messages. Attachments are fetched only after `adapterHasStarted`.
   */
  async resumePending(): Promise<void> {
    const keys = await this.options.memory.keys(`${PREFIX}.>`);
    for (const key of keys.toSorted()) {
      const kept = Kept.safeParse(await this.options.memory.get(key));
      if (!kept.success) {
        this.options.log.error({ key }, 'stored message with attachments is unreadable, skipped');
        continue;
      }
      const draft = { ...kept.data.draft, sentAt: new Date(kept.data.draft.sentAt) };
      const conversation = kept.data.conversation as ConversationId;
      const queue = this.conversations.get(conversation) ?? [];
      // The network has deleted such old attachments: the words are sent, with a placeholder for each attachment.
      const isOld = admittedAt(key) < Date.now() - TOO_OLD_MS;
      const fetched = isOld ? Promise.resolve(withoutAttachments(draft, '107')) : this.fetchAll(draft);
      const entry = { key, draft, stored: Promise.resolve(), fetched };
      this.enqueue(conversation, queue, entry);
    }
    if (keys.length > 0)
      this.options.log.info(
        { messages: keys.length },
        'fetching attachments of messages that an earlier process accepted',
      );
  }

  /** From now on attachments are fetched. */
  adapterHasStarted(): void {
    this.adapterStarted.resolve();
  }

  stop(): void {
    this.stopping.abort();
  }

  private fetchAll(draft: MessageDraft): Promise<FetchedAttachment[]> {
    return awaitedLater(
      this.adapterStarted.promise.then(() =>
        Promise.all((draft.media ?? []).map((native) => this.options.fetch(native, this.stopping.signal))),
      ),
    );
  }

  private enqueue(conversation: ConversationId, queue: Entry[], entry: Entry): void {
    queue.push(entry);
    if (queue.length > 1) return;
    this.conversations.set(conversation, queue);
    this.count();
    runInBackground('messages with attachments', this.options.log, () => this.work(conversation, queue));
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
    metrics.mediaWaiting.set({ network: this.options.network }, this.conversations.size);
  }

  /** @returns false when the adapter is stopping: the messages stay in the bucket for the next process */
  private async finish({ key, draft, stored, fetched }: Entry): Promise<boolean> {
    try {
      await stored;
    } catch (error) {
      // `admit` rejected, so the native network was not acknowledged and sends the message again.
      this.options.log.info(
        { native: draft.nativeId, reason: toHubError(error).detail },
        'message not accepted',
      );
      return true;
    }
    let attachments = fetched;
    for (let attempt = 1; !this.stopping.signal.aborted; attempt++) {
      try {
        await this.options.store(draft, await attachments);
        await this.options.memory.delete(key);
        return true;
      } catch (thrown) {
        if (this.stopping.signal.aborted) return false;
        const { code, detail, verdict } = toHubError(thrown);
        this.options.log.error(
          { native: draft.nativeId, code, reason: detail, attempt },
          'message with attachments not stored',
        );
        if (verdict === 'retry') await sleep(backoff(attempt, 500, 20_000), this.stopping.signal);
        else if (attachments !== fetched) return true;
        // What was fetched makes the event invalid: send the message with a placeholder for each attachment.
        else attachments = Promise.resolve(withoutAttachments(draft, '106'));
      }
    }
    return false;
  }
}

function admittedAt(key: string): number {
  return parseInt((key.split('.').at(-1) ?? '').slice(0, TIME_LENGTH), 36);
}

function withoutAttachments(draft: MessageDraft, why: '106' | '107'): FetchedAttachment[] {
  return (draft.media ?? []).map((native) => unavailable(native, why));
}
