/** Runs one adapter on the bus: creates the parts that are the same for all networks, and starts and stops them in order. */
import {
  Bucket,
  BusConnection,
  CredentialsFile,
  type BusTls,
  openOwnRecords,
  OrderedPublisher,
  sharedSecret,
} from '#bus';
import { CanonicalAddresses, correlationBucket, networkBucket, waitingBucket, HubError } from '#protocol';
import { metrics, sleep, type Log, type Readiness, type Refuse } from '#service';
import { checkAbilities } from './abilities.js';
import type { AttachmentOpening } from './abilities.contract.js';
import type { AnyAdapter } from './adapter.contract.js';
import { AdapterHub, reportNative } from './adapter-hub.js';
import { AttachmentHandling } from './attachments/attachment-handling.js';
import { AttachmentPipeline, type AttachmentSettings } from './attachments/attachment-pipeline.js';
import { IncomingAttachments } from './attachments/incoming.js';
import { OutgoingAttachments } from './attachments/outgoing.js';
import { PendingMessages } from './attachments/pending-messages.js';
import { callsOf } from './calls/calls-of-network.js';
import type { GatewayCalls } from './calls/gateway-calls.js';
import { Correlation } from './correlation.js';
import { CurrentCapabilities } from './current-capabilities.js';
import { CredentialRenewal } from './credential-renewal.js';
import { Delivery } from './delivery.js';
import { EphemeralEvents } from './ephemeral-events.js';
import { EventWriter, storeMessage } from './event-writer.js';
import { FirstUse } from './first-use.js';
import { Ingress } from './ingress.js';
import { EarlyReports } from './early-reports.js';
import { LateOutcomes } from './late-outcomes.js';
import { recordNotCarried } from './not-carried.js';
import { OutboundPartitions } from './outbound-partitions.js';
import { Outcomes } from './outcomes.js';
import { AvatarPictures } from './profiles/avatar-pictures.js';
import { NamedDelivery } from './profiles/named-delivery.js';
import { OwnProfiles } from './profiles/own-profiles.js';
import { RemoteProfiles } from './profiles/remote-profiles.js';
import { ReplyWindows } from './reply-windows.js';
import { WindowQueue } from './window-queue.js';
import { checkSharing } from './sharing.js';
import { SignOn } from './sign-on.js';
import { SoleProcess } from './sole-process.js';
import { UnderWay } from './under-way.js';
import { undoStart, type OpenedParts } from './undo-start.js';
import { Withdrawals } from './withdrawals.js';

export interface RuntimeOptions {
  natsUrl: string;
  creds?: string | undefined;
  /** The file that `creds` was read from. Renewed credentials are written to it. */
  credsFile?: string | undefined;
  tls?: BusTls | undefined;
  /** Accept native messages although the bus may lose them in a power cut. */
  unsafeBus?: boolean;
  onRefusal: Refuse;
  build: string;
  /** Several processes of the adapter share the partitions of the network. */
  sharesPartitions?: boolean;
  media: AttachmentSettings;
  /** Called once the adapter has started: from then on requests on the bus are answered. */
  serve: (connection: BusConnection, profiles: OwnProfiles, calls: GatewayCalls) => Promise<void>;
}

/** How long `stop` waits for deliveries in progress, and again for publications, ms. */
const DRAIN_MS = 5000;

/** The parts that a running adapter stops and reports on. */
interface Parts {
  adapter: AnyAdapter;
  connection: BusConnection;
  publisher: OrderedPublisher;
  outbound: OutboundPartitions;
  signOn: SignOn;
  pipeline: AttachmentPipeline;
  pending: PendingMessages;
  late: LateOutcomes;
  early: EarlyReports;
  windows: WindowQueue;
  /** undefined: the network takes no message back. */
  withdrawals: Withdrawals | undefined;
  calls: GatewayCalls;
  /** undefined: the credentials come from no file, so they cannot be renewed. */
  renewal: CredentialRenewal | undefined;
  /** undefined: further processes do not disturb this one. */
  sole: SoleProcess | undefined;
}

type Opened = OpenedParts & { adapter: AnyAdapter; connection: BusConnection };

export class AdapterRuntime implements Readiness {
  private constructor(
    private readonly parts: Parts,
    /** Nonces of this network, shared by all processes of its adapter. */
    readonly firstUse: FirstUse,
  ) {}

