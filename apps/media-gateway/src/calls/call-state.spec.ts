/** Every way that a call on a page can go. */
import type { CallSide } from '#protocol';
import { step, type CallInput, type CallState } from './call-state.js';

/** @returns each state, and what the other side is told with the end */
function plays(side: CallSide, ...inputs: CallInput[]): string[] {
  let state: CallState = 'waiting';
  return inputs.map((input) => {
    const next = step(side, state, input);
    if (!next) return '-';
    state = next.state;
    return next.reason === undefined ? state : `${next.reason}, signal ${next.signal ?? 'none'}`;
  });
}

describe.each<[CallSide, CallInput[], string[]]>([
  [
    'caller',
    ['started', 'peer-ringing', 'connected', 'hung-up'],
    ['starting', 'ringing', 'talking', 'hung-up, signal ended'],
  ],
  ['caller', ['started', 'connected', 'peer-ended'], ['starting', 'talking', 'peer-ended, signal none']],
  ['caller', ['late'], ['missed, signal missed']],
  ['caller', ['hung-up'], ['hung-up, signal cancelled']],
  ['caller', ['lost', 'started'], ['-', 'starting']],
  ['caller', ['started', 'hung-up'], ['starting', 'hung-up, signal cancelled']],
  ['caller', ['started', 'lost'], ['starting', 'lost, signal cancelled']],
  ['caller', ['started', 'late'], ['starting', 'missed, signal cancelled']],
  ['caller', ['started', 'failed'], ['starting', 'failed, signal cancelled']],
  ['caller', ['started', 'refused'], ['starting', 'refused, signal ended']],
  ['caller', ['started', 'peer-declined'], ['starting', 'peer-declined, signal none']],
  ['caller', ['started', 'peer-ringing', 'peer-missed'], ['starting', 'ringing', 'missed, signal none']],
  ['caller', ['started', 'peer-ended'], ['starting', 'missed, signal none']],
  ['callee', ['peer-ended'], ['peer-cancelled, signal none']],
  ['caller', ['stopped'], ['stopped, signal missed']],
  ['caller', ['started', 'connected', 'too-long'], ['starting', 'talking', 'too-long, signal ended']],
  ['callee', ['started', 'connected', 'hung-up'], ['starting', 'talking', 'hung-up, signal ended']],
  ['callee', ['hung-up'], ['declined, signal declined']],
  ['callee', ['late'], ['missed, signal missed']],
  ['callee', ['peer-cancelled'], ['peer-cancelled, signal none']],
  ['callee', ['peer-ringing'], ['-']],
  ['callee', ['started', 'late'], ['starting', 'missed, signal missed']],
  ['callee', ['started', 'hung-up'], ['starting', 'declined, signal declined']],
  ['callee', ['started', 'failed'], ['starting', 'failed, signal missed']],
  ['callee', ['started', 'refused'], ['starting', 'refused, signal declined']],
  ['callee', ['started', 'connected', 'lost'], ['starting', 'talking', 'lost, signal ended']],
  ['callee', ['started', 'connected', 'stopped'], ['starting', 'talking', 'stopped, signal ended']],
  ['callee', ['hung-up', 'started', 'hung-up', 'late'], ['declined, signal declined', '-', '-', '-']],
  ['callee', ['connected', 'started', 'started'], ['-', 'starting', '-']],
])('%s: %j', (side, inputs, states) => {
  test(`leads to ${states.join('; ')}`, () => {
    expect(plays(side, ...inputs)).toEqual(states);
  });
});
