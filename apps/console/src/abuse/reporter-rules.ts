/** Limits of complaints for a network and a person, and the weight of a network whose complaints were dismissed. Pure functions. */
export interface ReporterRules {
  windowDays: number;
  /** Minimum number and share of dismissed complaints from which a network loses weight. */
  minimumDismissed: number;
  dismissedShare: number;
  reducedWeight: number;
  /** Maximum number of complaints within 24 hours. */
  perNetwork: number;
  perNetworkReduced: number;
  perPerson: number;
}

export const REPORTER_RULES: ReporterRules = {
  windowDays: 90,
  minimumDismissed: 5,
  dismissedShare: 0.2,
  reducedWeight: 0.25,
  perNetwork: 1000,
  perNetworkReduced: 50,
  perPerson: 10,
};

/** Number of people who complained, counted once for each accused network. */
export interface ReporterRecord {
  standing: number;
  dismissed: number;
}

export interface Reliability extends ReporterRecord {
  reliable: boolean;
  weight: number;
  perDay: number;
}

export function reliabilityOf({ standing, dismissed }: ReporterRecord, rules: ReporterRules): Reliability {
  const share = dismissed === 0 ? 0 : dismissed / (standing + dismissed);
  const reliable = dismissed < rules.minimumDismissed || share < rules.dismissedShare;
  return {
    standing,
    dismissed,
    reliable,
    weight: reliable ? 1 : rules.reducedWeight,
    perDay: reliable ? rules.perNetwork : rules.perNetworkReduced,
  };
}

/** Of a network about whose complaints nothing was decided. */
export const NEW_REPORTER = reliabilityOf({ standing: 0, dismissed: 0 }, REPORTER_RULES);
