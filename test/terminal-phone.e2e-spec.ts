/**
 * The terminal phone on each kind of simulated network (a network of text, a public platform, the open interface): its people
 * talk with one another through the whole system, with text, a picture, a voice note and a place.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Attachments } from './support/attachments.js';
import { until } from './support/hub-fixture.js';
import { fetchBytes, linkIn, type Attachment } from '#phones';
import { PROGRAM_OPTIONS } from './support/program-options.js';
import { StandaloneFixture } from './support/standalone-fixture.js';

const TIME = /^\d\d:\d\d \+?\d+ /;
const FEI = '+8613900139000';
const FEN = '+8613900139001';
const MAP = 'https://www.openstreetmap.org/?mlat=39.9042&mlon=116.4074';

let whole: StandaloneFixture;
let attachments: Attachments;
let picture: Attachment;
let voice: Attachment;
const phones: TypedPhone[] = [];

/** A person at a keyboard, who reads what the phone prints. */
class TypedPhone {
  private output = '';

  constructor(private readonly process: ChildProcess) {
    for (const stream of [process.stdout, process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  get lines(): string[] {
    return this.output.split('\n');
  }

  type(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** @returns the line in which all the words stand */
  async reads(...words: string[]): Promise<string> {
    let found: string | undefined;
    try {
      await until(`the line with ${words.join(' and ')}`, () => {
        found = this.lines.find((line) => words.every((word) => line.includes(word)));
        return found !== undefined;
      });
    } catch (error) {
      throw new Error(`${(error as Error).message}; on the screen:\n${this.output}`, { cause: error });
    }
    return found ?? '';
  }

  async hangUp(): Promise<number | null> {
    if (this.process.exitCode !== null) return this.process.exitCode;
    const exit = once(this.process, 'exit');
    this.type('/quit');
    await exit;
    return this.process.exitCode;
  }
}

function phone(...words: string[]): TypedPhone {
  const taken = new TypedPhone(
    spawn(process.execPath, ['dist/apps/standalone/src/phone.main.js', ...words], {
      env: { ...process.env, HUTONG_DATA: whole.folder, ...PROGRAM_OPTIONS },
    }),
  );
  phones.push(taken);
  return taken;
}

beforeAll(async () => {
  attachments = await Attachments.open();
  [picture, voice] = [await attachments.picture(), attachments.voice('amr')];
  whole = await StandaloneFixture.open(['fetion', 'wechat', 'yixin', 'feiliao']);
});

afterAll(async () => {
  for (const taken of phones) await taken.hangUp();
  await whole?.close();
  attachments?.close();
});

describe.each(['wechat', 'yixin'] as const)(
  'somebody on the platform %s, and fei on the open interface',
  (network) => {
    const [word, friend] = network === 'wechat' ? ['li', FEI] : ['wang', FEN];
    let one: TypedPhone;
    let other: TypedPhone;

    beforeAll(async () => {
      one = phone(network, word);
      other = phone('feiliao', friend, '--language', 'en');
      await one.reads('聊天对象');
      await other.reads('/help says what you can do');
    });

    test('they meet by text, and the time stands before every line', async () => {
      one.type(`@${friend}@feiliao 你好`);
      expect(await other.reads('你好')).toMatch(TIME);
      const own = whole.file.networks[network].accounts[0]?.address ?? '';
      other.type(`/to ${own}`);
      await other.reads('You write to');
      other.type('hello there');
      expect(await other.reads('+1', 'hello there')).toMatch(TIME);
      expect(await one.reads('hello there')).toMatch(TIME);
    });

    test('a picture from the platform: name, type, size, and an address that opens it', async () => {
      one.type(`/picture ${picture.path}`);
      const line = await other.reads('[picture]', 'image/jpeg', 'KB');
      expect(line).toMatch(TIME);
      const bytes = await fetchBytes(linkIn(line));
      expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    });

    test('a picture to the platform', async () => {
      other.type(`/picture ${picture.path}`);
      const line = await one.reads('[图片]', 'image/jpeg', 'KB');
      expect((await fetchBytes(linkIn(line))).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    });

    test('a voice note, both ways', async () => {
      one.type(`/voice ${voice.path}`);
      const heard = await other.reads('[voice note]', 'audio/');
      expect(Math.abs(attachments.secondsOf(await fetchBytes(linkIn(heard))) - 3)).toBeLessThan(0.3);
      other.type(`/voice ${voice.path}`);
      const answer = await one.reads('[语音]', 'audio/');
      expect(Math.abs(attachments.secondsOf(await fetchBytes(linkIn(answer))) - 3)).toBeLessThan(0.3);
    });

    test('a place, both ways', async () => {
      one.type('/place 39.9042 116.4074 鼓楼');
      expect(await other.reads('[place]', '鼓楼', '39.9042, 116.4074', MAP)).toMatch(TIME);
      other.type('/place 39.9042 116.4074 Drum Tower');
      expect(await one.reads('Drum Tower', MAP)).toMatch(TIME);
    });

    test('the phone explains in Chinese that the platform lacks a feature, and that a file is no picture', async () => {
      one.type('/typing');
      expect(await one.reads('不能使用此功能')).toContain('/typing');
      one.type(`/picture ${voice.path}`);
      expect(await one.reads('不是图片')).toContain('audio/amr');
      one.type('/picture no such file.jpg');
      await one.reads('找不到文件', 'no such file.jpg');
    });

    test('fei changes a line that was sent', async () => {
      other.type('/edit +1 hello again');
      expect(await one.reads('hello again')).toMatch(TIME);
    });
  },
);

describe('somebody on Fetion, which carries text only', () => {
  let fetion: TypedPhone;
  let other: TypedPhone;

  beforeAll(async () => {
    fetion = phone('fetion', '13800138000');
    other = phone('feiliao', FEI, '--language', 'en');
    await fetion.reads('聊天对象');
    await other.reads('/help says what you can do');
  });

  test('they talk; a picture and a place arrive as links', async () => {
    fetion.type(`@${FEI}@feiliao 飞信来的`);
    await other.reads('飞信来的');
    other.type('/to 13800138000@fetion');
    other.type('to Fetion');
    await fetion.reads('to Fetion');
    other.type(`/picture ${picture.path}`);
    const link = linkIn(await fetion.reads('/m/'));
    expect((await fetchBytes(link)).subarray(0, 2)).toEqual(readFileSync(picture.path).subarray(0, 2));
    other.type('/place 39.9042 116.4074 Drum Tower');
    expect(await fetion.reads('Drum Tower', MAP)).toMatch(TIME);
  });

  test.each(['/picture', '/voice', '/place'])(
    '%s: the phone says that Fetion cannot send it',
    async (name) => {
      const argument = { '/picture': picture.path, '/voice': voice.path, '/place': '39.9 116.4' }[name] ?? '';
      fetion.type(`${name} ${argument}`);
      await fetion.reads('fetion 的用户不能使用此功能', name);
    },
  );

  test('presence is said in words', async () => {
    fetion.type('/away');
    fetion.type('/help');
    await fetion.reads('/picture <文件>', '发送本机上的一张图片');
    expect(fetion.lines.some((line) => line.includes('没有成功'))).toBe(false);
  });

  test('hanging up ends the phone', async () => {
    expect(await fetion.hangUp()).toBe(0);
  });
});
