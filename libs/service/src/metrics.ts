/** All metrics of all processes. docs/generated/metrics.md is generated from this list. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export const metricsRegistry = new Registry();

const registers = [metricsRegistry];
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300];

export const metrics = {
  backgroundFailures: new Counter({
    name: 'hutong_background_failures_total',
    help: 'Failed background tasks (timers, watchers, callbacks), by task',
    labelNames: ['task'],
    registers,
  }),
  badValues: new Counter({
    name: 'hutong_bad_values_total',
    help: 'Values of a bucket that were ignored because they are not JSON or do not match the schema; the last valid value stays in force',
    labelNames: ['bucket'],
    registers,
  }),
  badMessages: new Counter({
    name: 'hutong_bad_messages_total',
    help: 'Messages outside the streams of the bus that were ignored because they are not JSON or do not match the schema',
    labelNames: ['kind'],
    registers,
  }),
  busConnected: new Gauge({
    name: 'hutong_bus_connected',
    help: '1 while the connection to the bus is up; of an adapter by its network, since a process may host several',
    labelNames: ['network'],
    registers,
  }),
  busMissing: new Gauge({
    name: 'hutong_bus_missing',
    help: '1 for a stream, consumer or bucket that this process needs and that is missing on the bus; alarm when above 0',
    labelNames: ['name'],
    registers,
  }),
  busSessions: new Counter({
    name: 'hutong_bus_sessions_total',
    help: 'Connections to the bus that were established since the start',
    registers,
  }),
  networksPaused: new Counter({
    name: 'hutong_networks_paused_total',
    help: 'Times that a network was disconnected from the bus because it flooded the bus',
    labelNames: ['network'],
    registers,
  }),
  webhookAttempts: new Counter({
    name: 'hutong_webhook_attempts_total',
    help: 'Attempts to deliver an event to a webhook, by outcome: delivered, waiting (tried again later), failed (for good)',
    labelNames: ['outcome'],
    registers,
  }),
  failedEvents: new Gauge({
    name: 'hutong_adapter_failed_events',
    help: 'Events of the network that the switch refused, or that became dead letters, since the sign-on, as the replies to heartbeats say',
    labelNames: ['network', 'kind'],
    registers,
  }),
  credentialsExpire: new Gauge({
    name: 'hutong_bus_credentials_expire_seconds',
    help: 'Time at which the bus credentials of this adapter expire, seconds since 1970; 0: never',
    labelNames: ['network'],
    registers,
  }),
  published: new Counter({
    name: 'hutong_bus_published_total',
    help: 'Messages stored on the bus',
    labelNames: ['result'],
    registers,
  }),
  switchEvents: new Counter({
    name: 'hutong_switch_events_total',
    help: 'Events decided by the switch',
    labelNames: ['from', 'to', 'code'],
    registers,
  }),
  switchSeconds: new Histogram({
    name: 'hutong_switch_seconds',
    help: 'Time from reading an event to storing it for its destination',
    buckets: seconds,
    registers,
  }),
  switchSignals: new Counter({
    name: 'hutong_switch_signals_total',
    help: 'Ephemeral events decided by the switch',
    labelNames: ['code'],
    registers,
  }),
  switchWaiting: new Gauge({
    name: 'hutong_switch_waiting',
    help: 'Messages that wait for a network that is away, by network, as this instance of the switch counted them last; without a value while the network is present',
    labelNames: ['network'],
    registers,
  }),
  adapterAccepted: new Counter({
    name: 'hutong_adapter_accepted_total',
    help: 'Native events stored on the bus',
    labelNames: ['network', 'kind'],
    registers,
  }),
  adapterOutcomes: new Counter({
    name: 'hutong_adapter_outcomes_total',
    help: 'Outcomes of events at their destination, by result code',
    labelNames: ['network', 'code'],
    registers,
  }),
  adapterHeld: new Gauge({
    name: 'hutong_adapter_held',
    help: 'Events read from the bus and not yet finished',
    labelNames: ['network'],
    registers,
  }),
  adapterSeconds: new Histogram({
    name: 'hutong_adapter_seconds',
    help: 'Time from reading an event to its outcome',
    labelNames: ['network'],
    buckets: seconds,
    registers,
  }),
  nativeConnected: new Gauge({
    name: 'hutong_adapter_native_connected',
    help: '1 while the native network is connected',
    labelNames: ['network'],
    registers,
  }),
  adapterSessions: new Gauge({
    name: 'hutong_adapter_sessions',
    help: 'Established native sessions, where a network needs one for each ghost',
    labelNames: ['network'],
    registers,
  }),
  mediaBytes: new Counter({
    name: 'hutong_media_bytes_total',
    help: 'Bytes of attachments, by direction: in from the network to the media store, out from the media store to the network',
    labelNames: ['network', 'direction'],
    registers,
  }),
  mediaFailures: new Counter({
    name: 'hutong_media_failures_total',
    help: 'Attachments that were not delivered, by result code',
    labelNames: ['network', 'code'],
    registers,
  }),
  mediaWaiting: new Gauge({
    name: 'hutong_media_waiting',
    help: 'Conversations that wait for an attachment to be fetched',
    labelNames: ['network'],
    registers,
  }),
  mediaRemoved: new Counter({
    name: 'hutong_media_removed_total',
    help: 'Attachments that were deleted from the media store early: delivered to all recipients, or not needed',
    labelNames: ['network'],
    registers,
  }),
  deadLetters: new Counter({
    name: 'hutong_dead_letters_total',
    help: 'Dead letters',
    labelNames: ['network', 'code'],
    registers,
  }),
  notCarried: new Counter({
    name: 'hutong_not_carried_total',
    help: 'Native inputs that an adapter could neither turn into an event nor refuse to their sender; stored as dead letters',
    labelNames: ['network', 'kind'],
    registers,
  }),
  clearingHalves: new Counter({
    name: 'hutong_clearing_halves_total',
    help: 'Unmatched halves of detail records read from the bus: routed, or ended',
    labelNames: ['half'],
    registers,
  }),
  clearingRecords: new Counter({
    name: 'hutong_clearing_records_total',
    help: 'Detail records that became complete',
    registers,
  }),
  clearingOverdueDays: new Gauge({
    name: 'hutong_clearing_overdue_days',
    help: 'Business days that have ended and are not closed',
    registers,
  }),
  clearingCloseSeconds: new Gauge({
    name: 'hutong_clearing_close_seconds',
    help: 'Duration of the last close of a business day',
    registers,
  }),
  denied: new Counter({
    name: 'hutong_console_denied_total',
    help: 'Denied requests to the REST API: no key, a wrong or expired key, too many wrong keys or passwords, an ended session, a wrong password or code, a request from another site, no permission',
    labelNames: ['reason'],
    registers,
  }),
  wrongProofs: new Counter({
    name: 'hutong_wrong_proofs_total',
    help: 'Wrong passwords, tokens, keys and signatures of peers that connect to us, by place (smpp, sgip, sip, http); wait: not looked at, because too many wrong ones came from the address',
    labelNames: ['place', 'result'],
    registers,
  }),
  registryUnpublished: new Gauge({
    name: 'hutong_registry_unpublished',
    help: 'Registry entries that are stored in the database and not yet confirmed by the bus; alarm when above 0 for a minute',
    registers,
  }),
  callsOpen: new Gauge({
    name: 'hutong_calls_open',
    help: 'Call pages that are open in this process: waiting, ringing or in a call',
    registers,
  }),
  callsEnded: new Counter({
    name: 'hutong_calls_ended_total',
    help: 'Call pages that have ended, by reason: hung-up, declined, peer-declined, peer-cancelled, peer-ended, missed, lost (the browser), failed (the media), refused (the session description), too-long, stopped (the process)',
    labelNames: ['reason'],
    registers,
  }),
  recorded: new Counter({
    name: 'hutong_recorder_checkpoints_total',
    help: 'Checkpoints of messages that the recorder wrote to the database',
    registers,
  }),
};

export function collectProcessMetrics(): void {
  collectDefaultMetrics({ register: metricsRegistry });
}

export async function metricsPage(): Promise<string> {
  const rows = (await metricsRegistry.getMetricsAsJSON())
    .filter((metric) => metric.name.startsWith('hutong_'))
    .map((metric) => `| \`${metric.name}\` | ${String(metric.type)} | ${metric.help} |`);
  return [
    '# Metrics',
    '',
    'Generated from `libs/service/src/metrics.ts` by `npm run docs`.',
    '',
    '| name | type | what |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
