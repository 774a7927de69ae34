/** Answers sign-on like the console, for networks whose adapters have several processes. */
import { answer } from '#bus';
import { ANY, errorReply, networkInSubject, SignOn, subjects } from '#protocol';
import { LivenessBoard } from '../../apps/console/src/networks/liveness.js';
import type { HubFixture } from './hub-fixture.js';

/** @param peers all networks, for which the others are peers */
export async function serveSharedSignOn(hub: HubFixture, peers: string[] = []): Promise<void> {
  const board = new LivenessBoard();
  for (const verb of ['signon', 'heartbeat'] as const) {
    const reply = (body: unknown, subject: string) => {
      const source = networkInSubject(subject);
      board.beat(SignOn.parse(body));
      const { working } = board.processesOf(source);
      const others = peers.filter((slug) => slug !== source);
      return Promise.resolve({ code: '00', peers: others, ids: [], durable: true, instances: working });
    };
    await answer(hub.link, subjects.control(verb, ANY), reply, errorReply);
  }
}
