/** Level 3: calls. */
import { feature, type CertificationCase } from '../case.js';
import { must } from '../must.js';
import { callOf } from '../events.js';

const call: CertificationCase = {
  id: 'call',
  level: 'L3',
  title: 'An invitation to a call',
  proves: 'An invitation with an address to open is taken and not refused.',
  needs: feature('call'),
  async run(stage) {
    const event = callOf(stage.newId('call'), stage.between());
    await stage.acknowledged(await stage.publish(event));
    await stage.roundTrip();
    const failure = stage.witness.outcomes.find(
      ({ event: id, outcome }) => id === event.id && outcome === 'failed',
    );
    must(!failure, `it failed with ${failure?.code}`);
  },
};

export const LEVEL_3 = [call];
