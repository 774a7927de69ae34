/** A network as the API shows it: registration, declaration and present health. */
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { NetworkRow } from '#database';
import { AdapterState, Capabilities, MemberState, network, RiskLevel } from '#protocol';
import { LivenessBoard } from './liveness.js';

export const NetworkView = z
  .object({
    network: z.string().max(40),
    name: z.string().max(300),
    operator: z.string().max(300).nullable(),
    status: MemberState,
    leavesAt: z.string().max(40).nullable(),
    test: z.boolean(),
    risk: RiskLevel,
    adapter: z.object({
      state: AdapterState,
      build: z.string().max(300).nullable(),
      signedOn: z.boolean().describe('true: an adapter is signed on'),
      nativeConnected: z.boolean().describe('true: the adapter is connected to its native network'),
      instance: z.string().max(300).optional(),
      lastHeard: z.string().max(40).optional(),
    }),
    capabilities: Capabilities.nullable(),
    createdAt: z.string().max(40),
    version: z.int(),
  })
  .meta({ id: 'NetworkView' });
export type NetworkView = z.infer<typeof NetworkView>;

@Injectable()
export class NetworkViews {
  constructor(private readonly liveness: LivenessBoard) {}

  of(row: NetworkRow): NetworkView {
    const { slug, name, operator, status, leavesAt, test, risk, capabilities, createdAt, version } = row;
    return {
      network: slug,
      name,
      operator,
      status,
      leavesAt: leavesAt?.toISOString() ?? null,
      test,
      risk,
      adapter: { state: row.adapter, build: row.build, ...this.liveness.of(network(slug)) },
      capabilities,
      createdAt: createdAt.toISOString(),
      version,
    };
  }
}
