/** Level 3: calls. */
import { feature, type CertificationCase } from '../case.js';
import { must } from '../case-failed.js';
import { callOf } from '../events.js';

const call: CertificationCase = {
  id: 'call',
  level: 'L3',
  title: 'A call invitation',
  proves: 'A call invitation with a join link is accepted.',
  remedy: 'Show the invitation in words with its link, or declare no calls.',
  documented: { file: 'adapters.md', heading: 'Capabilities' },
  needs: feature('call'),
  async run(context) {
    const event = callOf(context.newId('call'), context.between());
    await context.acknowledged(await context.publish(event));
    await context.roundTrip();
    const failure = context.witness.outcomes.find(
      ({ event: id, stage }) => id === event.id && stage === 'failed',
    );
    must(!failure, `the event failed with ${failure?.code}`);
  },
};

export const LEVEL_3 = [call];
