import { Inject, Injectable } from '@nestjs/common';
import type { StoredMsg } from '@nats-io/jetstream';
import { DeadLetter, HubError, STREAMS } from '#protocol';
import { ConsoleBus } from '../console-bus.js';

export interface Letter extends DeadLetter {
  id: number;
}

@Injectable()
export class DeadLettersService {
  constructor(@Inject(ConsoleBus) private readonly bus: ConsoleBus) {}

  /** Oldest first, from the one after `after`. */
  async list(after: number, limit: number, network: string | undefined): Promise<Letter[]> {
    const { jsm } = this.session();
    const found: Letter[] = [];
    const { state } = await jsm.streams.info(STREAMS.dead);
    let seq = Math.max(after + 1, state.first_seq);
    while (found.length < limit && seq <= state.last_seq) {
      const message = await jsm.streams
        .getMessage(STREAMS.dead, {
          seq,
          next_by_subj: network === undefined ? 'hub.dead.*' : `hub.dead.${network}`,
        } as { seq: number })
        .catch(() => null);
      if (!message) break;
      found.push(toLetter(message));
      seq = message.seq + 1;
    }
    return found;
  }

  async find(id: number): Promise<Letter> {
    const message = await this.session()
      .jsm.streams.getMessage(STREAMS.dead, { seq: id })
      .catch(() => null);
    if (!message) throw new HubError('14', `no dead letter ${id}`);
    return toLetter(message);
  }

  /** Publishes the original again where it was, under a message id of its own, and takes the letter away. */
  async replay(id: number): Promise<void> {
    const letter = await this.find(id);
    const payload = Buffer.from(letter.payload, 'base64').toString('utf8');
    await this.bus.publisher.publish(letter.subject, payload, `replay:${id}`);
    await this.discard(id);
  }

  async discard(id: number): Promise<void> {
    await this.find(id);
    await this.session().jsm.streams.deleteMessage(STREAMS.dead, id, true);
  }

  private session() {
    const { session } = this.bus.link;
    if (!session) throw new HubError('91', 'the bus is away; try again');
    return session;
  }
}

function toLetter(message: StoredMsg): Letter {
  return { id: message.seq, ...DeadLetter.parse(message.json()) };
}
