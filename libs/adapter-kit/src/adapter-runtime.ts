/** Puts one adapter on the bus: everything that is the same for all networks, joined here and nowhere else. */
import {
  answer,
  Bucket,
  BusConnection,
  CredentialsFile,
  LaneConsumer,
  type BusTls,
  OrderedPublisher,
  sharedSecret,
} from '#bus';
import {
  CanonicalAddresses,
  consumers,
  correlationBucket,
  networkBucket,
  ResolveReply,
  ResolveRequest,
  STREAMS,
  subjects,
  waitingBucket,
  HubError,
  toHubError,
} from '#protocol';
import { metrics, sleep, type Log, type Readiness, type Refuse } from '#service';
import { checkAbilities } from './abilities.js';
import type { AnyAdapter, AttachmentOpening } from './adapter.contract.js';
import { CredentialRenewal } from './credential-renewal.js';
import { Correlation } from './correlation.js';
import { Delivery } from './delivery.js';
import { FirstUse } from './first-use.js';
import { Egress } from './egress.js';
import { hubFor } from './adapter-hub.js';
import { LateOutcomes } from './late-outcomes.js';
import { Ingress } from './ingress.js';
import { IncomingAttachments } from './attachments/incoming.js';
import { OutgoingAttachments } from './attachments/outgoing.js';
import { PendingMessages } from './attachments/pending-messages.js';
import { AttachmentPipeline, type MediaSettings } from './attachments/attachment-pipeline.js';
import { AvatarPictures } from './profiles/avatar-pictures.js';
import { RemoteProfiles } from './profiles/remote-profiles.js';
import { NamedDelivery } from './profiles/named-delivery.js';
import { OwnProfiles } from './profiles/own-profiles.js';
import { SignOn } from './sign-on.js';
import { EphemeralEvents } from './ephemeral-events.js';

export interface RuntimeOptions {
  natsUrl: string;
  creds?: string | undefined;
  /** The file that `creds` came from; the credentials are renewed in it. */
  credsFile?: string | undefined;
  tls?: BusTls | undefined;
  /** Accept native messages although the bus may lose them in a power cut. */
  unsafeBus?: boolean;
  onRefusal: Refuse;
  build: string;
  media: MediaSettings;
}

const DRAIN_MS = 5000;
const WINDOW = 500;

export class AdapterRuntime implements Readiness {
  private constructor(
    private readonly adapter: AnyAdapter,
    private readonly link: BusConnection,
    private readonly publisher: OrderedPublisher,
    private readonly egress: Egress,
    private readonly lane: LaneConsumer,
    private readonly signOn: SignOn,
    private readonly pipeline: AttachmentPipeline,
    private readonly waiting: PendingMessages,
    private readonly renewal: CredentialRenewal | undefined,
    /** Nonces of this network, shared by all processes of its adapter. */
    readonly firstUse: FirstUse,
  ) {}

