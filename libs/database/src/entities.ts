/** Tables of the registry, people, keys and the trace. Column types are explicit; migrations create the tables. */
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import {
  OUTCOME_STAGES,
  type AdapterState,
  type Capabilities,
  type EventKind,
  type MemberState,
  type ResultCode,
  type RiskLevel,
  type StandIn,
} from '#protocol';

@Entity('network')
export class NetworkRow {
  @PrimaryColumn({ type: 'text' })
  slug!: string;
  @Column({ type: 'text' })
  name!: string;
  @Column({ type: 'text' })
  status!: MemberState;
  @Column({ type: 'jsonb', nullable: true })
  capabilities!: Capabilities | null;
  @Column({ type: 'text', nullable: true })
  build!: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
  @Column({ type: 'text', nullable: true })
  operator!: string | null;
  @Column({ type: 'text' })
  adapter!: AdapterState;
  @Column({ type: 'boolean' })
  test!: boolean;
  @Column({ name: 'leaves_at', type: 'timestamptz', nullable: true })
  leavesAt!: Date | null;
  @Column({ name: 'stand_in', type: 'jsonb' })
  standIn!: StandIn;
  @Column({ type: 'text' })
  risk!: RiskLevel;
  @Column({ type: 'int' })
  version!: number;
}

export const ROLES = ['admin', 'operator', 'auditor', 'integrator'] as const;
export type Role = (typeof ROLES)[number];

/** A person who works with the console. API keys belong to people; two keys of one person do not count as two people. */
@Entity('person')
export class PersonRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;
  @Column({ type: 'text' })
  name!: string;
  @Column({ type: 'text' })
  mail!: string;
  @Column({ type: 'text', array: true })
  roles!: Role[];
  /** An operator: the one network that they may see and change. An integrator: its party, `integrator:<name>`. */
  @Column({ type: 'text', nullable: true })
  network!: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
  /** The key that proposed this person; null: from the settings, or from before people were registered. */
  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;
  /** The key of the second person who approved. */
  @Column({ name: 'approved_by', type: 'uuid', nullable: true })
  approvedBy!: string | null;
  @Column({ name: 'disabled_at', type: 'timestamptz', nullable: true })
  disabledAt!: Date | null;
  @Column({ name: 'disabled_by', type: 'uuid', nullable: true })
  disabledBy!: string | null;
  @Column({ type: 'int' })
  version!: number;
}

@Entity('api_key')
export class ApiKeyRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;
  @Column({ type: 'text' })
  name!: string;
  @Column({ type: 'text' })
  role!: Role;
  /** As that of the person: the network of an operator, or the party of an integrator. */
  @Column({ type: 'text', nullable: true })
  network!: string | null;
  /** SHA-256 of the key: the key itself is 32 random bytes, so a slow hash would add nothing. */
  @Column({ type: 'text' })
  hash!: string;
  /** The key with which it was made; null: it came from the settings. */
  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;
  /** The first characters of the key, so that people can tell keys apart. */
  @Column({ type: 'text' })
  prefix!: string;
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
  /** Set: the key is revoked. */
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
  @Column({ name: 'revoked_by', type: 'uuid', nullable: true })
  revokedBy!: string | null;
  @Column({ name: 'revoked_reason', type: 'text', nullable: true })
  revokedReason!: string | null;
  @Column({ name: 'person_id', type: 'uuid' })
  personId!: string;
  /** null: a key of the settings, which does not expire. */
  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;
  /** When its expiry was written to the audit log. */
  @Column({ name: 'expiry_recorded_at', type: 'timestamptz', nullable: true })
  expiryRecordedAt!: Date | null;
  /** Written at most once a minute. */
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;
  /** Why it was issued. */
  @Column({ type: 'text' })
  reason!: string;
  /** The key of the second person who approved that it was issued. */
  @Column({ name: 'approved_by', type: 'uuid', nullable: true })
  approvedBy!: string | null;
}

export const TRACE_STAGES = ['accepted', 'routed', ...OUTCOME_STAGES] as const;
export type TraceStage = (typeof TRACE_STAGES)[number];

/** One step of one event, read from the streams: who, when, and how it ended; never the content. */
@Entity('checkpoint')
@Index(['eventId'])
export class CheckpointRow {
  /** `<stream>:<sequence>:<n>`: reading a stream twice writes nothing twice. */
  @PrimaryColumn({ type: 'text' })
  id!: string;
  @Column({ name: 'event_id', type: 'text' })
  eventId!: string;
  @Column({ type: 'text' })
  stage!: TraceStage;
  @Column({ type: 'text' })
  network!: string;
  @Column({ type: 'text' })
  kind!: EventKind;
  @Column({ type: 'text' })
  conversation!: string;
  @Column({ name: 'from_address', type: 'text' })
  from!: string;
  @Column({ name: 'to_address', type: 'text' })
  to!: string;
  @Column({ type: 'text' })
  code!: ResultCode;
  @Column({ type: 'text', nullable: true })
  detail!: string | null;
  @Column({ type: 'timestamptz' })
  at!: Date;
  /** Of an accepted message: time at which it was sent, by the clock of the network of its sender. */
  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true })
  sentAt!: Date | null;
}

@Entity('native_ref')
export class NativeRefRow {
  @PrimaryColumn({ type: 'text' })
  network!: string;
  /** SHA-256 of the native id, which may be longer than an index entry. */
  @PrimaryColumn({ name: 'native_hash', type: 'text' })
  nativeHash!: string;
  @PrimaryColumn({ name: 'event_id', type: 'text' })
  eventId!: string;
  @Column({ type: 'timestamptz' })
  at!: Date;
}

/** An event that names an attachment in the media store. */
@Entity('media_use')
export class MediaUseRow {
  @PrimaryColumn({ type: 'text' })
  url!: string;
  @PrimaryColumn({ name: 'event_id', type: 'text' })
  eventId!: string;
  @Column({ type: 'timestamptz' })
  at!: Date;
}

export const ENTITIES = [NetworkRow, PersonRow, ApiKeyRow, CheckpointRow, NativeRefRow, MediaUseRow];
