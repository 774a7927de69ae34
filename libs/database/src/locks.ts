/** Advisory locks: the numbers mean nothing, but every instance must use the same, and each its own. */
export const LOCKS = {
  migrations: 4_860_001,
  close: 4_860_002,
  audit: 4_860_003,
  risk: 4_860_004,
  challenges: 4_860_005,
  registry: 4_860_006,
} as const;
