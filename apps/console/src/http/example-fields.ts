/** What a field says in the examples of the documentation; where a schema means something else by it, under both names. */
import { levels } from '#protocol';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const ID = '0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90';
const OTHER_ID = '0194f3a2-8d02-7c11-8a44-51b7e09d3f2c';
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const EVENT = 'wrOKBB5lLg5ylonWKfMy5cobNVe';
const DAY = '2026-12-01';
const EARLIER = '2026-12-01T02:00:00.000Z';
const LATER = '2026-12-01T15:00:00.000Z';
const NEXT_WEEK = '2026-12-08T02:00:00.000Z';
const ON_FETION = 'im:13900000001@fetion';
const ON_WECHAT = 'im:oabc123@wechat';
const CURSOR = 'WyJ3ZWNoYXQiXQ';

const TIMES: Record<string, Json> = {
  at: EARLIER,
  closedAt: LATER,
  createdAt: EARLIER,
  deadline: NEXT_WEEK,
  decidedAt: LATER,
  dueAt: NEXT_WEEK,
  endedAt: LATER,
  expiresAt: LATER,
  lastHeard: EARLIER,
  leavesAt: null,
  openedAt: EARLIER,
  proposedAt: EARLIER,
  raisedAt: EARLIER,
  reportedAt: EARLIER,
  resolvedAt: LATER,
  since: EARLIER,
  startedAt: EARLIER,
  validFrom: EARLIER,
  validTo: null,
  validUntil: NEXT_WEEK,
};

const PARTIES: Record<string, Json> = {
  accused: ON_WECHAT,
  actor: 'first admin',
  address: ON_WECHAT,
  'BlockedAddress.network': null,
  by: 'noc of Fetion',
  claimant: 'fetion',
  contact: 'noc@example.cn',
  decidedBy: 'second admin',
  from: 'fetion',
  instance: 'a1b2c3d4',
  loopback: 'echo@example.org',
  name: 'Fetion',
  network: 'fetion',
  networks: ['fetion'],
  number: '+8613900000001',
  operator: 'cmcc',
  'OperatorView.id': 'cmcc',
  'OperatorView.name': 'China Mobile',
  party: 'fetion',
  'PortedView.address': null,
  proposedBy: 'first admin',
  reporterNetwork: 'fetion',
  respondent: 'wechat',
  stranger: 'nobody@example.org',
  to: 'wechat',
  toNetwork: 'wechat',
  '/v1/resolve.from': ON_FETION,
  'Trace.from': ON_FETION,
  'Trace.to': ON_WECHAT,
};

const WORDS: Record<string, Json> = {
  action: 'network.approve',
  'DisputeDetail.action': 'answer',
  credentials: '-----BEGIN NATS USER JWT-----\n…',
  detail: 'found in order',
  disclosedContent: 'You have won! Send your bank details …',
  explanation: '3 complaints in 1200 messages: 2.5 per thousand, below 5',
  kind: 'message',
  note: 'advertising, every day',
  notice: 'Feiliao and Fetion can no longer write to each other from then on.',
  reason: 'asked for by its operator',
  resolution: 'The statement is right: see the detail records.',
  subject: 'network/fetion',
  'DeadLetterRow.subject': 'hub.in.fetion.3',
  'DeadLetterView.subject': 'hub.in.fetion.3',
  text: 'Delivered at 10:02; the receipt came at 10:03.',
  title: 'Twenty in order',
  what: 'the echo of the first text',
  why: '57: no agreement from fetion to wechat for media',
};

const IDS: Record<string, Json> = {
  adjustment: OTHER_ID,
  addressCode: '048213',
  build: '1.4.2',
  capabilities: SHA256,
  'Capabilities.version': '1.4.2',
  'CertificationCase.id': 'order',
  code: '00',
  conversation: '5fYkz0Qh1uVZrYk2yq9oUA',
  cursor: CURSOR,
  'DeadLetterRow.id': 1207,
  'DeadLetterView.id': 1207,
  envelopeHash: SHA256,
  eventId: EVENT,
  hash: SHA256,
  id: ID,
  '/v1/operators/{id}.id': 'cmcc',
  '/v1/dead-letters/{id}.id': 1207,
  '/v1/dead-letters/{id}/replay.id': 1207,
  'Idempotency-Key': '2026-12-01-approve-fetion',
  'If-Match': '"3"',
  inboxPrefix: '_INBOX_fetion',
  key: '86139',
  'KeyCreated.key': 'hk_3vXb2n4Zt0q8Lw6Rk1Yp5Ds7',
  native: '$f3Yk…:example.org',
  next: null,
  numberCode: '771204',
  payload: 'eyJzcGVjdmVyc2lvbiI6IjEuMCJ9',
  prefix: 'hk_3vXb',
  previous: SHA256,
  reference: EVENT,
  root: SHA256,
  suite: '3',
  token: 'eyJhbGciOiJIUzI1NiJ9…',
  version: 3,
};

const FIGURES: Record<string, Json> = {
  amount: '0.05',
  attempts: 8,
  billAndKeepPermille: 50,
  complaints: 3,
  date: DAY,
  differences: [],
  down: 4,
  editAgeMs: 86_400_000,
  entries: 4211,
  features: levels(2, { reaction: 0, sticker: 0 }),
  late: 0,
  maxBytes: 10_485_760,
  maxMs: 60_000,
  members: { fetion: { sequence: 12, records: 48_210, position: '-31.25' } },
  messages: 5120,
  messagesPerWindow: 20,
  minimumSentOn: 1000,
  ms: 812,
  netSum: '0',
  newContactsPerDay: 20,
  numbersWithout: '86',
  of: 50,
  part: 5,
  perSecond: 200,
  perSenderPerMinute: 30,
  perThousand: 2.5,
  position: '-31.25',
  reactionsPerPerson: 1,
  recallAgeMs: 120_000,
  records: 96_420,
  replyWindowMs: 172_800_000,
  senders: 310,
  sentOn: 1200,
  seq: 4211,
  size: 812,
  switchFee: '0.001',
  terminationFee: '0.03',
  textBytes: 2048,
  textLength: 2000,
  types: ['image/jpeg', 'image/png'],
  unit: 'message',
  unproven: 1,
  up: 5,
  windowDays: 7,
};

/** In the audit log, what was changed. */
const CHANGE: Json = { status: ['applied', 'approved'] };

export const FIELDS: Record<string, Json> = {
  ...TIMES,
  ...PARTIES,
  ...WORDS,
  ...IDS,
  ...FIGURES,
  'AuditEntry.change': CHANGE,
};
