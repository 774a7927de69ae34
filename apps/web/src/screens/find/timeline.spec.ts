import { stepsOf, toneOfState, type Checkpoint, type Trace } from './timeline';

const at = (stage: Checkpoint['stage'], time: string, kind = 'message'): Checkpoint => ({
  stage,
  kind,
  network: 'alpha',
  code: '00',
  detail: null,
  at: `2026-11-28T09:00:${time}Z`,
});
const trace = (
  checkpoints: Checkpoint[],
  sentAt: string | null = null,
): Pick<Trace, 'sentAt' | 'from' | 'checkpoints'> => ({ sentAt, from: 'im:li@alpha', checkpoints });

describe('timeline of a message', () => {
  it('is in the order of time, with the time that each step took', () => {
    const steps = stepsOf(
      trace([at('delivered', '02.500'), at('accepted', '00.000'), at('routed', '00.040')]),
    );
    expect(steps.map(({ name, sinceFirst, sincePrevious }) => [name, sinceFirst, sincePrevious])).toEqual([
      ['accepted', 0, 0],
      ['routed', 40, 40],
      ['delivered', 2500, 2460],
    ]);
  });

  it('begins in the network of the sender, also when its clock is ahead', () => {
    const sentAt = '2026-11-28T09:05:00.000Z';
    const [first, second] = stepsOf(trace([at('accepted', '00.000')], sentAt));
    expect(first).toMatchObject({ name: 'sent', network: 'alpha', at: sentAt, sincePrevious: 0 });
    expect(second).toMatchObject({ name: 'accepted', sinceFirst: 0, sincePrevious: 0 });
  });

  it('a receipt is a step of its own name, not one more acceptance of the message', () => {
    const steps = stepsOf(trace([at('accepted', '00.000'), at('accepted', '01.000', 'receipt')]));
    expect(steps.map(({ name, stage }) => [name, stage])).toEqual([
      ['accepted', 'accepted'],
      ['receipt', 'accepted'],
    ]);
  });

  it('is empty without checkpoints', () =>
    expect(stepsOf(trace([], '2026-11-28T09:00:00.000Z'))).toEqual([]));

  it('a failure is bad, a message on the way waits', () => {
    expect(stepsOf(trace([at('failed', '01.000')]))[0]?.tone).toBe('bad');
    expect(toneOfState('on the way')).toBe('waiting');
  });
});
