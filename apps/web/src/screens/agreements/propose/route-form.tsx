import { Form, Input, Select } from 'antd';
import type { Proposal } from '../../../api/exchange';
import type { Route } from '../../../api/lists';
import { useText } from '../../../text/use-text';
import { sameNames } from './faults';
import { NetworkInput } from './inputs';
import { ProposalDialog } from './proposal-dialog';
import { proposeTexts } from './text';

type RouteFields = Pick<Route, 'kind' | 'key' | 'network'>;

const KINDS = ['prefix', 'rcs', 'sms', 'voice', 'domain'] as const;
const placeOf = sameNames(['kind', 'key', 'network']);

/** A route, new or to another network. */
export default function RouteForm({ route, close }: { route?: Route; close: () => void }) {
  const say = useText(proposeTexts);
  const toProposal = ({ kind, key, network }: RouteFields): Proposal => ({
    kind: 'route.set',
    terms: { kind, key: key.trim(), network },
  });
  return (
    <ProposalDialog<RouteFields>
      title={say('route')}
      initial={route ?? { kind: 'prefix' }}
      toProposal={toProposal}
      placeOf={placeOf}
      close={close}
    >
      <div className="form-columns">
        <Form.Item name="kind" label={say('kind')}>
          <Select
            disabled={route !== undefined}
            options={KINDS.map((value) => ({ value, label: say(value) }))}
          />
        </Form.Item>
        <Form.Item name="key" label={say('key')} rules={[{ required: true, message: say('needed') }]}>
          <Input maxLength={100} disabled={route !== undefined} />
        </Form.Item>
        <NetworkInput name="network" label={say('network')} />
      </div>
    </ProposalDialog>
  );
}
