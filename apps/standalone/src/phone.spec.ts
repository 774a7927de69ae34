import type { Sight } from '#simulators';
import { readCommand, shownSight } from './phone.js';

const hello: Sight = {
  n: 3,
  at: '',
  kind: 'text',
  from: '700000001',
  name: 'Alice (xmpp)',
  id: 'XI3',
  text: 'hi',
};
const read = (line: string, peer: string | undefined = 'robot') =>
  readCommand(line, peer, (n) => (n === 3 ? hello : undefined));

describe('a line typed into the phone', () => {
  test.each([
    ['hello there', { do: 'act', act: { do: 'write', to: 'robot', text: 'hello there' } }],
    ['', { do: 'nothing' }],
    ['/help', { do: 'help' }],
    ['/to 700000001', { do: 'to', peer: '700000001' }],
    [
      '/add 700000000 alice@localhost@xmpp',
      { do: 'act', act: { do: 'add', who: '700000000', note: 'alice@localhost@xmpp' } },
    ],
    ['/no 7', { do: 'act', act: { do: 'answer', who: '7', yes: false } }],
    ['/reply 3 me too', { do: 'act', act: { do: 'write', to: '700000001', text: 'me too', quote: 'XI3' } }],
    ['/react 3', { do: 'act', act: { do: 'react', to: '700000001', target: 'XI3', emoji: ['👍'] } }],
    ['/recall 9', { do: 'wrong', why: '/recall <n>: n is the number before a line' }],
    ['/dance', { do: 'wrong', why: 'There is no /dance: see /help.' }],
  ])('%s', (line, command) => {
    expect(read(line)).toEqual(command);
  });

  test('words without anybody to hear them are answered with what to do', () => {
    expect(readCommand('hello', undefined, () => undefined)).toEqual({
      do: 'wrong',
      why: 'To whom? /to <who> first.',
    });
  });

  test.each([
    ['400', 'online'],
    ['100', 'away'],
    ['0', 'offline'],
    ['online', 'online'],
  ])('presence %s is said as %s', (state, words) => {
    expect(shownSight({ ...hello, kind: 'presence', state })).toContain(`is ${words}`);
  });

  test('what is seen says who, and under which number it can be answered', () => {
    const line = shownSight(hello);
    expect(line).toContain('3');
    expect(line).toContain('Alice (xmpp)');
    expect(line).toContain('hi');
  });
});
