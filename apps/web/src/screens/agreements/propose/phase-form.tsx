import { useQuery } from '@tanstack/react-query';
import { Form, Radio } from 'antd';
import { readPhase, type Proposal, type VersionedPhase } from '../../../api/exchange';
import { Loaded } from '../../../parts/screen';
import { useText } from '../../../text/use-text';
import { sameNames } from './faults';
import { NetworkInput } from './inputs';
import { ProposalDialog } from './proposal-dialog';
import { proposeTexts } from './text';

interface PhaseFields {
  phase: 'mesh' | 'anchor';
  anchor?: string;
}

const placeOf = sameNames(['phase', 'anchor']);

function Fields({ phase, version, close }: VersionedPhase & { close: () => void }) {
  const say = useText(proposeTexts);
  const toProposal = ({ phase: wanted, anchor = '' }: PhaseFields): Proposal => ({
    kind: 'phase.set',
    version,
    terms: wanted === 'mesh' ? { phase: 'mesh' } : { phase: 'anchor', anchor },
  });
  return (
    <ProposalDialog<PhaseFields>
      title={say('phase')}
      initial={phase}
      toProposal={toProposal}
      placeOf={placeOf}
      close={close}
    >
      <Form.Item name="phase" label={say('phaseName')}>
        <Radio.Group options={(['mesh', 'anchor'] as const).map((value) => ({ value, label: say(value) }))} />
      </Form.Item>
      <Form.Item noStyle dependencies={['phase']}>
        {({ getFieldValue }) =>
          getFieldValue('phase') === 'anchor' && <NetworkInput name="anchor" label={say('anchorNetwork')} />
        }
      </Form.Item>
    </ProposalDialog>
  );
}

export default function PhaseForm({ close }: { close: () => void }) {
  const query = useQuery({ queryKey: ['phase'], queryFn: readPhase });
  return <Loaded query={query}>{(read) => <Fields {...read} close={close} />}</Loaded>;
}
