/** What needs attention, with what to do. Pure. */
import { decimalOf } from '../settlement/amount.js';
import type { OverviewProblem } from './overview.dto.js';
import type { Expiring } from './overview.repository.js';

export interface NetworkState {
  slug: string;
  status: string;
  signedOn: boolean;
  nativeConnected: boolean;
  lastHeard: string | undefined;
}

export interface OverduePosition {
  party: string;
  date: string;
  due_on: string;
  count: number;
  /** Millionths of a yuan, as text; negative: the party owes it. */
  outstanding: string;
}

export interface Findings {
  networks: readonly NetworkState[];
  credentials: readonly Expiring[];
  certificates: readonly Expiring[];
  /** Number of dead letters by network. */
  letters: ReadonlyMap<string, number>;
  /** Of each party its oldest position that was due and is not paid, and how many there are. */
  overduePositions: readonly OverduePosition[];
  /** Those that the hub has disabled. */
  webhooks: readonly { url: string; disabled_at: Date }[];
  /** Date of a business day that should be closed. */
  overdueDay: string | undefined;
}

const MOST_PROBLEMS = 200;
const RANK = { critical: 0, warning: 1 };

/** The worst first. */
export function problemsOf(
  { networks, credentials, certificates, letters, overduePositions, webhooks, overdueDay }: Findings,
  now: Date,
): OverviewProblem[] {
  const problems = [
    ...networks.flatMap(ofNetwork),
    ...credentials.map((one) => expiring('credential', one, now)),
    ...certificates.map((one) => expiring('certificate', one, now)),
    ...[...letters].map(([slug, count]) => deadLetters(slug, count)),
    ...overduePositions.map(notPaid),
    ...webhooks.map(disabledWebhook),
    ...(overdueDay === undefined ? [] : [notClosed(overdueDay)]),
  ];
  return problems.sort((one, other) => RANK[one.severity] - RANK[other.severity]).slice(0, MOST_PROBLEMS);
}

export function isUnavailable({ status, signedOn, nativeConnected }: NetworkState): boolean {
  return status === 'suspended' || !signedOn || !nativeConnected;
}

function ofNetwork(network: NetworkState): OverviewProblem[] {
  const { slug, status, signedOn, lastHeard } = network;
  if (!isUnavailable(network)) return [];
  if (status === 'suspended')
    return [
      {
        kind: 'network-suspended',
        severity: 'warning',
        subject: slug,
        words: `${slug} is suspended: nothing is accepted from it or delivered to it`,
        todo: 'When the reason is gone, an admin enables it again',
        at: null,
      },
    ];
  return [
    {
      kind: 'network-unavailable',
      severity: 'critical',
      subject: slug,
      words: signedOn
        ? `The adapter of ${slug} is not connected to its network`
        : `No adapter of ${slug} is signed on`,
      todo: 'Look at the log of the adapter; messages to this network wait until it is back',
      at: lastHeard ?? null,
    },
  ];
}

function expiring(
  what: 'credential' | 'certificate',
  { network, until }: Expiring,
  now: Date,
): OverviewProblem {
  const isOver = until <= now;
  return {
    kind: `${what}-expires`,
    severity: isOver ? 'critical' : 'warning',
    subject: network,
    words: `The ${what} of ${network} ${isOver ? 'has expired' : 'expires soon'}`,
    todo:
      what === 'credential'
        ? 'The adapter renews it by itself when it is connected; otherwise the operator issues another'
        : 'Its operator starts another certification',
    at: until.toISOString(),
  };
}

function deadLetters(slug: string, count: number): OverviewProblem {
  return {
    kind: 'dead-letters',
    severity: 'warning',
    subject: slug,
    words: `${count} messages of ${slug} could not be processed`,
    todo: 'Read the reason of each dead letter, remove the cause, then replay or discard it',
    at: null,
  };
}

function notPaid({ party, date, due_on: dueOn, count, outstanding }: OverduePosition): OverviewProblem {
  const amount = decimalOf(BigInt(outstanding)).replace('-', '');
  const owed = outstanding.startsWith('-')
    ? `${party} owes ${amount} yuan`
    : `${party} is owed ${amount} yuan`;
  return {
    kind: 'position-overdue',
    severity: 'warning',
    subject: `HT${date.replaceAll('-', '')}-${party}`,
    words: `${owed} of ${count === 1 ? 'a business day' : `${count} business days`}, the oldest due on ${dueOn}`,
    todo: 'When the bank has booked the payment, two admins record it on the page of the business day',
    at: `${dueOn}T00:00:00.000Z`,
  };
}

function disabledWebhook({ url, disabled_at: at }: Findings['webhooks'][number]): OverviewProblem {
  const { host } = new URL(url);
  return {
    kind: 'webhook-disabled',
    severity: 'warning',
    subject: host,
    words: `The webhook to ${host} was disabled: its receiver has failed for days`,
    todo: 'Repair the receiver, then enable the webhook; what waited is sent',
    at: at.toISOString(),
  };
}

function notClosed(date: string): OverviewProblem {
  return {
    kind: 'day-not-closed',
    severity: 'critical',
    subject: date,
    words: `The business day ${date} is not closed`,
    todo: 'Check that clearing runs, and read its log; it closes days that are over by itself',
    at: null,
  };
}
