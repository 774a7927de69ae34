import { Checkbox, Form, InputNumber } from 'antd';
import type { Proposal } from '../../../api/exchange';
import type { Agreement } from '../../../api/lists';
import { instantOf, localTime } from '../../../format/zoned';
import { usePreferences } from '../../../text/preferences';
import { useText } from '../../../text/use-text';
import { sameNames } from './faults';
import { NetworkInput, TimeInput } from './inputs';
import { CLASSES } from './pair-fees';
import { ProposalDialog } from './proposal-dialog';
import { limitsOf, type LimitFields } from './limits';
import { proposeTexts } from './text';
import { useClassWord } from '../../../parts/terms/traffic';

interface AgreementFields {
  from: string;
  to: string;
  classes: (typeof CLASSES)[number][];
  validFrom: string;
  validTo?: string;
  limits?: LimitFields;
}

const FIELDS = ['from', 'to', 'classes', 'validFrom', 'validTo', 'limits'];
const LIMITS = ['perSecond', 'perSenderPerMinute', 'newContactsPerDay'] as const;
const placeOf = sameNames(FIELDS);

function initialOf(agreement: Agreement | undefined, zone: string): Partial<AgreementFields> {
  if (!agreement)
    return { classes: ['message'], validFrom: localTime(new Date().toISOString(), zone), limits: {} };
  const { from, to, classes, limits, validFrom, validTo } = agreement;
  return {
    from,
    to,
    classes,
    validFrom: localTime(validFrom, zone),
    validTo: validTo === null ? '' : localTime(validTo, zone),
    limits: limits ?? {},
  };
}

/** A new agreement, or new terms of one. */
export default function AgreementForm({ agreement, close }: { agreement?: Agreement; close: () => void }) {
  const say = useText(proposeTexts);
  const classWord = useClassWord();
  const { timeZone } = usePreferences();
  const toProposal = ({ validTo, limits, ...fields }: AgreementFields): Proposal => {
    // A time that was not changed keeps its seconds.
    const timeOf = (local: string, known: string | null | undefined) =>
      known && localTime(known, timeZone) === local ? known : instantOf(local, timeZone);
    const terms = {
      from: fields.from,
      to: fields.to,
      classes: fields.classes,
      validFrom: timeOf(fields.validFrom, agreement?.validFrom),
      ...(validTo && { validTo: timeOf(validTo, agreement?.validTo) }),
      ...limitsOf(limits),
    };
    if (!agreement) return { kind: 'agreement.add', terms };
    return { kind: 'agreement.replace', id: agreement.id, version: agreement.version, terms };
  };
  return (
    <ProposalDialog<AgreementFields>
      title={say(agreement ? 'replace' : 'agreement')}
      initial={initialOf(agreement, timeZone)}
      toProposal={toProposal}
      placeOf={placeOf}
      close={close}
    >
      <div className="form-columns">
        <NetworkInput name="from" label={say('from')} any disabled={agreement !== undefined} />
        <NetworkInput name="to" label={say('to')} any disabled={agreement !== undefined} />
      </div>
      {/* Not `required`: a group of check boxes has no such attribute for screen readers. */}
      <Form.Item
        name="classes"
        label={say('classes')}
        rules={[{ type: 'array', min: 1, message: say('needed') }]}
      >
        <Checkbox.Group options={CLASSES.map((value) => ({ value, label: classWord(value) }))} />
      </Form.Item>
      <div className="form-columns">
        <TimeInput name="validFrom" label={say('validFrom')} required />
        <TimeInput name="validTo" label={say('validTo')} />
      </div>
      <p className="quiet">{say('limits')}</p>
      <div className="form-columns">
        {LIMITS.map((limit) => (
          <Form.Item key={limit} name={['limits', limit]} label={say(limit)}>
            <InputNumber min={0} className="wide-input" />
          </Form.Item>
        ))}
      </div>
    </ProposalDialog>
  );
}
