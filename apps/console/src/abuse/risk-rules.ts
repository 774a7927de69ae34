/** How complaints step a network down, and back. Pure; the thresholds are data. */
import { RISK_LEVELS, type RiskLevel } from '#protocol';

export interface RiskRules {
  /** Complaints per thousand messages that the switch sent on: from `up` on a network is stepped down to the level, below `down` back from it. */
  levels: Record<Exclude<RiskLevel, 'normal'>, { up: number; down: number }>;
  /** Fewer messages sent on than this prove nothing. */
  minimumSentOn: number;
  /** So long a level lasts before the next worse, and before the next better one. */
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
  minimumSentOn: 1000,
  holdUpMs: HOUR_MS,
  holdDownMs: 24 * HOUR_MS,
  windowDays: 7,
};

export interface RiskFigures {
  sentOn: number;
  /** Those that were not answered in time count double. */
  complaints: number;
}

export function perThousand({ sentOn, complaints }: RiskFigures): number {
  return sentOn === 0 ? 0 : Math.round((complaints * 1_000_000) / sentOn) / 1000;
}

/** @returns where the network stands now: where it did, or one step further or back */
export function nextRisk(
  level: RiskLevel,
  sinceMs: number,
  figures: RiskFigures,
  rules: RiskRules,
): RiskLevel {
  const at = RISK_LEVELS.indexOf(level);
  const worse = RISK_LEVELS[at + 1];
  const better = RISK_LEVELS[at - 1];
  const enough = figures.sentOn >= rules.minimumSentOn;
  const ratio = perThousand(figures);
  // The first step is a word and harms nobody: it needs no patience.
  const mayWorsen = level === 'normal' || sinceMs >= rules.holdUpMs;
  if (worse && worse !== 'normal' && enough && mayWorsen && ratio >= rules.levels[worse].up) return worse;
  // Who is stopped delivers nothing: he is back when the complaints have aged, not when he proves himself.
  const quiet = enough ? level !== 'normal' && ratio < rules.levels[level].down : figures.complaints === 0;
  if (better && quiet && sinceMs >= rules.holdDownMs) return better;
  return level;
}

/** In words, for whoever asks why. */
export function explained(level: RiskLevel, figures: RiskFigures, rules: RiskRules): string {
  const ratio = `${figures.complaints} complaints on ${figures.sentOn} messages sent on in ${rules.windowDays} days: ${perThousand(figures)} per thousand`;
  const few = figures.sentOn < rules.minimumSentOn ? `; fewer than ${rules.minimumSentOn} prove nothing` : '';
  const worse = RISK_LEVELS[RISK_LEVELS.indexOf(level) + 1];
  const next = worse && worse !== 'normal' ? `; ${worse} from ${rules.levels[worse].up} per thousand on` : '';
  const back =
    level === 'normal'
      ? ''
      : `; better below ${rules.levels[level].down}, not before ${rules.holdDownMs / HOUR_MS} hours are over`;
  return ratio + few + next + back;
}
