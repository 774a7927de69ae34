/** How complaints limit a pair of networks, step a network down, and back. Pure; the thresholds are data. */
import { RISK_LEVELS, type RiskLevel } from '#protocol';

interface Threshold {
  up: number;
  down: number;
}

export interface RiskRules {
  /** Of a network, by its weighted complaints per thousand messages: from `up` on stepped down to the level, below `down` back. */
  levels: Record<Exclude<RiskLevel, 'normal'>, Threshold>;
  /** Of a pair, by complaints per thousand messages that were sent on to the reporting network. */
  pair: Threshold & { minimumSentOn: number; minimumPeople: number };
  /** Complaints per thousand messages that one reporting network counts for at most. */
  capPerThousand: number;
  /** Fewer messages sent on than this prove nothing about a network. */
  minimumSentOn: number;
  /** How long a level lasts before the next worse, and before the next better one. */
  holdUpMs: number;
  holdDownMs: number;
  windowDays: number;
}

const HOUR_MS = 3600_000;

export const RISK_RULES: RiskRules = {
  levels: {
    warned: { up: 1, down: 0.5 },
    throttled: { up: 3, down: 1.5 },
    suspended: { up: 10, down: 5 },
  },
  pair: { up: 3, down: 1.5, minimumSentOn: 100, minimumPeople: 3 },
  capPerThousand: 30,
  minimumSentOn: 1000,
  holdUpMs: HOUR_MS,
  holdDownMs: 24 * HOUR_MS,
  windowDays: 7,
};

/** One person of a reporting network who complained about somebody of the accused network. */
export interface Complaint {
  reporter: string;
  person: string;
  /** Not answered when it was due. */
  late: boolean;
}

/** A network to which messages of the accused were sent on. */
export interface Destination {
  network: string;
  /** Networks of one operator count as one voice. */
  operator: string;
  sentOn: number;
  /** Below 1 while too many of its reports were dismissed. */
  weight: number;
}

export interface PairFigures {
  sentOn: number;
  people: number;
  late: number;
  perThousand: number;
}

export interface MemberFigures extends PairFigures {
  /** Independent operators whose people complained. */
  operators: number;
}

/** A person counts once for each reporting network, and double if a complaint of theirs is late. */
export function pairFigures(destination: Destination, complaints: readonly Complaint[]): PairFigures {
  const late = new Map<string, boolean>();
  for (const complaint of complaints)
    if (complaint.reporter === destination.network)
      late.set(complaint.person, (late.get(complaint.person) ?? false) || complaint.late);
  const lateOnes = [...late.values()].filter(Boolean).length;
  const weighted = (late.size + lateOnes) * destination.weight;
  const perThousand = destination.sentOn === 0 ? 0 : (weighted * 1000) / destination.sentOn;
  return { sentOn: destination.sentOn, people: late.size, late: lateOnes, perThousand: rounded(perThousand) };
}

/**
 * Each reporting network adds its complaints per thousand, at most the cap, times its share of the messages of the accused.
 * The operator that adds most counts for no more than all the others together: one alone counts for nothing.
 */
export function memberFigures(
  destinations: readonly Destination[],
  complaints: readonly Complaint[],
  rules: RiskRules,
): MemberFigures {
  const sentOn = destinations.reduce((sum, one) => sum + one.sentOn, 0);
  const byOperator = new Map<string, number>();
  let [people, late] = [0, 0];
  // In one order, so that the sums of fractions do not depend on that of the rows.
  for (const destination of destinations.toSorted((one, other) => compared(one.network, other.network))) {
    const pair = pairFigures(destination, complaints);
    if (pair.people === 0 || pair.sentOn === 0) continue;
    people += pair.people;
    late += pair.late;
    const added = (destination.sentOn / sentOn) * Math.min(pair.perThousand, rules.capPerThousand);
    byOperator.set(destination.operator, (byOperator.get(destination.operator) ?? 0) + added);
  }
  const voices = [...byOperator.values()].sort((one, other) => one - other);
  const loudest = voices.pop() ?? 0;
  const others = voices.reduce((sum, one) => sum + one, 0);
  const perThousand = rounded(others + Math.min(loudest, others));
  return { sentOn, people, late, operators: byOperator.size, perThousand };
}