  /** @throws when declared and implemented abilities disagree, or the adapter refuses to start */
  static async start(adapter: AnyAdapter, options: RuntimeOptions, log: Log): Promise<AdapterRuntime> {
    const wrong = checkAbilities(adapter);
    if (wrong.length > 0)
      throw new Error(`the ${adapter.network} adapter contradicts itself: ${wrong.join('; ')}`);
    if (options.sharesPartitions) checkSharing(adapter, options.creds);
    const connection = await connect(adapter, options, log);
    const opened: Opened = { adapter, connection };
    try {
      return await AdapterRuntime.on(opened, options, log);
    } catch (error) {
      // The process goes on when it hosts other adapters, and tries this one again: nothing of it may be left.
      await undoStart(opened, log);
      throw error;
    }
  }

  /** @param opened gets each part that must be closed if a later step fails */
  private static async on(opened: Opened, options: RuntimeOptions, log: Log): Promise<AdapterRuntime> {
    const { adapter, connection } = opened;
    const { network } = adapter;
    const publisher = await OrderedPublisher.on(connection);
    opened.publisher = publisher;
    const memory = new Bucket(connection, publisher, networkBucket(network));
    const secret = await sharedSecret(memory);
    publisher.sealIds(secret);
    const recent = new Bucket(connection, publisher, correlationBucket(network));
    const waiting = new Bucket(connection, publisher, waitingBucket(network));

    const pipeline = await AttachmentPipeline.open({
      network,
      settings: options.media,
      connection,
      secret,
      log,
    });
    opened.pipeline = pipeline;
    const current = new CurrentCapabilities(
      () => adapter.capabilities(),
      (declared) => pipeline.capabilities(declared),
    );
    const capabilities = () => current.get();
    const signOn = new SignOn({
      network,
      connection,
      capabilities: () => current.refresh(),
      nativeConnected: () => adapter.connectivity.connected,
      build: options.build,
      sharesPartitions: options.sharesPartitions ?? false,
      onRefusal: options.unsafeBus ? undefined : options.onRefusal,
      log,
    });
    const own = adapter.capabilities();
    const canonical = new CanonicalAddresses((peer) => (peer === network ? own : signOn.foldingOf(peer)));
    const records = await openOwnRecords(connection, network, options.creds);
    const correlation = new Correlation(network, recent, canonical, records);

    const opener = openerOf(adapter);
    const pictures = new AvatarPictures(pipeline, opener);
    const profiles = {
      own: new OwnProfiles(adapter, recent, pictures, log),
      remote: new RemoteProfiles(adapter, recent, pictures, log),
    };
    const ephemeral = new EphemeralEvents({
      network,
      connection,
      adapter,
      profiles: profiles.remote,
      isShared: options.sharesPartitions ?? false,
      log,
    });

    // Bus -> native network.
    const attachments = new OutgoingAttachments(pipeline, connection, capabilities);
    const underWay = new UnderWay(adapter);
    const writer = new EventWriter(network, publisher);
    const calls = callsOf({
      network,
      adapter,
      connection,
      bucket: waiting,
      capabilities,
      canonical,
      writer,
      hub: () => hub,
      delivery: () => shared.delivery,
      profiles,
      instance: signOn.instance,
      log,
    });
    const replyWindows = new ReplyWindows(recent, () => capabilities().limits);
    const delivery = new Delivery({
      adapter,
      capabilities,
      correlation,
      attachments,
      underWay,
      windows: replyWindows,
      calls: calls.events,
    });
    const late = new LateOutcomes(network, recent, publisher, correlation);
    const early = new EarlyReports({
      network,
      store: recent,
      apply: (native, report) => reportNative({ late, correlation }, native, report),
      expired: (native, report) =>
        recordNotCarried(network, publisher, log, {
          kind: 'outcome',
          why: `"${report.stage}" for a message that is not known here`,
          native,
        }),
      log,
    });
    const withdrawals = withdrawalsOf(adapter, late, recent, log);
    const shared = {
      network,
      adapter,
      delivery: new NamedDelivery(delivery, profiles.remote),
      outcomes: new Outcomes({ network, publisher, late, withdrawals, capabilities }),
      log,
    };
    const windows = new WindowQueue({ ...shared, windows: replyWindows, store: waiting });
    const alone = options.sharesPartitions ? {} : { onOwner: () => calls.owns() };
    const toNetwork = { ...shared, ...alone, windows, publisher };

    // Native network -> bus.
    const incoming = new IncomingAttachments(pipeline, opener, log);
    const pending = new PendingMessages({
      network,
      memory: waiting,
      fetch: (native, stopping) => incoming.fetch(native, stopping),
      store: (draft, fetched) => storeMessage(writer, correlation, writer.messageEvent(draft, fetched)),
      log,
    });
    opened.pending = pending;
    const ingress = new Ingress({ network, writer, correlation, pending });
    const hub = new AdapterHub({
      network,
      connection,
      log,
      publisher,
      memory,
      recent,
      correlation,
      signOn,
      canonical,
      ephemeral,
      ingress,
      pipeline,
      attachments: new AttachmentHandling(pipeline, incoming),
      late,
      early,
      underWay,
      windows,
      calls: calls.own,
      profiles,
    });

    const sole = adapter.worksAlone
      ? new SoleProcess({ network, memory, instance: signOn.instance, onLost: options.onRefusal, log })
      : undefined;

    opened.sole = sole;
    opened.early = early;
    opened.late = late;
    opened.windows = windows;
    opened.calls = calls.atGateway;
    await early.start();
    if (own.lateOutcomes?.withinMs !== undefined) late.start(log);
    opened.withdrawals = withdrawals;
    await sole?.begin();
    await pending.resumePending();
    await adapter.start(hub);
    await withdrawals?.start();
    pending.adapterHasStarted();
    await ephemeral.start();
    await options.serve(connection, profiles.own, calls.atGateway);
    await signOn.start();
    const outbound = await OutboundPartitions.on(
      connection,
      toNetwork,
      options.sharesPartitions ? signOn.instance : undefined,
    );
    windows.start();
    signOn.onInstances((instances) => {
      outbound.balance(instances);
      calls.sharesWith(instances);
    });
    const { credsFile } = options;
    const renewal = credsFile
      ? new CredentialRenewal(network, connection, new CredentialsFile(credsFile), log)
      : undefined;
    return new AdapterRuntime(
      {
        adapter,
        connection,
        publisher,
        outbound,
        signOn,
        pipeline,
        pending,
        late,
        early,
        windows,
        withdrawals,
        calls: calls.atGateway,
        renewal,
        sole,
      },
      new FirstUse(waiting),
    );
  }

