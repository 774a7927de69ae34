/** Rules by which complaints limit a pair of networks or change the level of a network. Pure functions; the thresholds are data. */
import { RISK_LEVELS, type RiskLevel } from '#protocol';

interface Threshold {
  up: number;
  down: number;
}

export interface RiskRules {
  /** Levels of a network by weighted complaints per 1,000 messages: from `up` the level begins, below `down` it ends. */
  levels: Record<Exclude<RiskLevel, 'normal'>, Threshold>;
  /** Limit of a pair by complaints per 1,000 messages that were routed to the reporting network. */
  pair: Threshold & { minimumSentOn: number; minimumPeople: number };
  /** Maximum of complaints per 1,000 messages that one reporting network counts with. */
  capPerThousand: number;
  /** Below this number of routed messages the level of a network does not change. */
  minimumSentOn: number;
  /** Minimum duration of a level before the next worse and before the next better one. */
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

/** A person of a reporting network who complained about somebody of the accused network. */
export interface Complaint {
  reporter: string;
  person: string;
  /** true: a report of the person was not answered within its deadline. */
  late: boolean;
}

/** A network to which messages of the accused network were routed. */
export interface Destination {
  network: string;
  /** Complaints of networks with the same operator are added up. */
  operator: string;
  sentOn: number;
  /** Less than 1 while too many of its reports were dismissed. */
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

/** A person counts once for each reporting network, and double if the answer to a complaint of theirs is late. */
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
 * Sum over the reporting networks: complaints per 1,000 messages (at most the cap) times the share of the messages of the accused.
 * The operator with the largest part counts for at most as much as all others together, so that one operator alone counts 0.
 */
export function memberFigures(
  destinations: readonly Destination[],
  complaints: readonly Complaint[],
  rules: RiskRules,
): MemberFigures {
  const sentOn = destinations.reduce((sum, one) => sum + one.sentOn, 0);
  const byOperator = new Map<string, number>();
  let [people, late] = [0, 0];
  // Sorted, so that sums of fractions do not depend on the order of the rows.
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

/** @returns whether the pair has to be limited now */
export function isPairLimited(
  limited: boolean,
  sinceMs: number,
  { sentOn, people, perThousand }: PairFigures,
  { pair, holdDownMs }: RiskRules,
): boolean {
  const enough = sentOn >= pair.minimumSentOn;
  if (!limited) return enough && people >= pair.minimumPeople && perThousand >= pair.up;
  // A limited pair has little traffic: the limit also ends when the complaints are older than the window.
  const quiet = enough ? perThousand < pair.down : people === 0;
  return !(quiet && sinceMs >= holdDownMs);
}

/** @returns the level of the network now: unchanged, or one step worse or better */
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
  // A warning holds nothing back, so it needs no waiting time.
  const mayWorsen = level === 'normal' || sinceMs >= rules.holdUpMs;
  if (worse && worse !== 'normal' && enough && mayWorsen && perThousand >= rules.levels[worse].up)
    return worse;
  // A suspended network sends nothing: the suspension ends when complaints of fewer than two operators are within the window.
  const quiet = enough ? level !== 'normal' && perThousand < rules.levels[level].down : perThousand === 0;
  if (better && quiet && sinceMs >= rules.holdDownMs) return better;
  return level;
}

/** @returns the level after a dismissal, which is never worse than the present one */
export function heldLevel(level: RiskLevel, { perThousand }: MemberFigures, rules: RiskRules): RiskLevel {
  const held = RISK_LEVELS.filter((one) => one !== 'normal' && perThousand >= rules.levels[one].down);
  const most = held.at(-1) ?? 'normal';
  return RISK_LEVELS.indexOf(most) < RISK_LEVELS.indexOf(level) ? most : level;
}

/** Text that explains the level of a network. */
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

/** Text that explains why a pair is limited, or no longer. */
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
