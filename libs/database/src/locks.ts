/** Keys of PostgreSQL advisory locks. The numbers are arbitrary; each lock has its own, the same in every process. */
export const LOCKS = {
  migrations: 4_860_001,
  close: 4_860_002,
  audit: 4_860_003,
  risk: 4_860_004,
  challenges: 4_860_005,
  registry: 4_860_006,
  secrets: 4_860_007,
  events: 4_860_008,
  webhooks: 4_860_009,
} as const;
