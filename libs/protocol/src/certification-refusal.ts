/** Why two networks may not exchange something although they are members (code 57): which side is not certified, for what, and what to do. */
import type { Network } from './address.js';
import { isCertified, isCertifiedFor, levelFor, type AdapterState, type Member } from './registry.js';
import type { TrafficClass } from './traffic-class.js';

interface Side {
  role: 'source' | 'destination';
  member: Member;
  other: Member;
}

/** For the operator. undefined: both are certified for this, or one of them is a test network. */
export function certificationRefusal(
  source: Member,
  destination: Member,
  wanted: TrafficClass | undefined,
): string | undefined {
  const sides: Side[] = [
    { role: 'source', member: source, other: destination },
    { role: 'destination', member: destination, other: source },
  ];
  const reasons = sides.flatMap((side) => refusalOfSide(side, wanted) ?? []);
  return reasons.length === 0 ? undefined : reasons.join(' ');
}

function refusalOfSide({ role, member, other }: Side, wanted: TrafficClass | undefined): string | undefined {
  const { network, adapter = 'certified', level } = member;
  if (!isCertified(member) && other.test !== true)
    return `The ${role} network ${network} is not certified (${STATES[adapter]}), so it reaches test networks only, and ${other.network} is none. ${certify(network, 'L1')}`;
  if (wanted === undefined || isCertifiedFor(member, wanted)) return undefined;
  const needed = levelFor(wanted);
  return `The ${role} network ${network} is certified for ${level}, and ${wanted} needs ${needed}. ${certify(network, needed)}`;
}

const STATES: Record<AdapterState, string> = {
  draft: 'its adapter has never signed on',
  sandbox: 'its adapter has not passed the certification',
  certified: 'it is certified',
  expired: 'its certificate has expired, or its adapter has changed',
  revoked: 'its certificate was revoked',
};

function certify(network: Network, level: string): string {
  return `Its operator runs the certification and reaches ${level}: npm run certify -- --network ${network}, or POST /v1/networks/${network}/certifications (docs/certification.md).`;
}
