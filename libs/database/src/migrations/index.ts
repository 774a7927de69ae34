/** Migrations, oldest first; run at start under a lock. Add a class, never change one that was released. */
import { Calls1764650000000 } from './calls.js';
import { CompactTrace1764630000000 } from './compact-trace.js';
import { Disputes1763920000000 } from './disputes.js';
import { Certification1763950000000 } from './certification.js';
import { Abuse1763940000000 } from './abuse.js';
import { Announcements1764400000000 } from './announcements.js';
import { BusCredentials1764420000000 } from './bus-credentials.js';
import { BusInventory1764410000000 } from './bus-inventory.js';
import { BusPauses1764430000000 } from './bus-pauses.js';
import { Clearing1763910000000 } from './clearing.js';
import { DisputeBounds1764530000000 } from './dispute-bounds.js';
import { Exchange1763900000000 } from './exchange.js';
import { FailedRecords1764580100000 } from './failed-records.js';
import { Find1764595000000 } from './find.js';
import { First1763800000000, MediaUse1763800000001 } from './first.js';
import { Identity1763930000000 } from './identity.js';
import { Integrators1764591000000 } from './integrators.js';
import { MembersConsent1764510000000 } from './members-consent.js';
import { Payments1764635000000 } from './payments.js';
import { People1764500000000 } from './people.js';
import { Reconciliations1764620000000 } from './reconciliations.js';
import { RegistryOutbox1764310000000 } from './registry-outbox.js';
import { RivalComplaints1764520000000 } from './rival-complaints.js';
import { ReportLinks1764550000000 } from './report-links.js';
import { RouteAddress1764610000000 } from './route-address.js';
import { RevokedKeys1764300000000 } from './revoked-keys.js';
import { SecondFactorRecovery1764645000000 } from './second-factor-recovery.js';
import { Sessions1764560000000 } from './sessions.js';
import { StatementHeads1764590000000 } from './statement-heads.js';
import { TraceSearch1764570000000 } from './trace-search.js';
import { UnknownOutcomes1764540000000 } from './unknown-outcomes.js';
import { WebhookHealth1764640000000 } from './webhook-health.js';
import { Webhooks1764596100000 } from './webhooks.js';

export const MIGRATIONS = [
  First1763800000000,
  MediaUse1763800000001,
  Exchange1763900000000,
  Clearing1763910000000,
  Disputes1763920000000,
  Identity1763930000000,
  Abuse1763940000000,
  Certification1763950000000,
  RevokedKeys1764300000000,
  RegistryOutbox1764310000000,
  Announcements1764400000000,
  BusCredentials1764420000000,
  BusPauses1764430000000,
  BusInventory1764410000000,
  People1764500000000,
  MembersConsent1764510000000,
  RivalComplaints1764520000000,
  DisputeBounds1764530000000,
  UnknownOutcomes1764540000000,
  ReportLinks1764550000000,
  Sessions1764560000000,
  TraceSearch1764570000000,
  FailedRecords1764580100000,
  StatementHeads1764590000000,
  Integrators1764591000000,
  Find1764595000000,
  Webhooks1764596100000,
  RouteAddress1764610000000,
  Reconciliations1764620000000,
  CompactTrace1764630000000,
  Payments1764635000000,
  WebhookHealth1764640000000,
  SecondFactorRecovery1764645000000,
  Calls1764650000000,
];
