import type { Sight } from '#simulators';
import { helpText, readCommand } from './commands.js';
import { WORDS } from './words.js';

const words = WORDS.en;
const hello: Sight = {
  n: 3,
  at: '2026-03-01T09:05:00.000Z',
  kind: 'text',
  from: '700000001',
  name: 'Alice (xmpp)',
  id: 'XI3',
  text: 'hi',
};
const read = (line: string, peer: string | undefined = 'robot', language: 'en' | 'zh' = 'en') =>
  readCommand(line, {
    peer,
    sightOf: (n) => (n === 3 ? hello : undefined),
    ownOf: (n) => (n === 2 ? { to: 'amy', id: 'own-2', text: 'helo' } : undefined),
    addressed: (who) => who,
    words: WORDS[language],
  });

describe('a line typed into the phone', () => {
  test.each([
    ['hello there', { do: 'act', act: { do: 'write', to: 'robot', text: 'hello there' } }],
    ['', { do: 'nothing' }],
    ['/help', { do: 'help' }],
    ['／ＨＥＬＰ', { do: 'help' }],
    ['/帮助', { do: 'help' }],
    ['//help', { do: 'act', act: { do: 'write', to: 'robot', text: '/help' } }],
    ['/to 3', { do: 'to', peer: '700000001' }],
    ['/to 700000001', { do: 'to', peer: '700000001' }],
    [
      '/add 700000000 alice@localhost@xmpp',
      { do: 'act', act: { do: 'add', who: '700000000', note: 'alice@localhost@xmpp' } },
    ],
    ['/no 7', { do: 'act', act: { do: 'answer', who: '7', yes: false } }],
    ['/reply 3 me too', { do: 'act', act: { do: 'write', to: '700000001', text: 'me too', quote: 'XI3' } }],
    ['/reply ３ 你好', { do: 'act', act: { do: 'write', to: '700000001', text: '你好', quote: 'XI3' } }],
    ['/react 3', { do: 'act', act: { do: 'react', to: '700000001', target: 'XI3', emoji: ['👍'] } }],
    ['/read 3', { do: 'act', act: { do: 'read', to: '700000001', target: 'XI3' } }],
    ['/edit +2 hello', { do: 'act', act: { do: 'edit', to: 'amy', target: 'own-2', text: 'hello' } }],
    ['/recall +2', { do: 'act', act: { do: 'recall', to: 'amy', target: 'own-2' } }],
    ['/online', { do: 'act', act: { do: 'appear', state: 'online' } }],
    ['/away back at three', { do: 'act', act: { do: 'appear', state: 'away', mood: 'back at three' } }],
    ['/picture my photo.jpg', { do: 'file', what: 'image', to: 'robot', path: 'my photo.jpg' }],
    ['/voice note.amr', { do: 'file', what: 'voice', to: 'robot', path: 'note.amr' }],
    [
      '/place 39.9042 116.4074 Beijing, the gate',
      {
        do: 'act',
        act: {
          do: 'place',
          to: 'robot',
          latitude: 39.9042,
          longitude: 116.4074,
          name: 'Beijing, the gate',
        },
      },
    ],
    [
      '/place -33.86,151.2',
      { do: 'act', act: { do: 'place', to: 'robot', latitude: -33.86, longitude: 151.2 } },
    ],
    [
      '/place ３９．９，１１６．４ 北京',
      { do: 'act', act: { do: 'place', to: 'robot', latitude: 39.9, longitude: 116.4, name: '北京' } },
    ],
  ])('%s', (line, command) => {
    expect(read(line)).toEqual(command);
  });

  test.each([
    ['/recall 9', '/recall <+n>: +n is the number before a line that you sent.'],
    ['/edit 3 not mine', '/edit <+n> <text>: +n is the number before a line that you sent.'],
    ['/reply 9 x', '/reply <n> <text>: n is the number before a line that you received.'],
    ['/reply 3', 'Type it like this: /reply <n> <text>'],
    ['/dance', 'There is no /dance: see /help.'],
    ['/constructor', 'There is no /constructor: see /help.'],
    ['/to', 'Type it like this: /to <who>'],
    ['/add', 'Type it like this: /add <who> [words]'],
    ['/picture', 'Type it like this: /picture <file>'],
    ['/voice ', 'Type it like this: /voice <file>'],
    ['/place', words.notACoordinate],
    ['/place 91 0', words.notACoordinate],
    ['/place 0 -181', words.notACoordinate],
    ['/place north 116', words.notACoordinate],
    ['/place 0x10 1e2', words.notACoordinate],
    ['/place 39.9', words.notACoordinate],
    [`/place 1 1 ${'x'.repeat(101)}`, words.placeNameTooLong(100)],
  ])('%s is answered with what is wrong', (line, why) => {
    expect(read(line)).toEqual({ do: 'wrong', why });
  });

  test.each(['hello', '/picture a.jpg', '/voice a.amr', '/place 1 1', '/nudge', '/typing'])(
    '%s without anybody to receive it is answered with what to do',
    (line) => {
      expect(
        readCommand(line, {
          peer: undefined,
          sightOf: () => undefined,
          ownOf: () => undefined,
          addressed: (who) => who,
          words,
        }),
      ).toEqual({ do: 'wrong', why: 'To whom? Type /to <who> first.' });
    },
  );

  test('the complaint is in the language of the network', () => {
    expect(read('/dance', 'robot', 'zh')).toEqual({
      do: 'wrong',
      why: '没有 /dance 这个命令，请输入 /help 查看。',
    });
  });
});

describe.each(['en', 'zh'] as const)('/help in %s', (language) => {
  test('names every command, and each of them is one', () => {
    const lines = helpText(WORDS[language]).split('\n');
    const names = lines.flatMap((line) => /^ {2}\/(\w+)/.exec(line)?.[1] ?? []);
    expect(names).toEqual(Object.keys(WORDS.en.commands));
    for (const name of names)
      expect(read(`/${name}`, 'robot', language)).not.toMatchObject({
        why: WORDS[language].noSuchCommand(name),
      });
  });

  test('is written in that language alone', () => {
    const descriptions = Object.values(WORDS[language].commands).map(({ does }) => does);
    for (const does of descriptions) expect(/[\u4e00-\u9fff]/.test(does)).toBe(language === 'zh');
  });
});