  check(): Record<string, boolean> {
    const { adapter, connection, outbound } = this.parts;
    const native = adapter.connectivity.connected;
    metrics.nativeConnected.set({ network: adapter.network }, native ? 1 : 0);
    return { bus: connection.connected, consumer: outbound.areThere, native };
  }

  /** Accepts no new deliveries, finishes those in progress, stores their outcomes, signs off and closes the connection. */
  async stop(): Promise<void> {
    const {
      adapter,
      connection,
      publisher,
      outbound,
      signOn,
      pipeline,
      pending,
      late,
      early,
      windows,
      withdrawals,
      calls,
      renewal,
      sole,
    } = this.parts;
    await renewal?.stop();
    await Promise.all([
      late.stop(),
      early.stop(),
      withdrawals?.stop(),
      Promise.race([Promise.all([windows.stop(), calls.stop()]), sleep(DRAIN_MS)]),
    ]);
    await outbound.stop();
    pending.stop();
    await outbound.drain(DRAIN_MS);
    await adapter.stop();
    // What the adapter submitted until now is on disk before the connection closes.
    await Promise.race([publisher.drained(), sleep(DRAIN_MS)]);
    await sole?.end();
    await signOn.stop();
    publisher.close();
    await pipeline.close();
    await connection.close();
  }
}

function connect({ network }: AnyAdapter, options: RuntimeOptions, log: Log): Promise<BusConnection> {
  const { natsUrl: url, creds, credsFile, tls } = options;
  return BusConnection.open({ url, creds, credsFile, tls, name: `adapter-${network}`, member: network }, log);
}

function withdrawalsOf(
  adapter: AnyAdapter,
  late: LateOutcomes,
  store: Bucket,
  log: Log,
): Withdrawals | undefined {
  if (!adapter.withdraw) return undefined;
  const withdraw = adapter.withdraw.bind(adapter);
  return new Withdrawals({ adapter: { withdraw }, late, store, log });
}

function openerOf(adapter: AnyAdapter): AttachmentOpening {
  const missing = () => Promise.reject(new HubError('107', 'this adapter cannot fetch attachments'));
  return { openAttachment: (source, signal) => adapter.openAttachment?.(source, signal) ?? missing() };
}