/** @returns whether the pair is to be limited now */
export function isPairLimited(
  limited: boolean,
  sinceMs: number,
  { sentOn, people, perThousand }: PairFigures,
  { pair, holdDownMs }: RiskRules,
): boolean {
  const enough = sentOn >= pair.minimumSentOn;
  if (!limited) return enough && people >= pair.minimumPeople && perThousand >= pair.up;
  // A limited pair carries little: it is free again when the complaints have aged, too.
  const quiet = enough ? perThousand < pair.down : people === 0;
  return !(quiet && sinceMs >= holdDownMs);
}

/** @returns where the network stands now: where it did, or one step further or back */
export function nextRisk(
  level: RiskLevel,
  sinceMs: number,
  { sentOn, perThousand }: Pick<MemberFigures, 'sentOn' | 'perThousand'>,
  rules: RiskRules,
): RiskLevel {
  const at = RISK_LEVELS.indexOf(level);
  const worse = RISK_LEVELS[at + 1];
  const better = RISK_LEVELS[at - 1];
  const enough = sentOn >= rules.minimumSentOn;
  // The first step only warns: it needs no waiting time.
  const mayWorsen = level === 'normal' || sinceMs >= rules.holdUpMs;
  if (worse && worse !== 'normal' && enough && mayWorsen && perThousand >= rules.levels[worse].up)
    return worse;
  // A suspended network sends nothing: it is back when the complaints of two operators have aged.
  const quiet = enough ? level !== 'normal' && perThousand < rules.levels[level].down : perThousand === 0;
  if (better && quiet && sinceMs >= rules.holdDownMs) return better;
  return level;
}

/** @returns the level that figures still hold up after a dismissal: never a worse one than now */
export function heldLevel(level: RiskLevel, { perThousand }: MemberFigures, rules: RiskRules): RiskLevel {
  const held = RISK_LEVELS.filter((one) => one !== 'normal' && perThousand >= rules.levels[one].down);
  const most = held.at(-1) ?? 'normal';
  return RISK_LEVELS.indexOf(most) < RISK_LEVELS.indexOf(level) ? most : level;
}

/** In words, for whoever asks why a network has its level. */
export function explained(level: RiskLevel, figures: MemberFigures, rules: RiskRules): string {
  const { people, operators, sentOn, perThousand } = figures;
  const counted = `${people} people of networks of ${operators} operators complained, on ${sentOn} messages sent on in ${rules.windowDays} days: ${perThousand} per thousand by the formula`;
  const few =
    sentOn < rules.minimumSentOn ? `; fewer than ${rules.minimumSentOn} messages prove nothing` : '';
  const alone = operators === 1 ? '; one operator alone moves no level' : '';
  const worse = RISK_LEVELS[RISK_LEVELS.indexOf(level) + 1];
  const next = worse && worse !== 'normal' ? `; ${worse} from ${rules.levels[worse].up} per thousand on` : '';
  const back =
    level === 'normal'
      ? ''
      : `; better below ${rules.levels[level].down}, not before ${rules.holdDownMs / HOUR_MS} hours are over`;
  return counted + few + alone + next + back;
}

/** In words, why a pair is limited or no longer. */
export function explainedPair({ people, sentOn, perThousand }: PairFigures, rules: RiskRules): string {
  const { up, down } = rules.pair;
  return `${people} people complained, on ${sentOn} messages sent on to their network in ${rules.windowDays} days: ${perThousand} per thousand; limited from ${up} per thousand and ${rules.pair.minimumPeople} people on, free below ${down}, not before ${rules.holdDownMs / HOUR_MS} hours are over`;
}

function rounded(figure: number): number {
  return Math.round(figure * 1000) / 1000;
}

function compared(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
