import { OUTCOME_STAGES, type Basis, type OutcomeStage } from './events.js';
import { movesForward } from './outcome-order.js';

/** Every change that moves an outcome forward when the network speaks for itself. */
const FORWARD: Record<OutcomeStage, OutcomeStage[]> = {
  stored: ['submitted', 'delivered', 'read', 'failed', 'unknown'],
  submitted: ['delivered', 'read', 'failed', 'unknown'],
  delivered: ['read', 'failed'],
  read: [],
  failed: [],
  unknown: [],
};

describe('an outcome only moves forward', () => {
  test.each(OUTCOME_STAGES)('from %s', (stage) => {
    const after = OUTCOME_STAGES.filter((next) =>
      movesForward({ stage, basis: 'network' }, { stage: next, basis: 'network' }),
    );
    expect(after).toEqual(FORWARD[stage]);
  });

  test.each<[Basis, boolean]>([
    ['network', true],
    ['operator-word', true],
    ['user-device', false],
  ])('"delivered" on the basis %s can become a failure: %s', (basis, can) => {
    expect(movesForward({ stage: 'delivered', basis }, { stage: 'failed', basis: 'network' })).toBe(can);
  });
});
