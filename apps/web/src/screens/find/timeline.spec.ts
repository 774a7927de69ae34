import { stepsOf, toneOfState, type Checkpoint } from './timeline';

const at = (stage: Checkpoint['stage'], time: string): Checkpoint => ({
  stage,
  kind: 'message',
  network: 'alpha',
  code: '00',
  detail: null,
  at: `2026-11-28T09:00:${time}Z`,
});

describe('timeline of a message', () => {
  it('is in the order of time, with the time that each step took', () => {
    const steps = stepsOf([at('delivered', '02.500'), at('accepted', '00.000'), at('routed', '00.040')]);
    expect(
      steps.map(({ checkpoint, ...times }) => [checkpoint.stage, times.sinceFirst, times.sincePrevious]),
    ).toEqual([
      ['accepted', 0, 0],
      ['routed', 40, 40],
      ['delivered', 2500, 2460],
    ]);
  });

  it('is empty without checkpoints', () => expect(stepsOf([])).toEqual([]));

  it('a failure is bad, a message on the way waits', () => {
    expect(stepsOf([at('failed', '01.000')])[0]?.tone).toBe('bad');
    expect(toneOfState('on the way')).toBe('waiting');
  });
});
