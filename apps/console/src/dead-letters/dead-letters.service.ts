import { Injectable } from '@nestjs/common';
import type { StoredMsg } from '@nats-io/jetstream';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import {
  subjects,
  ANY,
  DeadLetter,
  parseJson,
  networkInSubject,
  inStream,
  STREAMS,
  type Network,
} from '#protocol';
import { AuditService, type Change } from '../audit/audit.service.js';
import { ConsoleBus } from '../core/console-bus.js';

export interface Letter extends DeadLetter {
  id: number;
}

/** Streams that can contain the original of a dead letter. */
function streamOf(subject: string): string | undefined {
  switch (subject.split('.')[1]) {
    case 'in':
      return inStream(networkInSubject(subject));
    case 'out':
      return STREAMS.out;
    case 'report':
      return STREAMS.report;
    default:
      return undefined;
  }
}

@Injectable()
export class DeadLettersService {
  constructor(
    private readonly bus: ConsoleBus,
    private readonly audit: AuditService,
  ) {}

  /** Oldest first, after the number `after`. */
  async list(after: number, limit: number, network: Network | undefined): Promise<Letter[]> {
    const { jsm } = this.session();
    const found: Letter[] = [];
    const { state } = await jsm.streams.info(STREAMS.dead);
    let seq = Math.max(after + 1, state.first_seq);
    while (found.length < limit && seq <= state.last_seq) {
      const message = await jsm.streams.getMessage(STREAMS.dead, {
        seq,
        next_by_subj: subjects.dead(network ?? ANY),
      } as { seq: number });
      if (!message) break;
      found.push(toLetter(message));
      seq = message.seq + 1;
    }
    return found;
  }

  /** Number of the newest letter that was ever stored; 0: none. */
  async lastNumber(): Promise<number> {
    return (await this.session().jsm.streams.info(STREAMS.dead)).state.last_seq;
  }

  /** By network; without networks that have none. */
  async counts(): Promise<Map<string, number>> {
    const filter = { subjects_filter: subjects.dead(ANY) };
    const { state } = await this.session().jsm.streams.info(STREAMS.dead, filter);
    return new Map(
      Object.entries(state.subjects ?? {}).map(([subject, count]) => [networkInSubject(subject), count]),
    );
  }

  async find(id: number): Promise<Letter> {
    const message = await this.session().jsm.streams.getMessage(STREAMS.dead, { seq: id });
    if (!message) throw noLetter(id);
    return toLetter(message);
  }

  /** Shows a letter with the content of the message. The read is written to the audit log first. */
  async read(by: ApiKeyRow, letter: Letter): Promise<Letter> {
    return this.audit.changing(noted(by, 'read', letter), () => Promise.resolve(letter));
  }

  /**
   * Publishes the original again on its subject with a new message id, and deletes the letter. The letter was written by a network
   * and is not trusted: the hub publishes only what its own stream contains.
   * @throws ApiProblem not-found if the stream does not contain the original
   */
  async replay(by: ApiKeyRow, id: number): Promise<void> {
    const letter = await this.find(id);
    const original = await this.original(letter);
    await this.audit.changing(noted(by, 'replayed', letter), async () => {
      await this.bus.publisher.publish(letter.subject, original.string(), `replay:${id}`);
      await this.takeAway(id);
    });
  }

  async discard(by: ApiKeyRow, id: number): Promise<void> {
    const letter = await this.find(id);
    await this.audit.changing(noted(by, 'discarded', letter), () => this.takeAway(id));
  }

  private async original({ id, network, subject, seq }: Letter): Promise<StoredMsg> {
    const stream = streamOf(subject);
    const kept = stream && seq > 0 && (await this.session().jsm.streams.getMessage(stream, { seq }));
    if (!kept || kept.subject !== subject || networkInSubject(subject) !== network)
      throw new ApiProblem(
        'not-found',
        `the original of dead letter ${id} is no longer on the bus, which keeps messages for a week`,
      );
    return kept;
  }

  private async takeAway(id: number): Promise<void> {
    await this.session().jsm.streams.deleteMessage(STREAMS.dead, id, true);
  }

  private session() {
    const { session } = this.bus.link;
    if (!session) throw new ApiProblem('unavailable', 'the bus is away; try again');
    return session;
  }
}

/** The same answer for a letter of another network, so that nobody learns the numbers of others. */
export function noLetter(id: number): ApiProblem {
  return new ApiProblem('not-found', `no dead letter ${id}`);
}

/** A network can write anything to its dead letters. What is no valid letter is shown as raw bytes and can be discarded. */
function toLetter(message: StoredMsg): Letter {
  const { seq: id, subject } = message;
  const network = networkInSubject(subject);
  const written = DeadLetter.safeParse(parseJson(message.data));
  if (written.success) return { ...written.data, id, network };
  return {
    id,
    network,
    subject,
    seq: id,
    reason: '30',
    detail: 'not a dead letter as the schema has it',
    attempts: 1,
    at: message.time.toISOString(),
    size: message.data.byteLength,
    payload: Buffer.from(message.data).toString('base64'),
  };
}

function noted(by: ApiKeyRow, verb: 'read' | 'replayed' | 'discarded', letter: Letter): Change {
  const { id, network, eventId, reason, detail } = letter;
  return {
    by,
    action: `dead-letter.${verb}`,
    subject: `dead-letter/${id}`,
    reason: `it died of ${reason}: ${detail}`,
    change: { network, eventId },
    networks: [network],
  };
}