  /** @throws when declared and implemented abilities disagree, or the adapter refuses to start */
  static async start(made: AnyAdapter, options: RuntimeOptions, log: Log): Promise<AdapterRuntime> {
    const wrong = checkAbilities(made);
    if (wrong.length > 0)
      throw new Error(`the ${made.network} adapter contradicts itself: ${wrong.join('; ')}`);
    const { network } = made;
    const link = await BusConnection.open(
      {
        url: options.natsUrl,
        creds: options.creds,
        credsFile: options.credsFile,
        tls: options.tls,
        name: `adapter-${network}`,
        member: network,
      },
      log,
    );
    const publisher = await OrderedPublisher.on(link);
    const memory = new Bucket(link, publisher, networkBucket(network));
    const secret = await sharedSecret(memory);
    publisher.sealIds(secret);
    const recent = new Bucket(link, publisher, correlationBucket(network));
    const left = new Bucket(link, publisher, waitingBucket(network));
    const pipeline = await AttachmentPipeline.open(network, options.media, link, secret, log);
    const adapter = withTools(made, pipeline);
    const signOn = new SignOn(
      network,
      adapter,
      link,
      log,
      options.build,
      options.unsafeBus ? undefined : options.onRefusal,
    );
    const pictures = new AvatarPictures(pipeline, opener(adapter));
    const profiles = {
      own: new OwnProfiles(adapter, recent, pictures, log),
      remote: new RemoteProfiles(adapter, recent, pictures, log),
    };
    const own = adapter.capabilities();
    const canonical = new CanonicalAddresses((peer) => (peer === network ? own : signOn.foldingOf(peer)));
    const correlation = new Correlation(network, recent, canonical);
    const signals = new EphemeralEvents(network, link, adapter, profiles.remote, log);
    const outgoing = new OutgoingAttachments(pipeline, link, () => adapter.capabilities());
    const delivery = new NamedDelivery(new Delivery(adapter, correlation, outgoing), profiles.remote);
    const late = new LateOutcomes(network, recent, publisher);
    const egress = new Egress(network, adapter, delivery, publisher, late, log);
    const incoming = new IncomingAttachments(pipeline, opener(adapter), log);
    let waiting!: PendingMessages;
    const ingress = new Ingress(network, publisher, correlation, (release) => {
      waiting = new PendingMessages(
        network,
        left,
        (native, stopping) => incoming.fetch(native, stopping),
        release,
        log,
      );
      return waiting;
    });

    await waiting.load();
    await adapter.start(
      hubFor(network, {
        link,
        log,
        publisher,
        memory,
        recent,
        correlation,
        canonical,
        signOn,
        signals,
        ingress,
        pipeline,
        incoming,
        late,
        profiles,
      }),
    );
    waiting.open();
    await signals.start();
    await answerResolve(adapter, link, profiles.own);
    await signOn.start();
    const lane = await LaneConsumer.on(
      link,
      { stream: STREAMS.out, durable: consumers.adapter(network), window: WINDOW },
      egress,
    );
    const { credsFile } = options;
    const renewal = credsFile && new CredentialRenewal(network, link, new CredentialsFile(credsFile), log);
    return new AdapterRuntime(
      adapter,
      link,
      publisher,
      egress,
      lane,
      signOn,
      pipeline,
      waiting,
      renewal || undefined,
      new FirstUse(left),
    );
  }

  check(): Record<string, boolean> {
    metrics.nativeConnected.set({ network: this.adapter.network }, this.adapter.connected() ? 1 : 0);
    return { bus: this.link.connected, consumer: this.lane.isThere, native: this.adapter.connected() };
  }

  /** Graceful: takes nothing new, finishes what is in hand, stores its outcome, says goodbye. */
  async stop(): Promise<void> {
    await this.renewal?.stop();
    await this.lane.stop();
    this.waiting.stop();
    await this.egress.drain(DRAIN_MS);
    await this.adapter.stop();
    // What it had still read is stored before the connection to the bus goes.
    await Promise.race([this.publisher.drained(), sleep(DRAIN_MS)]);
    await this.signOn.stop();
    this.publisher.close();
    await this.pipeline.close();
    await this.link.close();
  }
}

/** The same adapter, saying what this machine can do for it. */
function withTools(made: AnyAdapter, pipeline: AttachmentPipeline): AnyAdapter {
  return new Proxy(made, {
    get: (target, name) => {
      if (name === 'capabilities') return () => pipeline.capabilities(target.capabilities());
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function opener(adapter: AnyAdapter): AttachmentOpening {
  const missing = () => Promise.reject(new HubError('107', 'this adapter cannot fetch media'));
  return { openAttachment: (source, signal) => adapter.openAttachment?.(source, signal) ?? missing() };
}

async function answerResolve(adapter: AnyAdapter, link: BusConnection, own: OwnProfiles): Promise<void> {
  await answer(
    link,
    subjects.ask('resolve', adapter.network),
    async (body): Promise<ResolveReply> => {
      const { address } = ResolveRequest.parse(body);
      const reply = (await adapter.resolve?.(address)) ?? { code: '00' as const };
      if (reply.code !== '00') return reply;
      const known = await own.known(address);
      const says = reply.party ?? (known.displayName === undefined ? undefined : known);
      // What the network says now comes before what it said earlier.
      return { ...reply, ...(says ? { party: { ...known, ...says } } : {}) };
    },
    (error): ResolveReply => ({ code: toHubError(error).code, detail: toHubError(error).detail }),
  );
}
