/**
 * Five networks on one hub, all talking at once: WeChat to Yixin, Yixin to the test network, the test network to WeChat;
 * Fetion to the open network and back. The last two are those that come to harm.
 */
import type { TestNetwork } from '#adapter-contract';
import { addressOf, network, type Address } from '#protocol';
import type { Person, Sight } from '#simulators';
import { HubFixture, until } from './hub-fixture.js';
import { fetionHome } from '../../apps/adapter-fetion/test/fetion.home.js';
import { openHome } from '../../apps/adapter-open/test/open.home.js';
import { wechatHome } from '../../apps/adapter-wechat/test/wechat.home.js';
import { yixinHome } from '../../apps/adapter-yixin/test/yixin.home.js';
import { addressIn, reach, type SimulatedHome } from '../contract/simulated-home.js';

const PEOPLE = 5;
const TAG = /([a-z]+-\d+) (\d+)$/;
const GREETING = 'hello';
const isGreeting = ({ text = '' }: { text?: string }) => text.endsWith(GREETING);

const hasRead = ({ timeline }: Person) =>
  timeline.some((sight) => sight.kind === 'text' && isGreeting(sight));

export interface Flow {
  name: string;
  sent: number;
  /** Arrival times in ms after sending, by message; more than one entry: it came twice. */
  arrived: Map<string, number[]>;
  /** Messages whose sender was notified that they failed or are in doubt. */
  told: number;
}

type Send = (person: number, text: string) => Promise<unknown>;

export class FiveNetworks {
  readonly flows = new Map<string, Flow>();
  private readonly sends = new Map<string, Send>();
  private readonly sentAt = new Map<string, number>();
  private run = 0;

  private constructor(
    readonly hub: HubFixture,
    readonly far: TestNetwork,
    readonly wechat: SimulatedHome,
    readonly yixin: SimulatedHome,
    readonly fetion: Awaited<ReturnType<typeof fetionHome>>,
    readonly open: Awaited<ReturnType<typeof openHome>>,
  ) {}

  static async start(): Promise<FiveNetworks> {
    const hub = await HubFixture.open();
    await hub.switch();
    await hub.serveSignOn(['far', 'wechat', 'yixin', 'fetion', 'open']);
    const far = await hub.testNetwork('far');
    const five = new FiveNetworks(
      hub,
      far,
      await wechatHome(hub),
      await yixinHome(hub),
      await fetionHome(hub, PEOPLE + 1),
      await openHome(hub, 'webhook'),
    );
    await five.introduce();
    return five;
  }

  /** Every flow at so many a second, for so long. @returns the name of the run */
  async talk(
    perSecond: number,
    seconds: number,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<string> {
    const run = `run-${++this.run}`;
    const total = perSecond * seconds;
    const start = performance.now();
    const disturbed = meanwhile();
    for (let count = 0; count < total;) {
      const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
      for (; count < due; count++)
        for (const [name, send] of this.sends) this.offer(name, send, `${name} ${run} ${count}`, count);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await disturbed;
    return run;
  }

  /** Resolves when every message has arrived or its sender was notified. */
  settled(): Promise<void> {
    return until('all to arrive or to be reported', () =>
      [...this.flows.values()].every((flow) => flow.arrived.size + flow.told >= flow.sent),
    );
  }

  latencies(names: string[], run: string): number[] {
    return names.flatMap((name) =>
      [...(this.flows.get(name)?.arrived ?? [])].flatMap(([text, took]) =>
        text.includes(` ${run} `) ? took.slice(0, 1) : [],
      ),
    );
  }

  async close(): Promise<void> {
    await this.hub.close();
    for (const home of [this.wechat, this.yixin, this.fetion, this.open]) await home.stop();
    await this.far.close();
  }

  private offer(name: string, send: Send, text: string, count: number): void {
    const flow = this.flows.get(name);
    if (!flow) return;
    flow.sent++;
    this.sentAt.set(text, performance.now());
    void send(count % PEOPLE, text);
  }

  private arrive(text: string): void {
    const from = text.search(/[a-z]+-[a-z]+ run-\d+ \d+$/);
    if (from < 0) return;
    const whole = text.slice(from);
    const flow = this.flows.get(whole.split(' ')[0] ?? '');
    const took = performance.now() - (this.sentAt.get(whole) ?? 0);
    flow?.arrived.set(whole, [...(flow.arrived.get(whole) ?? []), took]);
  }

  private see(flow: string, { kind, text = '' }: Sight): void {
    if (kind === 'failed' || text.includes('⚠')) {
      const told = this.flows.get(flow);
      if (told) told.told++;
    } else if (kind === 'text' && TAG.test(text)) this.arrive(text);
  }

  /** Each person of one network with their counterpart on the next. */
  private async introduce(): Promise<void> {
    const { wechat, yixin, fetion, open, far } = this;
    const mobile = (at: number) => `1380000000${at}`;
    const word = (at: number) => `p${at}`;
    const farAddress = (at: number) => addressOf(network('far'), word(at));
    far.onAct = ({ text }) => this.arrive(text ?? '');
    await this.through('wechat-yixin', wechat, word, (at) => addressIn(yixin, word(at)));
    await this.through('yixin-far', yixin, word, farAddress);
    await this.through('fetion-open', fetion, mobile, (at) => addressIn(open, word(at)));
    await this.through('open-fetion', open, word, (at) => addressIn(fetion, mobile(at)));
    this.flow('far-wechat', (at, text) =>
      Promise.resolve(
        far.act({
          kind: 'message',
          from: word(at),
          to: `${wechat.person(word(at)).native}@wechat`,
          text,
          quiet: true,
        }),
      ),
    );
    const introduced = (at: number) =>
      hasRead(yixin.person(word(at))) &&
      far.inbox(word(at)).some(isGreeting) &&
      hasRead(open.person(word(at))) &&
      hasRead(fetion.person(mobile(at))) &&
      fetion.person(mobile(at)).timeline.some(({ kind }) => kind === 'request');
    // Nothing is on its way when the flows begin: neither a first message nor a contact request of a ghost of Fetion.
    await until('everybody to have met', () =>
      Array.from({ length: PEOPLE }, (_, at) => at).every(introduced),
    );
  }

  private async through(
    name: string,
    home: SimulatedHome,
    word: (at: number) => string,
    to: (at: number) => Address,
  ): Promise<void> {
    for (let at = 0; at < PEOPLE; at++) {
      const person = home.person(word(at));
      person.onSight((sight) => this.see(name, sight));
      if (home === this.fetion) await home.signIn?.(person);
      const peer = home.channel ?? to(at);
      const hello = home.channel === undefined ? GREETING : `${reach(home, to(at))} ${GREETING}`;
      await person.act({ do: 'write', to: peer, text: hello });
    }
    this.flow(name, (at, text) =>
      home.person(word(at)).act({ do: 'write', to: home.channel ?? to(at), text }),
    );
  }

  private flow(name: string, send: Send): void {
    this.flows.set(name, { name, sent: 0, arrived: new Map(), told: 0 });
    this.sends.set(name, send);
  }
}
