/** Level 3: calls. */
import type { DurableEvent } from '#protocol';
import { shownSomehow, type CertificationCase } from '../case.js';
import type { CaseContext } from '../case-context.js';
import { must } from '../case-failed.js';
import { callOf, giveUpOf } from '../events.js';

const call: CertificationCase = {
  id: 'call',
  level: 'L3',
  title: 'A call that is given up',
  proves: 'A call invitation is taken, as a call or in words, and so is its end: no telephone keeps ringing.',
  remedy:
    'Show the invitation as a call or in words, and stop ringing when it is cancelled, or declare that calls are rejected.',
  documented: { file: 'adapters.md', heading: 'Calls' },
  needs: shownSomehow('call'),
  async run(context) {
    const invitation = callOf(context.newId('call'), context.between());
    await taken(context, invitation);
    await taken(context, giveUpOf(context.newId('call'), invitation.id, context.between()));
  },
};

/** The network gets it, and still answers. */
async function taken(context: CaseContext, event: DurableEvent): Promise<void> {
  await context.acknowledged(await context.publish(event));
  await context.roundTrip();
  const failure = context.witness.outcomes.find(
    ({ event: id, stage }) => id === event.id && stage === 'failed',
  );
  must(!failure, `the event failed with ${failure?.code}`);
}

export const LEVEL_3 = [call];
