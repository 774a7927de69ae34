/** The examples: the toy network keeps the contract, and the open network joins as it stands, in as few lines as they say. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { contractSuite, TestNetwork, type LocalPhone, type Seen, type Stage } from '#adapter-contract';
import { freePort } from '#engines';
import { addressOf, network } from '#protocol';
import { TOY_CAPABILITIES } from '../examples/toy-network/toy.adapter.js';
import { ToyNetwork } from '../examples/toy-network/toy.network.js';
import { onLines, readLine, writeLine } from '../examples/toy-network/wire.js';
import { fakeGateway } from './support/fake-gateway.js';
import { HubFixture, restart, until } from './support/hub-fixture.js';

const far = network('far');
const SECRET = 'of-the-gateway';
const KEY = 'a key that two parties share, 32+ characters';

async function farAside(hub: HubFixture): Promise<TestNetwork> {
  const farNetwork = await hub.testNetwork('far');
  return farNetwork;
}

/** A person of the toy network at a terminal. */
class ToyPhone implements LocalPhone {
  readonly timeline: Seen[] = [];
  private counter = 0;
  private readonly answers: string[] = [];

  private constructor(
    readonly native: string,
    private readonly socket: Socket,
  ) {
    onLines(socket, (verb = '', id = '', from = '', _to = '', text = '') => {
      if (verb !== 'SAY') return void this.answers.push([verb, id, from].join(' ').trim());
      socket.write(writeLine('OK', id));
      this.timeline.push({ kind: 'text', from, id, text });
    });
    socket.write(writeLine('HELLO', native, `secret of ${native}`));
  }

  static async dial(native: string, port: number): Promise<ToyPhone> {
    const phone = new ToyPhone(native, connect(port, '127.0.0.1'));
    await phone.hears('WELCOME');
    return phone;
  }

  async write(peer: string, text: string): Promise<string> {
    const id = `${this.native}-${++this.counter}`;
    this.socket.write(writeLine('SAY', id, this.native, peer, text));
    await this.hears(`OK ${id}`);
    return id;
  }

  hears(answer: string): Promise<void> {
    return until(`${this.native} gets ${answer}`, () => this.answers.includes(answer));
  }

  /** The line as it is. */
  raw(line: string): void {
    this.socket.write(line);
  }
  hangUp(): void {
    this.socket.destroy();
  }

  reply = notHere;
  edit = notHere;
  recall = notHere;
  react = notHere;
  markRead = notHere;
  type = notHere;
}

function notHere(): Promise<never> {
  return Promise.reject(new Error('not on the toy network'));
}

describe('the toy network', () => {
  let hub: HubFixture;
  let farNetwork: TestNetwork;
  let toy: ToyNetwork;
  let port: number;
  let ann: ToyPhone;
  let stage: Stage;

  beforeAll(async () => {
    hub = await HubFixture.open();
    await hub.switch();
    await hub.serveSignOn(['far', 'toy']);
    farNetwork = await farAside(hub);
    toy = new ToyNetwork();
    port = await toy.open(0);
    const app = await hub.app('adapter-toy', 'dist/examples/toy-network/main.js', {
      NATS_CREDS: await hub.admit('toy', TOY_CAPABILITIES),
      TOY_PORT: String(port),
      TOY_SECRET: SECRET,
    });
    ann = await ToyPhone.dial('ann', port);
    stage = {
      network: 'toy',
      ann,
      far: farNetwork,
      ghostOf: (person) => addressOf(far, person),
      thirdParty: await hub.thirdPartyAdapter('far'),
      gateway: await fakeGateway(hub.link, 'toy'),
      consent: (consent) => hub.consent(consent),
      restart: (how) => restart(app, how),
    };
  });

  afterAll(async () => {
    ann?.hangUp();
    await hub?.close();
    await toy?.close();
    await farNetwork?.close();
  });

  contractSuite(
    'the adapter of the toy network',
    {
      capabilities: TOY_CAPABILITIES,
      annCan: [],
      hasNoOddity: 'all that a person of the toy network can say is a line of text',
      without: {
        reply: 'a line of the toy network does not name the line that it answers',
        rename: 'a person of the toy network is called by their id',
        shownName: 'a line of the toy network names its sender by the id alone',
      },
      hasNoRooms: 'people of the toy network write to people, and know no rooms',
      ghosts: true,
      saysUnknown: ({ from, text }, ghost) => from === ghost && (text ?? '').includes('(14)'),
    },
    () => stage,
  );

  test('a stranger of the toy network is not found', async () => {
    const lost = farNetwork.act({ kind: 'message', from: 'sue', to: 'zoe@toy', text: 'zoe?' });
    await until('sue gets 14', () =>
      farNetwork
        .inbox('sue')
        .some(({ kind, target, code }) => kind === 'failure' && target === lost && code === '14'),
    );
  });

  test('an invalid address is refused with 30 and a text', async () => {
    await ann.write('im:nonsense', 'who?');
    await until('ann gets 30', () =>
      ann.timeline.some(({ from, text }) => from === 'im:nonsense' && (text ?? '').includes('(30)')),
    );
  });

  test('a client cannot send for another name; each name keeps its first secret', async () => {
    ann.raw(writeLine('SAY', 'false-1', 'ben', 'ann', 'I am ben'));
    await ann.hears('NO false-1 not-you');
    const impostor = connect(port, '127.0.0.1');
    impostor.write(writeLine('HELLO', 'hutong', 'guessed'));
    await once(impostor, 'close');
  });

  test('line breaks, tabs and backslashes cross whole, both ways', async () => {
    // Not U+2028 here: the test network ends a line at it.
    const text = 'one\r\ntwo\tthree \\u0041 \\ end';
    expect(readLine(writeLine(`${text}\u2028\u2029`).trimEnd())).toEqual([`${text}\u2028\u2029`]);
    expect(writeLine(`${text}\u2028\u2029`)).toMatch(/^[^\r\n\u2028\u2029]*\n$/);
    farNetwork.act({ kind: 'message', from: 'sue', to: 'ann@toy', text });
    await until('ann reads it', () => ann.timeline.some((seen) => seen.text === text));
    await ann.write(addressOf(far, 'sue'), text);
    await until('sue reads it', () => farNetwork.inbox('sue').some((seen) => seen.text === text));
  });

  test('a person who returns gets the messages that arrived meanwhile', async () => {
    const cho = await ToyPhone.dial('cho', port);
    cho.hangUp();
    const sent = farNetwork.act({ kind: 'message', from: 'sue', to: 'cho@toy', text: 'for later' });
    await until('it is taken', () =>
      farNetwork.inbox('sue').some(({ kind, target }) => kind === 'delivered' && target === sent),
    );
    const back = await ToyPhone.dial('cho', port);
    await until('cho reads it', () => back.timeline.some(({ text }) => text === 'for later'));
    back.hangUp();
  });
});

