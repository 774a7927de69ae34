import { Tag } from 'antd';
import type { Network } from '../../api/lists';
import { Panel } from '../../parts/screen';
import { useText } from '../../text/use-text';
import { termsOf } from '../changes/steps';
import { networkTexts } from './text';
import { LEVEL_TEXTS } from './words';

/** What the adapter declared at its last sign-on: how each feature is shown, and the other fields as declared. */
export function CapabilitiesPanel({ network: { capabilities } }: { network: Network }) {
  const say = useText(networkTexts);
  if (!capabilities)
    return (
      <Panel title={say('capabilities')}>
        <p className="quiet">{say('noCapabilities')}</p>
      </Panel>
    );
  const { features, ...rest } = capabilities;
  return (
    <Panel title={say('capabilities')}>
      <ul className="capabilities">
        {Object.entries(features).map(([feature, level]) => (
          <li key={feature}>
            <code>{feature}</code>
            <Tag color={level > 0 ? 'success' : level === 0 ? 'default' : 'warning'}>
              {say(LEVEL_TEXTS[String(level)] ?? 'level0')}
            </Tag>
          </li>
        ))}
      </ul>
      <dl className="terms">
        {termsOf(rest).map(([name, value]) => (
          <div key={name}>
            <dt className="quiet">{name}</dt>
            <dd className="hostile">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
