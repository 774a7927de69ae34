/** Kinds of disputes, with the published schedule of fees; docs/disputes.md shows the same table. */

export interface KindTerms {
  /** What the claimant states. */
  claim: string;
  /** Amount that can be claimed on top of the price of the record, for work and harm, in yuan. */
  fee: string;
  /** true: can be claimed after the claimant has confirmed the business day, because the clearing file could not show it. */
  afterConfirmation: boolean;
}

export const KINDS = [
  'not_delivered',
  'delivered_twice',
  'late',
  'spam',
  'spoofed_sender',
  'wrong_class_rated',
  'content_altered',
  'illegal_content',
] as const;
export type Kind = (typeof KINDS)[number];

export const SCHEDULE: Record<Kind, KindTerms> = {
  not_delivered: { claim: 'billed as delivered, and it was not', fee: '0.1', afterConfirmation: false },
  delivered_twice: { claim: 'delivered or billed more than once', fee: '0.1', afterConfirmation: false },
  late: { claim: 'delivered after it could be of use', fee: '0.1', afterConfirmation: false },
  spam: { claim: 'the recipient did not ask for it', fee: '0.5', afterConfirmation: false },
  spoofed_sender: { claim: 'its sender is not who it says', fee: '2', afterConfirmation: true },
  wrong_class_rated: {
    claim: 'billed as another class than it was',
    fee: '0.1',
    afterConfirmation: false,
  },
  content_altered: { claim: 'what was delivered is not what was sent', fee: '2', afterConfirmation: true },
  illegal_content: { claim: 'it should not have been sent', fee: '5', afterConfirmation: true },
};

/** Maximum number of open disputes of one member as claimant. */
export const MOST_OPEN = 200;

/** Days after its outcome in which a message can be disputed. */
export const DAYS_TO_OPEN = 120;

/** The schedule as a Markdown table. */
export function scheduleTable(): string {
  const rows = KINDS.map((kind) => {
    const { claim, fee, afterConfirmation } = SCHEDULE[kind];
    return `| \`${kind}\` | ${claim} | ${fee} | ${afterConfirmation ? 'yes' : 'no'} |`;
  });
  return ['| kind | claim | fee, yuan | after confirmation |', '|---|---|---|---|', ...rows].join('\n');
}