describe('examples/open-network.mjs', () => {
  let hub: HubFixture;
  let farNetwork: TestNetwork;
  let example: ChildProcess;
  const printed: string[] = [];

  const types = (line: string) => example.stdin?.write(`${line}\n`);
  const prints = async (pattern: RegExp): Promise<string> => {
    await until(`it prints ${pattern.source}; so far: ${printed.join(' / ')}`, () =>
      printed.some((line) => pattern.test(line)),
    );
    return printed.find((line) => pattern.test(line)) ?? '';
  };

  beforeAll(async () => {
    hub = await HubFixture.open();
    await hub.switch();
    await hub.serveSignOn(['far', 'open']);
    farNetwork = await farAside(hub);
    const [webhook, rest] = [await freePort(), await freePort()];
    example = spawn(process.execPath, ['examples/open-network.mjs'], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        HUB_KEY: KEY,
        HUB_URL: `http://127.0.0.1:${rest}`,
        PORT: String(webhook),
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (example.stdout) createInterface({ input: example.stdout }).on('line', (line) => printed.push(line));
    await prints(/listening/);
    // Written before the hub is there: it waits.
    types('write ann im:sue@far hello sue');
    await prints(/not accepted yet/);
    await hub.app('adapter-open', 'dist/apps/adapter-open/src/main.js', {
      HTTP_PORT: String(rest),
      NATS_CREDS: await hub.admit('open'),
      NETWORK: 'open',
      OPEN_KEY: KEY,
      OPEN_WEBHOOK_URL: `http://127.0.0.1:${webhook}/hub`,
    });
  });

  afterAll(async () => {
    example?.kill();
    await hub?.close();
    await farNetwork?.close();
  });

  test('a message each way, delivered and read', async () => {
    await until('sue reads it', () => farNetwork.inbox('sue').some(({ text }) => text === 'hello sue'));
    const [, id] = /message accepted \[(.+)\]/.exec(await prints(/message accepted/)) ?? [];
    await prints(new RegExp(`^ann \\| im:sue@far delivered: ${id}$`));
    const asked = farNetwork.act({ kind: 'message', from: 'sue', to: 'ann@open', text: 'hello ann' });
    await prints(/^ann \| im:sue@far writes: hello ann \[/);
    types('read ann im:sue@far');
    await until('sue sees that it was read', () =>
      farNetwork.inbox('sue').some(({ kind, target }) => kind === 'read' && target === asked),
    );
    expect(farNetwork.inbox('sue').filter(({ text }) => text === 'hello sue')).toHaveLength(1);
  });

  test('changes are shown: an edit, a reaction, typing, a recall', async () => {
    const sue = { from: 'sue', to: 'ben@open' };
    const target = farNetwork.act({ kind: 'message', ...sue, text: 'helo' });
    const [, id] = /\[(.+)\]/.exec(await prints(/^ben .* writes: helo/)) ?? [];
    farNetwork.act({ kind: 'edit', ...sue, target, text: 'hello' });
    await prints(new RegExp(`^ben .* changes ${id} to: hello$`));
    farNetwork.act({ kind: 'reaction', ...sue, target, emoji: ['👍'] });
    await prints(new RegExp(`^ben .* reacts to ${id}: 👍$`));
    farNetwork.act({ kind: 'typing', ...sue, state: 'composing' });
    await prints(/^ben .* typing: composing$/);
    farNetwork.act({ kind: 'recall', ...sue, target });
    await prints(new RegExp(`^ben .* recall: ${id}$`));
  });

  test('a stranger is refused with 14, on either side', async () => {
    const lost = farNetwork.act({ kind: 'message', from: 'sue', to: 'zoe@open', text: 'zoe?' });
    await until('sue gets 14', () =>
      farNetwork
        .inbox('sue')
        .some(({ kind, target, code }) => kind === 'failure' && target === lost && code === '14'),
    );
    farNetwork.knowsNot('nobody');
    types('write ann im:nobody@far who is there?');
    await prints(/^ann \| im:nobody@far did not get .* \(14\)$/);
    types('write ann nonsense who is there?');
    await prints(/^ann \| message refused: .* \(30\)$/);
  });
});

describe('the examples are short', () => {
  const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length;

  test('the open network has at most 150 lines', () => {
    expect(lines('examples/open-network.mjs')).toBeLessThanOrEqual(150);
  });

  test('the toy network and its adapter have at most 200 lines together', () => {
    const files = readdirSync('examples/toy-network').map((name) => join('examples', 'toy-network', name));
    expect(files.reduce((sum, file) => sum + lines(file), 0)).toBeLessThanOrEqual(200);
  });
});
